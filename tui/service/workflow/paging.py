"""Reads a list to its end, page by page, and looks whether all that was made is in it, once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from tui.core.e2e.answer import Answer, Missing, part_of
from tui.core.e2e.checking import Wrong, text_of
from tui.core.e2e.listing import Listing
from tui.core.e2e.operation import Operation
from tui.core.e2e.pages import Pages
from tui.core.e2e.workflow import Poll, Step
from tui.core.format import count
from tui.service.workflow.done import Done, Wait
from tui.service.workflow.step import Steps
from tui.service.workflow.values import Values

MOST_READINGS = 3
"""Of a list that others change meanwhile: its pages shift, and one is seen twice or never."""
MOST_EMPTY = 10
"""Pages in a row that have a next one and nothing in them."""
NO_SUCH_PAGE = 404

Moved = Callable[[int], None]
"""Told of each page: how many records were read so far."""


class Paging:
    """One step that reads a list, in one round."""

    def __init__(
        self,
        step: Step,
        pages: Pages,
        operation: Operation,
        made: Mapping[int, str],
        known: Sequence[str],
        values: Values,
    ) -> None:
        """`made`: ids by the items' numbers; `known`: ids of items that failed."""
        self._single = msgspec.structs.replace(step, pages=None, poll=None)
        self._pages = pages
        self._operation = operation
        self._made = made
        self._known = known
        self._values = values
        self._sums = Done()
        self.strange = 0
        """Records of the round that nobody made."""
        self.still_there: Sequence[str] | None = None
        """Where nothing may be: what there is of the round; None: nobody knows."""

    def read(self, steps: Steps, wait: Wait, moved: Moved) -> Done:
        """Read it, and again where it is not right and others change it meanwhile."""
        done = self._sums = Done()
        first: Listing | None = None
        for number in range(1, MOST_READINGS + 1):
            listing = self._listing()
            self._read(steps, wait, moved, listing)
            if done.state != "passed":
                return done
            wrong = listing.wrong()
            if first is not None and listing.others == first.others:
                # Nobody else changed it: what was wrong then was wrong.
                back = "" if wrong is not None else "; right when it was read again"
                return self._failed(first if wrong is None else listing, back)
            if wrong is None:
                self._tell(listing)
                if first is not None:
                    done.note += f" (others changed the list: read {number} times)"
                return done
            first = listing
        assert first is not None
        return self._failed(first)

    def _listing(self) -> Listing:
        return Listing(self._pages, self._made, self._known, self._values.texts["round.id"])

    def _tell(self, listing: Listing) -> None:
        self._sums.note, self.strange = listing.note, listing.strange
        self.still_there = listing.still_there
        self._sums.records, self._sums.records_complete = len(self._made), listing.complete

    def _failed(self, listing: Listing, back: str = "") -> Done:
        wrong = listing.wrong()
        assert wrong is not None
        self._tell(listing)
        self._sums.note = ""
        self._sums.fail(Wrong(f"{wrong.why}{back}", wrong.wanted, wrong.got))
        return self._sums

    def _read(self, steps: Steps, wait: Wait, moved: Moved, listing: Listing) -> None:
        """All its pages."""
        place = _Place(self._pages)
        while place.goes_on:
            if not wait(0.0):
                self._sums.stop()
                return
            page = steps.do(self._single, self._values.beside(place.words(listing)), wait)
            _add(self._sums, page)
            if page.state != "passed":
                if not place.is_beyond(page):
                    _take_over(self._sums, page, place.number)
                return
            try:
                assert steps.answer is not None
                records = part_of(steps.answer, self._pages.items, self._operation)
            except Missing as missing:
                listing.trouble = f"page {place.number}: {missing}"
                return
            if not isinstance(records, list):
                listing.trouble = f"{self._pages.items} of page {place.number} is no list"
                return
            is_new = listing.add(records)
            moved(listing.read)
            if listing.trouble:
                return
            if records and not is_new:
                number = place.number
                listing.trouble = f"page {number} has nothing that was not on those before it"
            elif listing.read > self._pages.most:
                listing.trouble = f"it has more than {count(self._pages.most)} records"
            place.go_on(self._cursor(steps.answer), has_records=bool(records))
            listing.trouble = listing.trouble or place.trouble
            if listing.trouble:
                return

    def _cursor(self, answer: Answer) -> str:
        """The next page's; empty: there is none."""
        if not self._pages.cursor:
            return ""
        try:
            part = part_of(answer, self._pages.cursor, self._operation)
        except Missing:
            return ""
        return "" if part is None or part is False else text_of(part)


def polled(read: Callable[[], Done], poll: Poll | None, wait: Wait) -> Done:
    """Read it again and again until it is right, as long as there is time."""
    ends_s = time.perf_counter() + (poll.within_s if poll is not None else 0.0)
    sums = Done()
    while True:
        done = read()
        done.requests += sums.requests
        done.request_ms += sums.request_ms
        done.wait_ms += sums.wait_ms
        left_s = ends_s - time.perf_counter()
        if poll is None or done.state != "failed" or left_s < poll.every_s:
            return done
        sums = done
        began_s = time.perf_counter()
        goes_on = wait(poll.every_s)
        sums.wait_ms += (time.perf_counter() - began_s) * 1000
        if not goes_on:
            sums.stop()
            return sums


class _Place:
    """Where in the list the next page is."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._cursor = ""
        self._cursors: set[str] = set()
        self._empty = 0
        self.number = 1
        self.goes_on = True
        self.trouble = ""

    def words(self, listing: Listing) -> dict[str, str]:
        """What stands for the words of a page."""
        return {
            "page.size": f"{self._pages.size}",
            "page.offset": f"{listing.read}",
            "page.number": f"{self.number}",
            "page.cursor": self._cursor,
        }

    def is_beyond(self, page: Done) -> bool:
        """Whether a page that failed says no more than that the list has ended."""
        status = page.exchange.status if page.exchange is not None else None
        return status == NO_SUCH_PAGE and self.number > 1 and not self._pages.cursor

    def go_on(self, cursor: str, *, has_records: bool) -> None:
        """To the next page, if there is one. A page may be shorter than it was asked for."""
        self.number += 1
        if not self._pages.cursor:
            self.goes_on = has_records
            return
        self._empty = 0 if has_records else self._empty + 1
        self.goes_on = bool(cursor)
        if cursor in self._cursors:
            self.trouble = f"the cursor behind page {self.number - 1} was there before"
        elif self._empty > MOST_EMPTY:
            self.trouble = f"{MOST_EMPTY} pages one after the other have nothing in them"
        self._cursors.add(cursor)
        self._cursor = cursor


def _add(sums: Done, page: Done) -> None:
    sums.requests += page.requests
    sums.hashes += page.hashes
    sums.request_ms += page.request_ms
    sums.wait_ms += page.wait_ms


def _take_over(sums: Done, page: Done, number: int) -> None:
    """The list could not be read to its end."""
    sums.state, sums.wanted, sums.got = page.state, page.wanted, page.got
    sums.exchange = page.exchange
    sums.why = f"page {number}: {page.why}" if page.state == "failed" else page.why
