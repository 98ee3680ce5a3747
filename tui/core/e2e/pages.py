"""A list that is read page by page, and set beside what was made."""

from __future__ import annotations

import msgspec

from tui.core.e2e.operation import Operation
from tui.core.e2e.place import is_fixed


class Pages(msgspec.Struct, frozen=True):
    """How a list is gone through. Its operation has `{page.size}` and `{page.offset}` or
    `{page.number}`, from 1, or `{page.cursor}` in braces, or one of the step's `values` has.

    Where a record has something is a name of the operation's `record`, or a JSON pointer.
    """

    items: str
    """The place of a page's records, a JSON array."""
    id: str
    """Of a record: where its id is."""
    of: str = ""
    """The step that made what must be there, item by item; empty: nothing of the round may be."""
    saved: str = "id"
    """The value that it saved of each item: the id."""
    size: int = 100
    """Records of a page."""
    most: int = 1_000_000
    """Records that are read at most."""
    cursor: str = ""
    """The place of the next page's cursor; empty, or a name that the operation does not give: it is
    counted."""
    name: str = ""
    """Of a record: where its name is. One that begins with the round's id and that nobody
    made is an orphan."""
    fields: tuple[str, ...] = ()
    """Of a record: what must be there for it to be complete."""
    order: str = ""
    """Of a record: what the records are in the order of, up or down."""

    def on(self, operation: Operation) -> Pages:
        """The same where every name that the operation gives its records is the pointer itself."""
        is_given = is_fixed(self.cursor) or self.cursor in dict(operation.gives)
        return msgspec.structs.replace(
            self,
            id=operation.pointer(self.id),
            name=operation.pointer(self.name),
            fields=tuple(operation.pointer(field) for field in self.fields),
            order=operation.pointer(self.order),
            cursor=self.cursor if is_given else "",
        )
