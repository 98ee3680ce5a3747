"""A widget that paints a grid of cells and refreshes only the spans that changed."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.console.appearance import Appearance
from tui.console.cells import Canvas, changed
from tui.console.theme import Ink, ThemeName, style_of

# Filters ask for it; ours look at text and colours alone.
_GROUND = Color(0, 0, 0)
_USUAL = Appearance()
Draw = Callable[[Canvas], None]


class CellWidget(Widget):
    """Shows what its draw function puts on a canvas."""

    ALLOW_SELECT = False

    def __init__(self, draw: Draw, *, name: str) -> None:
        super().__init__(id=name)
        self._draw = draw
        self._canvas = Canvas(0, 0)
        self._strips: list[Strip | None] = []

    @property
    def canvas(self) -> Canvas:
        """What is on the screen now."""
        return self._canvas

    def repaint(self) -> None:
        """Draw again and have the terminal repaint what differs."""
        width, height = self.size
        if not self.is_attached or not width or not height:
            # Not in the layout now: whatever it showed before is old when it comes back.
            self._canvas = Canvas(0, 0)
            return
        if (self._canvas.width, self._canvas.height) != (width, height):
            self.refresh()
            return
        canvas = self._drawn(width, height)
        spans = changed(self._canvas, canvas)
        self._canvas = canvas
        for y, _, _ in spans:
            self._strips[y] = None
        if spans:
            self.refresh(*(Region(first, y, behind - first, 1) for y, first, behind in spans))

    def restyle(self) -> None:
        """Draw all of it again: the appearance is another one."""
        self._canvas = Canvas(0, 0)
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows inside `crop`, from cells alone: no styles, borders or padding of Textual's."""
        width, height = self.size
        if (self._canvas.width, self._canvas.height) != (width, height):
            self._canvas = self._drawn(width, height)
            self._strips = [None] * height
        rows = [self._strip(y) for y in range(crop.y, min(crop.bottom, height))]
        if crop.x == 0 and crop.width == width:
            return rows
        return [row.crop(crop.x, crop.right) for row in rows]

    def _drawn(self, width: int, height: int) -> Canvas:
        tier, theme = self._appearance.tier, self._appearance.theme
        canvas = Canvas(width, height, tier=tier, theme=theme)
        try:
            self._draw(canvas)
        except Exception as error:  # one broken panel must not end a long run
            canvas = Canvas(width, height, tier=tier)
            canvas.frame([(str(self.id), Ink.MUTE)])
            reason = f"no data: {type(error).__name__}: {error}"
            canvas.put(2 if height > 2 else 1, min(1, height - 1), reason, Ink.WARN, end=width - 1)
        return canvas

    @property
    def _appearance(self) -> Appearance:
        appearance: Appearance = getattr(self.app, "appearance", _USUAL)
        return appearance

    def _strip(self, y: int) -> Strip:
        strip = self._strips[y]
        if strip is None:
            strip = Strip(runs(self._canvas, y, self._appearance.theme), self._canvas.width)
            for line_filter in self.app.get_line_filters():
                strip = strip.apply_filter(line_filter, _GROUND)
            self._strips[y] = strip
        return strip


def runs(canvas: Canvas, y: int, theme: ThemeName = "dark") -> list[Segment]:
    """One row as segments, one for each run of equal look."""
    chars, looks = canvas.chars[y], canvas.looks[y]
    segments, start = [], 0
    for x in range(1, canvas.width + 1):
        if x == canvas.width or looks[x] != looks[start]:
            segments.append(Segment("".join(chars[start:x]), style_of(looks[start], theme)))
            start = x
    return segments
