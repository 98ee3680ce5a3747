"""Facts and decisions: pure functions and frozen structs. No clock, no I/O, no threads."""
