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
        self._level = search.rounded(search.from_)

    def begin(self) -> None:
        """The plan that the driver was started with is the first level."""
        self._tell(self._level)

    def follow(self, wish: Wish) -> None:
        """Go there, if it is another wish than the last."""
        if wish.number == self._number:
            return
        self._number = wish.number
        # First of all: the level is reached when the driver says so, and that may be at once.
        self._tell(wish.level)
        if wish.level == self._level:
            return
        self._level = wish.level
        if self._search.by == "users":
            self._driver.rescale(round(wish.level), self._spawn_rate)
        else:
            self._driver.rerate(wish.level)
