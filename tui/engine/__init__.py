"""Runs scenarios: one supervisor thread that every event and every command passes through."""
