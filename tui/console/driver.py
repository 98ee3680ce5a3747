"""The terminal driver: a mouse that reports clicks alone, and an eye on a link that is behind."""

from __future__ import annotations

import contextlib
import os
import struct
import sys
from typing import TYPE_CHECKING, Any, cast

from tui.console.link import Link, LinkedFile

if sys.platform != "win32":
    import fcntl
    import termios

if TYPE_CHECKING:
    from textual.driver import Driver

FALLBACK = (80, 24)


def settle_size(descriptor: int = 2) -> None:
    """Tell a terminal that knows no size the usual one, as a serial line does until told.

    Rich and Textual each have a fallback of their own, and would wait for them to agree for ever.
    """
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        if tuple(os.get_terminal_size(descriptor)) != terminal_size(descriptor):
            columns, rows = terminal_size(descriptor)
            wanted = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(descriptor, termios.TIOCSWINSZ, wanted)


def terminal_size(descriptor: int = 2) -> tuple[int, int]:
    """Columns and rows, or the usual ones if either is unknown."""
    try:
        size = os.get_terminal_size(descriptor)
    except OSError:
        return FALLBACK
    return usable_size(size.columns, size.lines)


def usable_size(columns: int, rows: int) -> tuple[int, int]:
    """The size, or the usual one if either part of it is unknown."""
    return (columns, rows) if columns > 0 and rows > 0 else FALLBACK


def console_driver(link: Link) -> type[Driver] | None:
    """None: Textual's own choice for this system."""
    if sys.platform == "win32":
        return None
    from textual.drivers.linux_driver import LinuxDriver

    class ConsoleDriver(LinuxDriver):
        """Every movement of the mouse would be a message over the link (?1003)."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._file = cast("Any", LinkedFile(cast("Any", self._file), link))

        def write(self, data: str) -> None:
            link.queued()
            super().write(data)

        def _get_terminal_size(self) -> tuple[int, int]:
            return usable_size(*super()._get_terminal_size())

        def _enable_mouse_support(self) -> None:
            if self._mouse:
                self.write("\x1b[?1000h\x1b[?1006h")
                self.flush()

        def _disable_mouse_support(self) -> None:
            if self._mouse:
                self.write("\x1b[?1000l\x1b[?1006l")
                self.flush()

        def start_application_mode(self) -> None:
            super().start_application_mode()  # type: ignore[no-untyped-call]
            # Another program may have had the terminal (ctrl+z, fg).
            self._app.forget_painted()  # type: ignore[attr-defined]
            # No word of the window's focus: Textual would repaint everything for it.
            # And the title comes back when the console is gone.
            self.write("\x1b[?1004l\x1b[22;2t")

        def stop_application_mode(self) -> None:
            self.write("\x1b[23;2t")
            super().stop_application_mode()

    return ConsoleDriver
