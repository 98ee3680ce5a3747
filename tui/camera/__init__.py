"""Looks at cameras: a reader process for each, its watch, and what is measured of a picture."""
