"""How every child process is started, watched, spoken to and ended."""
