"""How SQLite goes about each SELECT: no table is read whole for every row of another."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer.extractor import selects
from indexer.extractor.columns import probe
from indexer.records import STASH_KINDS
from tests.extractor.reading import paths, sql
from tests.extractor.recordings import WITH_LIBRARY
from tests.stash.dialect import SCHEMAS
from tests.stash.library import build_library


@pytest.mark.parametrize("schema", SCHEMAS)
def test_nothing_is_scanned_for_each_row(schema: int, tmp_path: Path) -> None:
    """Each kind's statement for a page, and for some ids, goes by indexes, whatever the schema."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=150, performers=40, schema=schema)
    assert list(_scans(library)) == []


@pytest.mark.recordings
@pytest.mark.parametrize("version", WITH_LIBRARY)
def test_nothing_is_scanned_in_a_real_database(
    version: str, recorded_library: Callable[[str], Path]
) -> None:
    """So it is with the indexes that a Stash made itself."""
    library = recorded_library(version)
    for statistics in ("sqlite_stat1", "sqlite_stat4"):  # by which it rather scans a tiny table
        sql(library, f"DROP TABLE {statistics}")
    assert list(_scans(library)) == []


def _scans(library: Path) -> Iterator[str]:
    """Each step of a plan that reads all rows of a table again for every row of another one.

    Of a whole table only the things themselves are read, and what is gathered once beforehand.
    """
    uri = f"{library.as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        tables = probe(lambda statement: connection.execute(statement).fetchall())
        for kind in STASH_KINDS:
            select = selects.select(tables, kind, paths(kind))
            for statement in (select.after(0, 1000), select.only(range(1, 100))):
                plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
                steps = {step: (above, what) for step, above, _, what in plan}
                for above, what in steps.values():
                    if what.startswith("SCAN ") and not _once(what, above, steps):
                        yield f"{kind}: {what}"


def _once(what: str, above: int, steps: dict[int, tuple[int, str]]) -> bool:
    """Whether a scan is that of the things, of what a subquery gathered, or happens once."""
    if what.split()[1] == "t" or what.startswith("SCAN (subquery-"):
        return True
    while above:
        above, step = steps[above]
        if step.startswith("MATERIALIZE"):
            return True
    return False
