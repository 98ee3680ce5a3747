"""Stress as data and as decisions: what is asked, what it did, whether all came back."""
