"""The figures of a camera: its limits, and its focus against the best."""

from __future__ import annotations

from tests.console.cameras import (
    at_cameras,
    live,
    panel,
    second,
    site,
)
from tests.console.fakes import FakeClock
from tests.console.sight import (
    SMALL,
    WIDE,
    console,
    rows,
    text,
    tick,
)


async def test_what_breaks_a_limit_stands_beside_its_figure(clock: FakeClock) -> None:
    engine = live(site(), "dock").see(second("dock", 6, brightness=12.0))
    app = console(engine, clock)
    async with at_cameras(app, WIDE):
        figures = panel(app, "camera-measures").canvas.text()
        assert "✗ brightness      12       20 to 235" in figures
        assert "next: set exposure, gain or light" in figures
        assert "fail" in rows(app)[5]


async def test_the_focus_bar_shows_how_far_the_best_is(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with at_cameras(app, WIDE) as pilot:

        def filled() -> int:
            return panel(app, "camera-focus").canvas.row(1).count("━")

        assert "100 % of the best" in text(app)
        best = filled()
        engine.see(second("dock", 6, focus=206.0))
        await tick(app, pilot)
        assert "50 % of the best  206 / 412" in text(app)
        assert best * 0.45 < filled() < best * 0.55
        await pilot.press("f")
        assert ("reset focus", "dock") in engine.calls


async def test_a_flat_picture_has_no_focus(clock: FakeClock) -> None:
    engine = live(site(), "dock").see(second("dock", 6, is_uniform=True))
    app = console(engine, clock)
    async with at_cameras(app, SMALL):
        assert "too flat to tell" in text(app)
        assert "of the best" not in text(app)


async def test_the_terminal_rings_at_a_new_best_focus_only_when_told_to(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    rung: list[int] = []
    async with app.run_test(size=WIDE) as pilot:
        app.bell = lambda: rung.append(1)  # type: ignore[method-assign]
        await pilot.press("3")
        engine.see(second("dock", 6, focus=500.0))
        await tick(app, pilot)
        assert rung == []
        await pilot.press("o")
        for number, (focus, rings) in enumerate([(600, 1), (550, 1), (601, 1), (700, 2)], 7):
            engine.see(second("dock", number, focus=float(focus)))
            await tick(app, pilot)
            assert len(rung) == rings, focus
