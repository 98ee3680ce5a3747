"""The Cameras screen: which of them are open, what is shown of one, and its pictures' ways out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.console.camera_place import REST_S, CameraControls, CameraPlace
from tui.console.camera_words import no_picture, prediction_text
from tui.console.messages import Read
from tui.console.tiles import Tile
from tui.core.camera.pace import paced
from tui.core.camera.view import CameraView
from tui.core.config import Target
from tui.ports import NoStill, PictureAsk, Prediction, Still

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.console.screens.bench import Bench

FAR = 10
PACE_S = 2.0
"""How long the link is watched before the pace is judged."""
COVERED_S = 10.0
"""Behind a dialog of another matter for so long, and the readers are ended."""
NEWS = 1.005
"""A focus is a new best one beyond so much of the last best."""
Shown = tuple[str, PictureAsk]


class Watching:
    """What is open follows from where the user is: told to the engine whenever that changes."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._engine = bench.engine
        self.desk = CameraControls()
        self._looked_at: tuple[str, ...] = ()
        self._shown: Shown | None = None
        self._paced_s = 0.0
        self._covered_s: float | None = None
        self._has_own_dialog = False
        self._best: tuple[str, float | None] = ("", None)
        self._reason = ""
        """Why pictures are stored in this sitting; empty: nobody has agreed to it."""
        self._may_write: set[str] = set()
        """The targets that may be sent pictures in this sitting."""

    def follow(self, room: Tile | None) -> None:
        """After a frame was drawn; `room` is the panel that pictures go to, None without one."""
        place, now_s = self._bench.frame.camera, self._bench.now_s()
        names = self._wanted(place, now_s)
        if self._shown is not None and room is not None and now_s - self._paced_s >= PACE_S:
            self._judge_pace(room, now_s)
        shown = self._wanted_picture(place, names, room)
        if names != self._looked_at:
            self._looked_at = names
            self._engine.look_at(names)
        if shown != self._shown:
            self._show(shown)
        self._ring(place.chosen if shown is not None else None)

    def covered(self, is_covered: bool) -> None:
        """A dialog came in front, or the last one went."""
        self._covered_s = self._bench.now_s() if is_covered else None
        if not is_covered:
            self._has_own_dialog = False

    def leave(self) -> None:
        """The console ends."""
        if self._looked_at:
            self._looked_at, self._shown = (), None
            self._engine.look_at(())

    def do_up(self) -> None:
        self._move(-1)

    def do_down(self) -> None:
        self._move(1)

    def do_far_up(self) -> None:
        self._move(-FAR)

    def do_far_down(self) -> None:
        self._move(FAR)

    def do_first(self) -> None:
        self._move(-len(self._place.views))

    def do_last(self) -> None:
        self._move(len(self._place.views))

    def do_chart(self) -> None:
        self.desk.side = "measures" if self.desk.side == "picture" else "picture"

    def do_run(self) -> None:
        """enter: try a camera again that has failed for good, else keep it open or no longer."""
        view = self._place.chosen
        if view is None:
            return
        if view.state == "failed" and view.retry_s is None:
            # Closing is what makes the next look a new attempt.
            rest = tuple(name for name in self._looked_at if name != view.name)
            self._engine.look_at(rest)
            self._looked_at, self._shown = rest, None
        elif self.desk.keep_on(view.name):
            self._bench.say(f"{view.name} stays open while this screen is: enter takes that back")
        else:
            self._bench.say(f"{view.name} is open while the cursor is on it")

    def do_space(self) -> None:
        self.desk.hold(self._place)

    def do_centre(self) -> None:
        self.desk.go_on()
        self.desk.is_centre = not self.desk.is_centre

    def do_grid(self) -> None:
        self.desk.has_grid = not self.desk.has_grid

    def do_sound(self) -> None:
        self.desk.has_sound = not self.desk.has_sound
        rings = "rings at each new best focus" if self.desk.has_sound else "is silent"
        self._bench.say(f"the terminal {rings}")

    def do_refocus(self) -> None:
        view = self._place.chosen
        if view is not None:
            self._engine.reset_focus(view.name)
            self._bench.say(f"{view.name}: the best focus is sought anew")

    def do_copy(self) -> None:
        """The next act where something is wrong, else the source."""
        view = self._place.chosen
        if view is not None:
            acts = (one.next for one in view.findings if one.level != "info" and one.next)
            self._bench.copy(next(acts, view.source.text))

    def do_still(self) -> None:
        """A picture as a file; the first of a sitting asks why."""
        view = self._live()
        if view is None:
            return
        if self._reason:
            self._take_still(view.name)
            return
        from tui.console.screens.camera_asks import STORE, still_form

        form = still_form(view, self._bench.outside.stills)

        def store(answer: str | None) -> None:
            if answer == STORE:
                self._reason = form.values["reason"].strip()
                self._take_still(view.name)

        self._ask(lambda: self._bench.app.push_screen(form, store))

    def do_predict(self) -> None:
        """A picture to the target's `/predict`; the first on a target asks."""
        view, target = self._live(), self._bench.frame.target
        if view is None:
            return
        if target.name in self._may_write:
            self._try_picture(view.name, target)
            return
        from tui.console.screens.camera_asks import is_agreed, predict_dialog

        def send(answer: str | None) -> None:
            if is_agreed(answer, target):
                self._may_write.add(target.name)
                self._try_picture(view.name, target)

        self._ask(lambda: self._bench.app.push_screen(predict_dialog(view, target), send))

    @property
    def _place(self) -> CameraPlace:
        return self._bench.frame.camera

    def _wanted(self, place: CameraPlace, now_s: float) -> tuple[str, ...]:
        if self._bench.frame.page != "cameras":
            self.desk.go_on()
            return ()
        covered_s = 0.0 if self._covered_s is None else now_s - self._covered_s
        if covered_s >= COVERED_S and not self._has_own_dialog:
            return ()
        return self.desk.looked_at(place, now_s)

    def _wanted_picture(
        self, place: CameraPlace, names: tuple[str, ...], room: Tile | None
    ) -> Shown | None:
        view = place.chosen
        is_hidden = self._covered_s is not None and not self._has_own_dialog
        if view is None or view.name not in names or room is None or is_hidden:
            return None
        if place.held is not None or room.width < 3 or room.height < 3:
            return None
        pace = self.desk.pace
        columns, rows = pace.size(room.width - 2, room.height - 2)
        return view.name, PictureAsk(columns, rows, pace.fps, self.desk.is_centre)

    def _show(self, shown: Shown | None) -> None:
        before, self._shown = self._shown, shown
        if before is not None and (shown is None or shown[0] != before[0]):
            self._engine.show_camera(before[0], None)
        if shown is not None:
            self._engine.show_camera(*shown)
        # What the change itself sends says nothing of the pictures.
        self._paced_s = self._bench.now_s()
        self._bench.link.sent()

    def _judge_pace(self, room: Tile, now_s: float) -> None:
        self._paced_s = now_s
        self.desk.pace = paced(
            self.desk.pace, self._bench.link.sent(), room.width - 2, room.height - 2
        )

    def _ring(self, view: CameraView | None) -> None:
        """Once for each new best focus."""
        if view is None or view.focus_peak is None:
            return
        name, best = self._best
        is_news = name == view.name and best is not None and view.focus_peak > best * NEWS
        self._best = (view.name, view.focus_peak)
        if is_news and self.desk.has_sound:
            self._bench.app.bell()

    def _move(self, step: int) -> None:
        self.desk.move(self._place, step, self._bench.now_s())
        self._bench.set_timer(REST_S + 0.05, self._bench.repaint)

    def _live(self) -> CameraView | None:
        """The camera under the cursor if a picture of it can be taken; else it is said why not."""
        why = no_picture(self._place)
        if why:
            self._bench.say(why, is_bad=True)
        return None if why else self._place.chosen

    def _ask(self, push: Callable[[], object]) -> None:
        self._has_own_dialog = True
        push()

    def _take_still(self, camera: str) -> None:
        reason, outside, reader = self._reason, self._bench.outside, self._bench.reader

        def take(still: Still | NoStill) -> None:
            if isinstance(still, NoStill):
                self._bench.say(f"no snapshot of {camera}: {still.why}", is_bad=True)
                return
            reader.ask(
                "still", lambda go_on: outside.keep_still(still, reason), stored, self._complain
            )

        def stored(path: str) -> None:
            self._bench.say(f"stored: {Path(path).name}, in {Path(path).parent}")

        self._engine.take_still(camera, lambda still: self._post(lambda: take(still)))

    def _try_picture(self, camera: str, target: Target) -> None:
        def told(answer: Prediction | NoStill) -> None:
            text, is_bad = prediction_text(camera, target, answer)
            self.desk.answer = text
            self._bench.say(text, is_bad=is_bad)

        self._bench.say(f"a picture of {camera} goes to {target.name}")
        self._engine.try_picture(camera, target, lambda answer: self._post(lambda: told(answer)))

    def _post(self, act: Callable[[], None]) -> None:
        """To the screen's own thread."""
        self._bench.app.post_message(Read(act))

    def _complain(self, trouble: str) -> None:
        self._bench.say(trouble, is_bad=True)
