"""What is wrong with a user's input, as one line that says what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One mistake in a file, an option or an argument."""

    where: str
    """A file name, `command line`, or an option."""
    key: str
    """Dotted path inside it; empty when the whole is meant."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}:{self.key}: {self.what}" if self.key else f"{self.where}: {self.what}"


class InputError(Exception):
    """The user's input can't be used. Front ends print each problem on a line and exit with 2."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)

    @classmethod
    def of(cls, where: str, key: str, what: str) -> InputError:
        """An error with a single problem."""
        return cls([Problem(where, key, what)])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean "users"?)`, or nothing when no known word is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' (did you mean "{near[0]}"?)' if near else ""
