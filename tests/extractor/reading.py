"""Reading a library in a test: all records of a kind, after looking that they came in order."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from indexer.extractor.api import ApiSource
from indexer.extractor.source import Page, Unreadable
from indexer.records import RECORD_TYPES, Kind
from tests.extractor import recordings

KINDS = tuple(RECORD_TYPES)
STAND_IN_LACKS = frozenset({"folder", "basenames"})
"""Of galleries: the stand-in has no files of galleries, which no spec uses yet."""


def paths(kind: Kind) -> frozenset[str]:
    """All record paths of a kind that the stand-in has."""
    return recordings.paths(kind) - (STAND_IN_LACKS if kind == "gallery" else frozenset())


def read(source: ApiSource, kind: Kind, *wanted: str) -> dict[int, Any]:
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


def unreadable(pages: Iterable[Page]) -> list[Unreadable]:
    """What couldn't be read."""
    return [bad for page in pages for bad in page.unreadable]
