"""Burners: programs that load one part of the board, verify their work, and leave nothing."""
