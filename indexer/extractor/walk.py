"""Walks a listing from its first thing to its last, page by page, around what can't be read.

One row that points nowhere makes Stash refuse the whole page, and blame its neighbours too
(docs/stash.md): a page that is refused, or at which Stash breaks off each time, is halved until
only the things that fail are left out.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter

from indexer.errors import StashError
from indexer.extractor import queries, wire
from indexer.extractor.answer import STATUS, Answer
from indexer.extractor.graphql import StashClient
from indexer.extractor.queries import Listing
from indexer.extractor.source import Unreadable
from indexer.extractor.trouble import NotBegun, QueryFailed
from indexer.records import Kind
from indexer.retries import ONCE, Patience

T = TypeVar("T")

_LARGEST_ID = 2**31 - 1  # of GraphQL's Int
_OF_A_PART = Patience(3)
"""The whole page had all of it."""
_MOST_IN_A_ROW = 20
"""Ten halve a page of a thousand down to one; things that fail after each other take two each."""


@dataclass(frozen=True)
class Things:
    """Things as they came over the wire, in ascending order of id, and those that didn't come."""

    found: Sequence[Any] = ()
    unreadable: Sequence[Unreadable] = ()

    def ids(self) -> list[int]:
        """Return the ids of all of them, in ascending order."""
        return sorted(
            [*(thing["id"] for thing in self.found), *(bad.id for bad in self.unreadable)]
        )

    def after(self, last: int) -> "Things":
        """Return those whose id comes after `last`."""
        return Things(
            [thing for thing in self.found if thing["id"] > last],
            [bad for bad in self.unreadable if bad.id > last],
        )

    def among(self, ids: frozenset[int]) -> "Things":
        """Return those with these ids."""
        return Things(
            [thing for thing in self.found if thing["id"] in ids],
            [bad for bad in self.unreadable if bad.id in ids],
        )


@dataclass(frozen=True)
class Window:
    """A numbered page: its number, from 1, and how many things it holds."""

    page: int
    size: int

    def halves(self) -> tuple["Window", "Window"]:
        """Return its two halves; the size is even."""
        half = self.size // 2
        return Window(2 * self.page - 1, half), Window(2 * self.page, half)


@dataclass
class Walk:
    """What is walked: a kind's listing, the fields asked for, and how many at a time.

    `takes_ids` says whether this Stash lists things by their ids too: since v0.25 to v0.28.
    """

    client: StashClient
    kind: Kind
    listing: Listing
    fields: str
    page_size: int
    takes_ids: bool = False
    failed_in_a_row: int = 0

    def pages(self, after: int = 0) -> Iterator[Things]:
        """Yield everything after an id, in ascending order of id. Raises StashError."""
        return self._by_id(after) if self.listing.filter else self._by_number(after)

    def ask(
        self,
        query: str,
        variables: dict[str, object],
        shape: TypeAdapter[Answer[T]],
        *,
        part: bool = False,
    ) -> T:
        """Return the answer for a page, or for a part of one that failed.

        Raises:
            QueryFailed: if Stash refuses it, or keeps breaking off at it while it answers others.
            StashError: for anything else that went wrong, after patience with what may pass.
        """
        try:
            answer = self.client.ask(query, variables, shape, patience=_OF_A_PART if part else None)
        except StashError as error:
            if not error.transient or isinstance(error, NotBegun):
                raise
            self.failed_in_a_row += 1
            if self.failed_in_a_row > _MOST_IN_A_ROW or not self._answers_others():
                raise
            raise QueryFailed(error.message, error.hint) from error
        self.failed_in_a_row = 0
        return answer

    def _answers_others(self) -> bool:
        """Say whether Stash answers at once what reads nothing of its things."""
        try:
            self.client.ask(queries.STATUS, {}, STATUS, patience=ONCE)
        except StashError:
            return False
        return True

    def _by_id(self, last: int) -> Iterator[Things]:
        """Walk by "id after the last": exact whatever is created or deleted meanwhile."""
        query = queries.after(self.listing, self.fields)
        size = self.page_size
        while True:
            try:
                page = self._ask(query, {"after": last, "n": size}, part=self._is_part(size))
            except QueryFailed as error:
                if size > 1:
                    size //= 2
                    continue
                bad = [Unreadable(one, error.message) for one in self._next_id(last)]
                page = Things((), bad)
            ids = page.ids()
            if not ids:
                return
            yield page
            last, size = ids[-1], min(2 * size, self.page_size)

    def _next_id(self, last: int) -> list[int]:
        """Return the id of the first thing after `last`; none if it went away meanwhile."""
        try:
            query = queries.after(self.listing, "id")
            return self._ask(query, {"after": last, "n": 1}, part=True).ids()
        except QueryFailed:
            return self._next_id_by_counting(last)

    def _next_id_by_counting(self, last: int) -> list[int]:
        """Return the same where Stash can't even name the thing: counting reads none of it."""
        query = queries.between(self.listing)
        low, high = last + 1, _LARGEST_ID
        while low < high:
            middle = (low + high) // 2
            answer = self.client.ask(query, {"low": last + 1, "high": middle}, wire.COUNT)
            if answer["found"]["count"]:
                high = middle
            else:
                low = middle + 1
        return [low] if low < _LARGEST_ID else []

    def _by_number(self, last: int) -> Iterator[Things]:
        """Walk by page number, where Stash has no criterion on the id.

        A thing deleted meanwhile moves all after it forward, and one would slip past at the next
        page's edge. So each page comes with the thing before it: if that one was not seen yet,
        the page before is read again first. What was seen is not given twice; nobody knows on
        which page the first thing after `last` is, so all are read.
        """
        size = _power_of_two(self.page_size)
        todo = [Window(1, size)]
        while True:
            window = todo.pop()
            try:
                before, page = self._window(window)
            except QueryFailed:
                if window.size == 1:
                    raise
                todo += reversed(window.halves())
                continue
            if window.page > 1 and before > last:
                todo += [window, Window(window.page - 1, window.size)]
                continue
            new = page.after(last)
            if ids := new.ids():
                yield new
                last = ids[-1]
            if len(page.ids()) < window.size:
                return
            if not todo:
                todo.append(Window(window.page * window.size // size + 1, size))

    def _window(self, window: Window) -> tuple[float, Things]:
        """Return the id before a numbered page (infinite if it is past the end) and the page.

        Raises QueryFailed if it is refused: one with a single thing only if not even its id comes.
        """
        variables: dict[str, object] = {
            "page": window.page,
            "n": window.size,
            "before": max(1, (window.page - 1) * window.size),
        }
        try:
            query = queries.numbered(self.listing, self.fields)
            part = self._is_part(window.size)
            answer = self.ask(query, variables, wire.PAGES[self.kind], part=part)
            page = Things(answer["found"]["things"])
        except QueryFailed as error:
            if window.size > 1:
                raise
            query = queries.numbered(self.listing, "id")
            answer = self.ask(query, variables, wire.PAGES[self.kind], part=True)
            bad = [Unreadable(thing["id"], error.message) for thing in answer["found"]["things"]]
            page = Things((), bad)
        before = [thing["id"] for thing in answer["before"]["things"]]
        return (before[0] if before else math.inf), page

    def _ask(self, query: str, variables: dict[str, object], *, part: bool) -> Things:
        answer = self.ask(query, variables, wire.PAGES[self.kind], part=part)
        return Things(answer["found"]["things"])

    def _is_part(self, size: int) -> bool:
        return size <= self.page_size // 2


def _power_of_two(size: int) -> int:
    """Return the largest power of two up to `size`: its halves, and theirs, are whole pages."""
    return 1 << (size.bit_length() - 1)
