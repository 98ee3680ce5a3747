"""The terminal driver, with a mouse that reports clicks alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def console_driver() -> type[Driver] | None:
    """None: Textual's own choice for this system."""
    if sys.platform == "win32":
        return None
    from textual.drivers.linux_driver import LinuxDriver

    class ConsoleDriver(LinuxDriver):
        """Every movement of the mouse would be a message over the link (?1003)."""

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
