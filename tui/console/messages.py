"""What reaches the console from other threads."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from tui.core.model import Snapshot


class StateChanged(Message, bubble=False):
    """A run began, ended, changed its phase, stalled or was refused."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot

    def can_replace(self, message: Message) -> bool:
        """A backlog collapses to the newest."""
        return isinstance(message, StateChanged)


class Read(Message, bubble=False):
    """Something that took time has been read, written or deleted."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self.act = act
