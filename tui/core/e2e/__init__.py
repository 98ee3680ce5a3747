"""Workflows: what a service offers, the steps through it, and what came of them. Pure."""
