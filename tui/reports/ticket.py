"""How a ticket is written: words, lists and tables in Markdown that nobody else can act in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tui.reports.clean import shortened, visible

LONGEST_NAME = 80
_ACTIVE = re.compile(r"([\\`*_\[\]<>|#~])")


def code(words: str) -> str:
    """A target's words as code inside a table: nothing in them is drawn, linked or mentioned."""
    shown = shortened(visible(words), LONGEST_NAME).replace("|", "\\|") or "-"
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    if not longest:
        return f"`{shown}`"
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}"


def prose(words: str) -> str:
    """Text that may hold a target's words, outside code."""
    # An address becomes a link and a name a mention unless something invisible parts them.
    calm = _ACTIVE.sub(r"\\\1", visible(words))
    return calm.replace("@", "@<!-- -->").replace("://", ":<!-- -->//")


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: set[int] | None = None
) -> str:
    """Cells are drawn as they are; `right` are the columns that hold figures."""
    rules = ["---:" if column in (right or ()) else "---" for column in range(len(heads))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rules, *rows))


def bullets(items: Iterable[str]) -> list[str]:
    """One list; none of nothing."""
    lines = [f"- {prose(item)}" for item in items]
    return ["\n".join(lines)] if lines else []
