"""Storage: what a benchmark of it is asked, what it measured, and whether that is enough. Pure."""
