"""What is wrong with one file, found while its tables are read."""

from __future__ import annotations

from collections.abc import Iterable

from tui.core.duration import MAX_DURATION_S, duration_text, parse_duration_s
from tui.core.format import count
from tui.core.problem import InputError, Problem, is_within


class Mistakes:
    """Collects them in the order in which they are found.

    What may only follow from a mistake that was told before is left out: a file shows all that is
    wrong with it at once, and nothing twice.
    """

    def __init__(self, where: str) -> None:
        """`where`: the file's name."""
        self.where = where
        self._problems: list[Problem] = []
        self._meant: set[str] = set()
        """Keys that are not there because others were written in their place."""
        self._table = ""

    def within(self, table: str) -> Mistakes:
        """The same collection, for the keys of a table; tables inside tables add up."""
        inner = Mistakes(self.where)
        inner._problems, inner._meant = self._problems, self._meant
        inner._table = self._whole(table)
        return inner

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong with the table."""
        return not any(not self._table or is_within(each, self._table) for each in self._wrong())

    def concern(self, key: str) -> bool:
        """Whether something is wrong with a key of the table, or with what is inside it."""
        whole = self._whole(key)
        return any(is_within(each, whole) or is_within(whole, each) for each in self._wrong())

    def add(self, key: str, what: str, *beside: str, unless: Iterable[str] = ()) -> None:
        """One mistake of a key; of the table itself for an empty one.

        `beside` are other keys of the table without which there would be none. It is left out where
        the key is wrong anyway, or one of `beside` and `unless`: then it may only follow from that.
        """
        whole = self._whole(key)
        if any(is_within(whole, each) for each in self._wrong()):
            return
        if any(self.concern(each) for each in (*beside, *unless)):
            return
        others = tuple(self._whole(each) for each in beside)
        self._problems.append(Problem(self.where, whole, what, others))

    def unknown(self, key: str, meant: str, *, is_there: bool) -> None:
        """A key that nobody knows; `meant` is the one that it may stand for, or empty.

        `is_there`: the file has that one too, and what is wrong with it is its own mistake.
        """
        name = self._whole(meant) if "." in meant else meant
        self.add(key, f'unknown key (did you mean "{name}"?)' if meant else "unknown key")
        if meant and not is_there:
            self._meant.add(self._whole(meant))

    def take(self, problems: Iterable[Problem]) -> None:
        """What another reader found in the same file."""
        self._problems += problems

    def end(self) -> None:
        """InputError where anything is wrong with the file, table by table."""
        tables = [_top(each) for each in self._problems]
        if tables:
            raise InputError(sorted(self._problems, key=lambda each: tables.index(_top(each))))

    def seconds(
        self, key: str, text: str, least_s: float = 0.0, most_s: float = MAX_DURATION_S
    ) -> float:
        """The seconds of a duration; `least_s` where it is none, or out of range."""
        try:
            value_s = parse_duration_s(text)
        except ValueError as error:
            self.add(key, str(error))
            return least_s
        if not least_s <= value_s <= most_s:
            self.add(key, f"from {duration_text(least_s)} to {duration_text(most_s)}")
            return least_s
        return value_s

    def check(self, key: str, value: float, least: float, most: float) -> None:
        """Whether a number lies in its range."""
        # TOML writes nan as a number, and no comparison holds for it.
        if not least <= value <= most:
            self.add(key, f"from {_number(least)} to {_number(most)}")

    def share(self, key: str, percent: float, *, most: float = 100.0, zero: str = "") -> float:
        """A number of percent as a share; `zero` is why 0 is none that can be meant."""
        if percent == 0 and zero:
            self.add(key, f"0 % {zero} (above 0 and at most {most:g})")
        elif not 0 <= percent <= most:
            least = "above 0 and at most" if zero else "from 0 to"
            self.add(key, f"a number of percent, {least} {most:g}")
        else:
            return percent / 100
        return most / 100

    def _whole(self, key: str) -> str:
        return ".".join(filter(None, (self._table, key)))

    def _wrong(self) -> Iterable[str]:
        return (*(each.key for each in self._problems), *self._meant)


def _top(problem: Problem) -> str:
    return problem.key.partition(".")[0]


def _number(value: float) -> str:
    return count(value) if value >= 1000 else f"{value:g}"
