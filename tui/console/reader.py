"""What takes time is done on one thread of its own; of each kind only the newest wish counts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from tui.core.problem import InputError
from tui.ports import GoOn

LEAVE_S = 1.0


class _Wish(NamedTuple):
    number: int
    work: Callable[[GoOn], Any]
    then: Callable[[Any], None]
    failed: Callable[[str], None]


class Reader:
    """`post` takes a callable to the screen's thread; safe to call from here, never blocks."""

    def __init__(self, post: Callable[[Callable[[], None]], object]) -> None:
        self._post = post
        self._changed = threading.Condition()
        self._wishes: dict[str, _Wish] = {}
        self._newest: dict[str, int] = {}
        self._number = 0
        self._closed = False
        self._done: dict[str, float] = {}
        self._thread: threading.Thread | None = None

    def ask(
        self,
        kind: str,
        work: Callable[[GoOn], Any],
        then: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> None:
        """Have `work` done and its answer given to `then`, unless another of its kind comes."""
        with self._changed:
            self._number += 1
            self._newest[kind] = self._number
            self._wishes[kind] = _Wish(self._number, work, then, failed)
            self._done[kind] = 0.0
            if self._thread is None:
                # Most sittings never read anything back.
                self._thread = threading.Thread(target=self._loop, name="reader", daemon=True)
                self._thread.start()
            self._changed.notify()

    def is_busy(self, kind: str) -> bool:
        """Whether an answer of that kind is on its way."""
        return kind in self._done

    def done(self, kind: str) -> float:
        """How much of it is read, 0..1."""
        return self._done.get(kind, 0.0)

    def forget(self, kind: str) -> None:
        """Nobody waits for that any more."""
        with self._changed:
            self._wishes.pop(kind, None)
            self._newest.pop(kind, None)
            self._done.pop(kind, None)

    def close(self) -> None:
        """Give up what is under way."""
        with self._changed:
            self._closed = True
            self._newest.clear()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(LEAVE_S)

    def _loop(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._wishes)
                if self._closed:
                    return
                kind = next(iter(self._wishes))
                wish = self._wishes.pop(kind)
            self._grant(kind, wish)

    def _grant(self, kind: str, wish: _Wish) -> None:
        def go_on(done: float) -> bool:
            with self._changed:
                is_wanted = self._is_newest(kind, wish)
                if is_wanted:
                    self._done[kind] = done
            return is_wanted

        try:
            answer = wish.work(go_on)
        except InputError as error:
            trouble = str(error)
            self._tell(kind, wish, lambda: wish.failed(trouble))
            return
        except Exception as error:
            # A broken run in the store must not take the screen with it.
            logging.getLogger(__name__).exception("%s could not be read", kind)
            trouble = f"{type(error).__name__}: {error}"
            self._tell(kind, wish, lambda: wish.failed(trouble))
            return
        if answer is not None:
            self._tell(kind, wish, lambda: wish.then(answer))

    def _tell(self, kind: str, wish: _Wish, act: Callable[[], None]) -> None:
        def on_screen() -> None:
            if self._is_newest(kind, wish):
                self._done.pop(kind, None)
                act()

        if self._is_newest(kind, wish):
            self._post(on_screen)

    def _is_newest(self, kind: str, wish: _Wish) -> bool:
        with self._changed:  # a Condition's own lock may be taken twice
            return not self._closed and self._newest.get(kind) == wish.number
