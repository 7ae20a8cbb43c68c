"""Reads a Stash database by the SELECTs of selects.py, whoever runs them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from indexer.events import Emit, Warned
from indexer.extractor import canonical, selects
from indexer.extractor.columns import NEWEST, Row, Run, Tables, probe
from indexer.extractor.rows import to_records
from indexer.extractor.source import Page
from indexer.extractor.ways import GROUP_PATHS
from indexer.records import STASH_KINDS, GroupMembership, Kind, SceneRecord

_Places: TypeAlias = Mapping[int, list[tuple[int, int | None]]]
"""The groups of each scene that is in one, each with the scene's number in it."""


@dataclass(frozen=True)
class Statements:
    """What runs a SELECT, how many rows it may ask for next, and what the database has."""

    run: Run
    limit: Callable[[], int]
    tables: Tables

    def counts(self) -> dict[Kind, int]:
        """Return how many there are of each kind."""
        row = self.run(selects.counts(self.tables, STASH_KINDS))[0]
        return dict(zip(STASH_KINDS, row, strict=True))

    def sample(self, kind: Kind, size: int) -> list[int]:
        """Return the ids of `size` things of a kind, or of all if fewer, picked by chance."""
        return sorted(row[0] for row in self.run(selects.some_ids(self.tables, kind, size)))

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield all records of a kind in ascending order of id, or those of `ids` that exist.

        Each page is one statement, and so the library of one moment. Raises StashError.
        """
        select = selects.select(self.tables, kind, paths)
        records = to_records(kind, select.fields)
        grouped = kind == "scene" and bool(paths & GROUP_PATHS)
        places = self._places(ids) if grouped else {}
        for rows in self._all(select) if ids is None else self._those(select, ids):
            page = records(rows)
            for record in page if places else ():
                if found := places.get(record["id"]):
                    made = _memberships(found, index="groups.index" in paths)
                    cast("SceneRecord", record)["groups"] = made
            yield Page(page)

    def _all(self, select: selects.Select) -> Iterator[Sequence[Row]]:
        last = 0
        while True:
            limit = self.limit()
            rows = self.run(select.after(last, limit))
            if rows:
                yield rows
            if len(rows) < limit:
                return
            last = rows[-1][0]

    def _those(self, select: selects.Select, ids: Iterable[int]) -> Iterator[Sequence[Row]]:
        for some in self._batches(ids):
            rows = self.run(select.only(some))
            if rows:
                yield rows

    def _places(self, ids: Iterable[int] | None) -> _Places:
        """Return the places in groups, read before the scenes: the table has no index on them."""
        places: dict[int, list[tuple[int, int | None]]] = {}
        for rows in self._all_places() if ids is None else self._places_of(ids):
            for group, scene, number in rows:
                places.setdefault(scene, []).append((group, number))
        return places

    def _all_places(self) -> Iterator[Sequence[Row]]:
        last = (0, 0)
        while True:
            limit = self.limit()
            rows = self.run(selects.places(self.tables, last, limit))
            yield rows
            if len(rows) < limit:
                return
            last = rows[-1][0], rows[-1][1]

    def _places_of(self, ids: Iterable[int]) -> Iterator[Sequence[Row]]:
        for some in self._batches(ids):
            yield self.run(selects.places_of(self.tables, some))

    def _batches(self, ids: Iterable[int]) -> Iterator[list[int]]:
        wanted = sorted(set(ids))
        while wanted:
            limit = self.limit()
            yield wanted[:limit]
            wanted = wanted[limit:]


def statements(run: Run, limit: Callable[[], int], emit: Emit) -> Statements:
    """Return the statements that fit a database, after trying one of each kind on no row.

    Raises SourceUnavailable if it is too old or lacks what is needed, and whatever `run` does.
    """
    tables = probe(run)
    found = Statements(run, limit, tables)
    for kind in STASH_KINDS:
        run(selects.select(tables, kind, selects.every_path(kind)).after(0, 0))
    if tables.schema > NEWEST:
        emit(
            Warned(
                f"The database has schema {tables.schema}, newer than the newest that was tried "
                f"({NEWEST}); it is read as far as everything that is needed is there."
            )
        )
    return found


def _memberships(places: Iterable[tuple[int, int | None]], *, index: bool) -> list[GroupMembership]:
    return canonical.memberships(
        GroupMembership(group=group, index=number if index else None) for group, number in places
    )
