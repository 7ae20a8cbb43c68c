"""Reads a Stash database by the SELECTs of selects.py, whoever runs them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from random import SystemRandom
from typing import Protocol

from indexer.events import Emit, Warned
from indexer.extractor import selects
from indexer.extractor.beforehand import Beforehand, beforehand
from indexer.extractor.columns import NEWEST, Row, Run, Tables, probe
from indexer.extractor.rows import to_records
from indexer.extractor.source import Page
from indexer.records import STASH_KINDS, Kind

_CHANCE = SystemRandom()
_FEW_IDS = 20_000
"""Up to so many ids, all are read to pick some."""
_DRAWS, _DRAWN_PER_ONE = 10, 10


class Sizes(Protocol):
    """How many rows a statement may ask for, of a kind of thing or of a table."""

    def rows(self, what: str) -> int:
        """Return how many to ask for next."""
        ...

    def filled(self, what: str) -> None:
        """Learn from the statement that was just run: it gave all the rows it asked for."""
        ...


class SameSize:
    """Statements that all ask for as many rows."""

    def __init__(self, rows: int) -> None:
        """Take how many."""
        self._rows = rows

    def rows(self, what: str) -> int:  # noqa: ARG002 - of everything alike
        """Return how many to ask for next."""
        return self._rows

    def filled(self, what: str) -> None:
        """Learn nothing."""


@dataclass(frozen=True)
class Statements:
    """What runs a SELECT, how many rows each may ask for, and what the database has."""

    run: Run
    sizes: Sizes
    tables: Tables

    def counts(self) -> dict[Kind, int]:
        """Return how many there are of each kind."""
        row = self.run(selects.counts(self.tables, STASH_KINDS))[0]
        return dict(zip(STASH_KINDS, row, strict=True))

    def sample(self, kind: Kind, size: int) -> list[int]:
        """Return the ids of `size` things of a kind, or of all if fewer, picked by chance."""
        last = self.run(selects.last_id(self.tables, kind))[0][0] or 0
        drawn = self._drawn(kind, size, last) if last > _FEW_IDS else set()
        if len(drawn) >= size:
            return sorted(_CHANCE.sample(sorted(drawn), size))
        return sorted(row[0] for row in self.run(selects.some_ids(self.tables, kind, size)))

    def _drawn(self, kind: Kind, size: int, last: int) -> set[int]:
        """Return ids drawn by chance: each as likely, and `size` of them if one in a hundred is."""
        found: set[int] = set()
        for _ in range(_DRAWS):
            some = _CHANCE.sample(range(1, last + 1), _DRAWN_PER_ONE * size)
            found.update(row[0] for row in self.run(selects.ids_among(self.tables, kind, some)))
            if len(found) >= size:
                break
        return found

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield all records of a kind in ascending order of id, or those of `ids` that exist.

        Each page is one statement, and so the library of one moment. Raises StashError.
        """
        select = selects.select(self.tables, kind, paths)
        records = to_records(kind, select.fields)
        pages = self._all(kind, select) if ids is None else self._those(kind, select, ids)
        with ExitStack() as stack:
            parts = beforehand(self.tables, kind, paths)
            for part in parts:
                stack.enter_context(closing(part))
                for found in self._whole(part) if ids is None else self._parts_of(part, ids):
                    part.add(found)
            for rows in pages:
                page = records(rows)
                for part in parts:
                    part.put(page)
                yield Page(page)
                del page  # before the next one is read

    def _all(self, kind: Kind, select: selects.Select) -> Iterator[list[Row]]:
        return self._pages(kind, lambda last, limit: select.after(last[0] if last else 0, limit))

    def _those(self, kind: Kind, select: selects.Select, ids: Iterable[int]) -> Iterator[list[Row]]:
        for some in self._batches(kind, ids):
            rows = self.run(select.only(some))
            if rows:
                yield rows

    def _pages(self, what: str, statement: Callable[[Row | None, int], str]) -> Iterator[list[Row]]:
        """Yield rows page by page; the statement is made from the last row and the next limit."""
        last = None
        while True:
            limit = self.sizes.rows(what)
            rows = self.run(statement(last, limit))
            full = len(rows) == limit
            if full:
                self.sizes.filled(what)
            if rows:
                last = rows[-1]
                yield rows
            if not full:
                return

    def _whole(self, part: Beforehand) -> Iterator[list[Row]]:
        return self._pages(part.table, part.after)

    def _parts_of(self, part: Beforehand, ids: Iterable[int]) -> Iterator[list[Row]]:
        for some in self._batches(part.table, ids):
            yield self.run(part.of(some))

    def _batches(self, what: str, ids: Iterable[int]) -> Iterator[list[int]]:
        wanted = sorted(set(ids))
        while wanted:
            limit = self.sizes.rows(what)
            yield wanted[:limit]
            wanted = wanted[limit:]


def statements(run: Run, sizes: Sizes, emit: Emit) -> Statements:
    """Return the statements that fit a database, after trying one of each kind on no row.

    Raises SourceUnavailable if it is too old or lacks what is needed, and whatever `run` does.
    """
    tables = probe(run)
    found = Statements(run, sizes, tables)
    for kind in STASH_KINDS:
        every = selects.every_path(kind)
        run(selects.select(tables, kind, every).after(0, 0))
        for part in beforehand(tables, kind, every):
            with closing(part):
                run(part.after(None, 0))
    if tables.schema > NEWEST:
        emit(
            Warned(
                f"The database has schema {tables.schema}, newer than the newest that was tried "
                f"({NEWEST}); it is read as far as everything that is needed is there."
            )
        )
    return found
