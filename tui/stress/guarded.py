"""How every burner begins: its spec, then the guards, and only then the rest of its imports.

Standard library only, for it runs before the guards hold.
"""

from __future__ import annotations

from queue import SimpleQueue

from tui.child.lifeline import hold, read_spec

Given = tuple[str, "SimpleQueue[str]"]
"""The line of the spec, and the queue of the orders that come after it."""

OOM_SCORE_ADJ = 1000
"""The kernel ends a burner first of all when memory runs out."""


def begin() -> Given:
    """What the owner wants, under the four guards of the lifeline from here on.

    A burner that is started by hand, without an owner, gets no orders.
    """
    spec_line = read_spec()
    orders: SimpleQueue[str] = SimpleQueue()
    hold(oom_score_adj=OOM_SCORE_ADJ, on_order=orders.put)
    return spec_line, orders
