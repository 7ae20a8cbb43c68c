"""Reading a library in a test: all records of a kind, after looking that they came in order."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from indexer.events import Emit, nobody
from indexer.extractor.database import DatabaseSource
from indexer.extractor.source import Page, Source, Unreadable
from indexer.records import STASH_KINDS, Kind
from indexer.retries import ONCE, Patience
from tests.extractor.recordings import paths

__all__ = ["paths"]

KINDS = STASH_KINDS


def read(source: Source, kind: Kind, *wanted: str) -> dict[int, Any]:
    """All records of a kind by id, after looking that they came once and in order."""
    return records(source.pages(kind, frozenset(wanted) or paths(kind)))


def records(pages: Iterable[Page]) -> dict[int, Any]:
    """The records of pages by id, after looking that they came once and in order."""
    found = [record for page in pages for record in page.records]
    ids = [record["id"] for record in found]
    assert ids == sorted(set(ids))
    return dict(zip(ids, found, strict=True))


def sql(database: Path, statement: str, *values: object) -> list[Any]:
    """Run one statement on a library and give the first column."""
    with closing(sqlite3.connect(database)) as connection, connection:
        return [row[0] for row in connection.execute(statement, values)]


def open_database(
    database: Path, *, patience: Patience = ONCE, emit: Emit = nobody
) -> DatabaseSource:
    """A source that reads a database file."""
    return DatabaseSource(database, patience=patience, emit=emit)


def whole(source: Source) -> dict[Kind, dict[int, Any]]:
    """A library: all records of all kinds."""
    return {kind: read(source, kind) for kind in KINDS}


def unreadable(pages: Iterable[Page]) -> list[Unreadable]:
    """What couldn't be read."""
    return [bad for page in pages for bad in page.unreadable]
