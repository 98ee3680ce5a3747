"""Cameras: what they are, what a reader saw of them, and whether that is good enough."""
