"""One picture of a camera through the service that is to look at all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tui.core.config import Target
from tui.core.problem import InputError
from tui.engine.parts import Parts
from tui.engine.starting import reach
from tui.ports import NoStill, Prediction, Still


def try_picture(
    parts: Parts, target: Target, still: Still, done: Callable[[Prediction | NoStill], None]
) -> None:
    """Send it, and have `done` hear of the answer on a thread of its own.

    Called on the supervisor's thread; it waits for nothing but the embedded target's start.
    """
    try:
        url, token = reach(parts, target)
    except (InputError, OSError) as error:
        done(Prediction(None, None, trouble=str(error)))
        return

    def send() -> None:
        done(parts.predictor.predict(url, target, token, still.jpeg))

    threading.Thread(target=send, name="picture-trial", daemon=True).start()
