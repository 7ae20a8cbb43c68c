"""SELECTs through the API: small ones, nothing but SELECTs, waited for while others write."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import StashError
from indexer.events import Event, Retrying
from indexer.extractor.api import ApiSource
from indexer.extractor.sql import LONGEST_HOLD, SqlSource, next_rows
from indexer.extractor.trouble import SourceUnavailable
from indexer.retries import Patience
from tests.extractor.reading import KINDS, read
from tests.extractor.ways import a_client
from tests.stash import edits
from tests.stash.faults import Fault
from tests.stash.library import build_library
from tests.stash.server import StashServer


@pytest.fixture
def source(stash: StashServer) -> Iterator[SqlSource]:
    """The small library by SQL."""
    with a_client(stash.url) as client:
        yield SqlSource(client, ApiSource(client))


def _statements(stash: StashServer) -> list[str]:
    return [
        seen.body["variables"]["sql"] for seen in stash.requests if seen.operation == "querySQL"
    ]


def test_nothing_but_selects_is_sent(source: SqlSource, stash: StashServer) -> None:
    """Every statement is one SELECT with its values inlined; no other is sent, whoever asks."""
    read(source, "scene")
    assert all(sql.startswith("SELECT ") and ";" not in sql for sql in _statements(stash))
    asked = len(stash.requests)
    for sql in ("DELETE FROM scenes RETURNING id", "SELECT 1; DELETE FROM scenes", "PRAGMA x"):
        with pytest.raises(AssertionError):
            source._run(sql)
    assert len(stash.requests) == asked


def _limits(stash: StashServer, table: str) -> list[int]:
    """How many rows each statement asked for of a table, but for those that tried it on none."""
    asked = [sql for sql in _statements(stash) if f'FROM "{table}" AS t WHERE' in sql]
    return [limit for sql in asked if (limit := int(sql.rpartition("LIMIT ")[2]))]


def test_starts_small(source: SqlSource, stash: StashServer) -> None:
    """The first page of a kind asks for 500 rows, before anything is known of this Stash."""
    for kind in KINDS:
        next(iter(source.pages(kind, frozenset({"created_at"}))))
    for table in ("scenes", "performers", "tags", "studios", "groups", "scene_markers"):
        assert _limits(stash, table) == [500]


def test_each_kind_by_itself(tmp_path: Path) -> None:
    """What one kind's full pages took says how much to ask of that kind, and of no other."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=1300, performers=20)
    with StashServer(library) as stash, a_client(stash.url) as client:
        source = SqlSource(client, ApiSource(client), clock=lambda: 0.0)
        assert len(read(source, "scene", "title")) == 1300
        assert len(read(source, "performer", "name")) == 20
        assert len(read(source, "scene", "title")) == 1300
    assert _limits(stash, "scenes") == [500, 750, 1125, 1125, 1687]
    assert _limits(stash, "performers") == [500]


@pytest.mark.parametrize(
    ("rows", "seconds", "expected"),
    [
        (500, 0.001, 750),
        (1900, 0.001, 2000),
        (2000, 0.04, 2000),
        (1000, 2 * LONGEST_HOLD, 500),
        (1000, 60.0, 250),
        (60, 60.0, 50),
    ],
)
def test_rows_follow_the_time_an_answer_takes(rows: int, seconds: float, expected: int) -> None:
    """Up by half where it was quick, down in proportion where it was slow, within limits."""
    assert next_rows(rows, seconds) == expected


def test_a_slow_stash_is_asked_for_less(tmp_path: Path) -> None:
    """Where answers take long, statements shrink to the smallest, and nothing is lost by it."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=1000, performers=5)
    ticks = iter(range(10_000))
    with StashServer(library) as stash, a_client(stash.url) as client:
        source = SqlSource(client, ApiSource(client), clock=lambda: float(next(ticks)))
        assert len(read(source, "scene", "title")) == 1000
    assert _limits(stash, "scenes") == [500, 125, *[50] * 8]


def test_lock_is_waited_for(stash: StashServer, small_library: Path) -> None:
    """While another program writes, querySQL says "database is locked": it is asked again."""
    told: list[Event] = []
    with a_client(stash.url, patience=Patience(20), emit=told.append) as client:
        source = SqlSource(client, ApiSource(client))
        over = threading.Event()

        def hold() -> None:
            with edits.write_lock(small_library):
                over.wait(20)

        other = threading.Thread(target=hold)
        other.start()
        threading.Timer(0.5, over.set).start()
        assert len(read(source, "scene", "title")) == 200
        other.join()
    assert any(isinstance(event, Retrying) and "locked" in event.reason for event in told)


def test_refused_for_good(source: SqlSource, stash: StashServer) -> None:
    """A Stash that won't take SQL is not asked twice."""
    stash.faults.add(Fault("partial", times=None, match="querySQL"))
    with pytest.raises(SourceUnavailable) as caught:
        read(source, "scene", "title")
    assert "--source api" in caught.value.hint
    assert stash.counts()["querySQL"] == 1


def test_one_that_shuts_itself_off(source: SqlSource, stash: StashServer) -> None:
    """What has nothing to do with SQL, such as a login that is wanted, is told as such."""
    stash.faults.add(Fault("401", times=None))
    with pytest.raises(StashError) as caught:
        read(source, "scene", "title")
    assert not isinstance(caught.value, SourceUnavailable)
