"""Parting from a terminal that is gone."""

from __future__ import annotations

import errno
import os
import stat
import termios

_OUTPUTS = (1, 2)


def is_terminal_gone() -> bool:
    """Whether standard input was a terminal that hung up."""
    try:
        termios.tcgetattr(0)
    except termios.error as error:
        return bool(error.args[0] == errno.EIO)
    return False


def let_go_of_terminal() -> int | None:
    """Standard input and outputs, as far as they are a terminal, lead nowhere from now on.

    Writing to one that is gone raises, and reading from it (or from the null device) never waits.
    The descriptor at whose closing a reader of standard input comes to its end; None without one.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in _OUTPUTS:
        if _is_device(descriptor):
            os.dup2(null, descriptor)
    os.close(null)
    if not _is_device(0):
        return None
    silent, kept_open = os.pipe()
    os.dup2(silent, 0)
    os.close(silent)
    return kept_open


def _is_device(descriptor: int) -> bool:
    # Not isatty: a terminal that is gone no longer says that it is one.
    try:
        return stat.S_ISCHR(os.fstat(descriptor).st_mode)
    except OSError:
        return False
