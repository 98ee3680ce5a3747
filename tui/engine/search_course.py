"""Where a search wants the load to be, as orders to the driver."""

from __future__ import annotations

from collections.abc import Callable

from tui.core.search import Search, Wish
from tui.ports import LoadDriver


class SearchCourse:
    """Follows the search's wishes, each of them once. `tell` hears of every level as it is asked
    for, the first one too."""

    def __init__(
        self, search: Search, driver: LoadDriver, spawn_rate: float, tell: Callable[[float], None]
    ) -> None:
        self._search = search
        self._driver = driver
        self._spawn_rate = spawn_rate
        self._tell = tell
        self._number = 0
        self.level = search.rounded(search.from_)
        """Where the load is told to be."""

    def begin(self) -> None:
        """The plan that the driver was started with is the first level."""
        self._tell(self.level)

    def follow(self, wish: Wish) -> None:
        """Go there, if it is another wish than the last."""
        if wish.number == self._number:
            return
        self._number = wish.number
        # First of all: the level is reached when the driver says so, and that may be at once.
        self._tell(wish.level)
        if wish.level != self.level:
            self.level = wish.level
            self.ask()

    def ask(self) -> None:
        """Ask the driver for the level; again after a pause, which by users took them away."""
        if self._search.by == "users":
            self._driver.rescale(self.users, self._spawn_rate)
        else:
            self._driver.rerate(self.level)

    @property
    def users(self) -> int:
        """The level, where it is a number of users."""
        return round(self.level)
