"""What is wrong with a user's input, as one line that says what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

import msgspec

INTERNAL_EXIT = 70
"""A mistake of our own, not the user's."""

COMMAND_LINE = "command line"
_LONGEST_QUOTE = 60


class Problem(msgspec.Struct, frozen=True):
    """One mistake in a file, an option or an argument."""

    where: str
    """A file name, `command line`, or an option."""
    key: str
    """Dotted path inside it; empty when the whole is meant."""
    what: str
    beside: tuple[str, ...] = ()
    """Other keys of the same file without which there would be no problem."""

    def __str__(self) -> str:
        where = f"{self.where}:{self.key}" if self.key else self.where
        return _on_one_line(f"{where}: {self.what}")


class InputError(Exception):
    """The user's input can't be used. Front ends print each problem on a line and exit with 2."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)

    @classmethod
    def of(cls, where: str, key: str, what: str) -> InputError:
        """An error with a single problem."""
        return cls([Problem(where, key, what)])

    def blaming(self, flags: Mapping[str, str]) -> InputError:
        """The same, with the flag named where a flag set the key: the file is not at fault."""
        return InputError([_blamed(problem, flags) for problem in self.problems])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean "users"?)`, or nothing when no known word is near."""
    near = nearest(word, known)
    return f' (did you mean "{near}"?)' if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like `word`; empty when none is near."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), "")


def quoted(text: str) -> str:
    """`text` in quotes, shortened: a screenful of digits says no more than its beginning."""
    short = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
    return f'"{short}"'


def is_within(key: str, table: str) -> bool:
    """Whether a dotted key is that one, or below it."""
    return key == table or key.startswith(f"{table}.")


def _blamed(problem: Problem, flags: Mapping[str, str]) -> Problem:
    for key in filter(None, (problem.key, *problem.beside)):
        for changed, flag in flags.items():
            # Either may be the deeper one: a whole table was replaced, or a part of a limit.
            if is_within(changed, key) or is_within(key, changed):
                return Problem(COMMAND_LINE, flag, problem.what)
    return problem


def _on_one_line(text: str) -> str:
    # What a file or an argument holds is repeated here: it may not drive the terminal.
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
