"""Twenty seconds of "database is locked": every way waits, and loses nothing by it."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from indexer.events import Event, Retrying
from indexer.extractor.api import ApiSource
from indexer.extractor.sql import SqlSource
from indexer.retries import Patience
from tests.extractor.reading import open_database, read
from tests.extractor.ways import a_client
from tests.stash import edits
from tests.stash.faults import Fault
from tests.stash.server import StashServer

_HELD = 20.0
_PATIENCE = Patience(60)


def test_every_way_waits_for_twenty_seconds(
    stash: StashServer, small_library: Path, tmp_path: Path
) -> None:
    """The file, SQL and the API, side by side: each comes to its end once the lock is gone."""
    own = Path(shutil.copy(small_library, tmp_path / "own.sqlite"))
    ways: dict[str, Callable[[Emitted], int]] = {
        "file": lambda told: _by_file(own, told),
        "sql": lambda told: _by_sql(stash, told),
        "api": lambda told: _by_api(stash, told),
    }
    told: dict[str, list[Event]] = {name: [] for name in ways}
    with _exclusively(own), _written(small_library), ThreadPoolExecutor() as pool:
        stash.faults.add(Fault("locked", match="findScenes", lasts=_HELD))
        reads = {name: pool.submit(way, told[name]) for name, way in ways.items()}
        assert {name: found.result() for name, found in reads.items()} == dict.fromkeys(ways, 200)
    for events in told.values():
        assert any(isinstance(event, Retrying) and "locked" in event.reason for event in events)


Emitted = list[Event]


def _by_file(library: Path, told: Emitted) -> int:
    with closing(open_database(library, patience=_PATIENCE, emit=told.append)) as source:
        return len(read(source, "scene", "title"))


def _by_sql(stash: StashServer, told: Emitted) -> int:
    with a_client(stash.url, patience=_PATIENCE, emit=told.append) as client:
        return len(read(SqlSource(client, ApiSource(client)), "scene", "title"))


def _by_api(stash: StashServer, told: Emitted) -> int:
    with a_client(stash.url, patience=_PATIENCE, emit=told.append) as client:
        return len(read(ApiSource(client), "scene", "title"))


@contextmanager
def _exclusively(library: Path) -> Iterator[None]:
    """Another program has the whole file for itself, as while it is vacuumed."""
    with closing(
        sqlite3.connect(library, isolation_level=None, check_same_thread=False)
    ) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        timer = threading.Timer(_HELD, connection.execute, ("COMMIT",))
        timer.start()
        yield
        timer.join()


@contextmanager
def _written(library: Path) -> Iterator[None]:
    """Another program holds the write lock."""
    held = threading.Event()

    def hold() -> None:
        with edits.write_lock(library):
            held.set()
            threading.Event().wait(_HELD)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(_HELD)
    yield
    holder.join()
