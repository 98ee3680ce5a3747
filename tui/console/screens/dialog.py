"""A box with a question, words and choices, beneath the verdict strip."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.app import ComposeResult
from textual.events import Key
from textual.layout import Layout
from textual.screen import ModalScreen

from tui.console.cells import Canvas, Piece
from tui.console.theme import Ink
from tui.console.tiles import Tile
from tui.console.widgets.cell_widget import CellWidget
from tui.console.widgets.limits import line_width
from tui.console.widgets.tile_layout import TileLayout

IGNORED_S = 0.3
"""Keys typed ahead on a slow link were not meant for a dialog that nobody had seen."""
STRIP_BOTTOM = 4
LEAVE_KEYS = ("ctrl+c", "ctrl+q")


class Choice(msgspec.Struct, frozen=True):
    """A way out of a dialog."""

    answer: str
    label: str
    key: str = ""
    """A letter that chooses it at once; empty for none."""


class Dialog(ModalScreen[str]):
    """Answers with the chosen one's `answer`; empty when it was closed with esc."""

    DEFAULT_CSS = "Dialog { background: transparent; }"
    AUTO_FOCUS = ""

    def __init__(
        self,
        title: str,
        lines: Sequence[Sequence[Piece]],
        choices: Sequence[Choice],
        *,
        ink: Ink = Ink.ACCENT,
        focus: int = 0,
    ) -> None:
        super().__init__()
        self._title_text = title
        self._lines = [list(line) for line in lines]
        self._choices = tuple(choices)
        self._ink = ink
        self._at = focus
        self._painted_at_s: float | None = None
        self._box = CellWidget(self._draw, name="dialog")
        self._tile_layout = TileLayout(self._arrange)

    def compose(self) -> ComposeResult:
        yield self._box

    @property
    def layout(self) -> Layout:
        # A container would hide the screen behind: what is not drawn shows the run going on.
        return self._tile_layout

    def on_mount(self) -> None:
        self.call_after_refresh(self._on_painted)

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """What the last row of the screen says while this is in front."""
        if len(self._choices) < 2:
            return (("enter esc", "close"),)
        return (("← →", "choose"), ("enter", "take"), ("esc", "close"))

    @property
    def copied(self) -> str:
        """What `y` copies; empty for nothing."""
        return ""

    def text(self) -> str:
        """What the box shows, for tests."""
        return self._box.canvas.text()

    def _on_painted(self) -> None:
        self._painted_at_s = self._now_s()

    def _now_s(self) -> float:
        return self.app.clock()  # type: ignore[attr-defined, no-any-return]

    def on_key(self, event: Key) -> None:
        event.stop()
        event.prevent_default()
        self.take_key(event.key, event.character or "")

    def take_key(self, key: str, character: str) -> None:
        """A key, unless it came too soon."""
        painted = self._painted_at_s
        if painted is None or self._now_s() - painted < IGNORED_S:
            return
        if key in LEAVE_KEYS:
            self.leave(key)
        else:
            self.press(key, character)
        self._box.repaint()

    def leave(self, key: str) -> None:
        """ctrl+c or ctrl+q: they ask the same everywhere."""
        self.app.action_help_quit()

    def press(self, key: str, character: str) -> None:
        """One key."""
        if key == "escape":
            self.dismiss("")
        elif character == "y" and self.copied:
            self.app.copy(self.copied)  # type: ignore[attr-defined]
        elif key in ("left", "up", "shift+tab"):
            self._at = (self._at - 1) % len(self._choices)
        elif key in ("right", "down", "tab"):
            self._at = (self._at + 1) % len(self._choices)
        elif key == "enter":
            self.dismiss(self._choices[self._at].answer)
        else:
            for choice in self._choices:
                if choice.key and choice.key == character:
                    self.dismiss(choice.answer)
                    return

    def change(self, lines: Sequence[Sequence[Piece]], choices: Sequence[Choice]) -> None:
        """Another text and other ways out, while it is open."""
        self._lines = [list(line) for line in lines]
        if [each.answer for each in choices] != [each.answer for each in self._choices]:
            # The key that is on its way was meant for what stood there before.
            self._at = 0
            if self._painted_at_s is not None:
                self._painted_at_s = self._now_s()
        self._choices = tuple(choices)
        self._box.refresh(layout=True)
        self._box.repaint()

    def _arrange(self, width: int, height: int) -> dict[str, Tile]:
        lines = self.lines()
        widest = max(line_width(line) for line in [*lines, self._button_row()])
        box_width = min(max(widest + 6, len(self._title_text) + 8), width)
        room = height - STRIP_BOTTOM - 1
        # Without the blank rows if that keeps the box beneath the strip.
        rows = len(lines) + 1
        box_height = min(rows + 5 if rows + 5 <= room else rows + 2, height)
        y = STRIP_BOTTOM + max((room - box_height) // 2, 0)
        y = max(min(y, height - box_height), 0)
        return {"dialog": Tile((width - box_width) // 2, y, box_width, box_height)}

    def lines(self) -> list[list[Piece]]:
        """What stands above the choices."""
        return self._lines

    def _button_row(self) -> list[Piece]:
        row: list[Piece] = []
        for number, choice in enumerate(self._choices):
            focused = number == self._at
            row.append(("▌" if focused else " ", Ink.ACCENT))
            if choice.key:
                row.append((f"{choice.key} ", Ink.ACCENT, True))
            row.append((choice.label, Ink.TEXT if focused else Ink.MUTE, focused))
            row.append(("   ", Ink.MUTE))
        return row[:-1]

    def _draw(self, canvas: Canvas) -> None:
        canvas.fill(0, 0, canvas.width, canvas.height, Ink.STRIP)
        canvas.frame(
            [(self._title_text, self._ink, True)], [("esc close", Ink.FAINT)], focused=True
        )
        lines = self.lines()
        airy = 1 if canvas.height >= len(lines) + 6 else 0
        for y, line in enumerate(lines, 1 + airy):
            canvas.pieces(3, y, line, end=canvas.width - 2)
        canvas.pieces(2, canvas.height - 2 - airy, self._button_row(), end=canvas.width - 2)
