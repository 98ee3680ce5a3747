"""A child program that takes orders through its lifeline."""

from __future__ import annotations

import msgspec

from tui.child.spawn import Child


class Ordered(Child):
    """Its orders are JSON lines beside the beats."""

    def order(self, what: msgspec.Struct) -> None:
        """Send one; a child that has just died is noticed by its reader, not here."""
        self._write(msgspec.json.encode(what).decode())
