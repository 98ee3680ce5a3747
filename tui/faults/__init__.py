"""Faults that are done to a service on purpose, and what undoes them whatever happens."""
