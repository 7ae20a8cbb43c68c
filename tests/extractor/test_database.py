"""The database file: what is in the way of reading it is said, and nothing is written to it."""

import hashlib
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from indexer.errors import ConfigurationError, StashError
from indexer.events import Event, Warned
from indexer.extractor.mounts import network_file_system
from indexer.extractor.trouble import SourceUnavailable
from indexer.retries import Patience
from tests.extractor.reading import open_database, read, records, sql
from tests.stash.library import build_library

_NO_VERSION = "UPDATE schema_migrations SET version = NULL"


def _refusal(database: Path) -> StashError:
    with closing(open_database(database)) as source, pytest.raises(SourceUnavailable) as caught:
        source.info()
    assert caught.value.hint
    return caught.value


def test_only_reads(small_library: Path) -> None:
    """Reading everything leaves the file as it was."""
    sql(small_library, "PRAGMA wal_checkpoint(TRUNCATE)")
    before = hashlib.sha256(small_library.read_bytes()).digest()
    with closing(open_database(small_library)) as source:
        assert len(read(source, "scene")) == 200
        with pytest.raises(SourceUnavailable):
            source._run("DELETE FROM scenes")
    assert hashlib.sha256(small_library.read_bytes()).digest() == before


def test_reads_what_is_only_in_the_log(small_library: Path) -> None:
    """What Stash wrote a moment ago, still in the write-ahead log, is read."""
    with closing(sqlite3.connect(small_library, isolation_level=None)) as stash:
        stash.execute("PRAGMA wal_autocheckpoint = 0")
        stash.execute("UPDATE scenes SET title = 'just now' WHERE id = 1")
        with closing(open_database(small_library)) as source:
            assert read(source, "scene", "title")[1]["title"] == "just now"


def test_by_ids(small_library: Path) -> None:
    """Things are found by id, in order and once, however many are asked for; others left out."""
    with closing(open_database(small_library)) as source:
        pages = source.pages("scene", frozenset({"groups"}), [7, 3, 3, 999, *range(10_000, 13_000)])
        assert [record["id"] for page in pages for record in page.records] == [3, 7]
        assert list(source.pages("tag", frozenset(), [])) == []


def test_no_such_file(tmp_path: Path) -> None:
    """A path that names no file is a mistake in the settings, not another way to go."""
    with pytest.raises(ConfigurationError, match="no file"):
        open_database(tmp_path / "nowhere.sqlite")


def test_not_a_database(tmp_path: Path) -> None:
    """A file of another kind, and a database of another program, are told apart from Stash's."""
    text, other = tmp_path / "text.sqlite", tmp_path / "other.sqlite"
    text.write_text("orchard " * 1000)
    sql(other, "CREATE TABLE lanterns (id INTEGER)")
    for file, said in ((text, "is not a database"), (other, "not the database of a Stash")):
        error = _refusal(file)
        assert said in error.message
        assert "Settings > System" in error.hint


@pytest.mark.parametrize("left", ["DELETE FROM schema_migrations", _NO_VERSION])
def test_a_database_that_was_never_migrated(left: str, small_library: Path) -> None:
    """Tables of these names without a version are not those of a Stash."""
    sql(small_library, left)
    assert "not the database of a Stash" in _refusal(small_library).message


def test_damaged(small_library: Path) -> None:
    """A database with pages of something else in it is said to be damaged."""
    sql(small_library, "PRAGMA wal_checkpoint(TRUNCATE)")
    with small_library.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (small_library.stat().st_size - 8192))
    error = _refusal(small_library)
    assert "is damaged" in error.message
    assert "Restore" in error.hint


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE schema_migrations SET version = 47", "schema 47"),
        ("UPDATE schema_migrations SET dirty = 1", "middle of its migration"),
        ("ALTER TABLE scenes DROP COLUMN director", "no such column: t.director"),
        ("DROP TABLE scenes_tags", "no such table: scenes_tags"),
    ],
)
def test_schemas_that_cannot_be_read(change: str, told: str, small_library: Path) -> None:
    """Too old, half migrated, or lacking what is needed: refused before anything is read."""
    sql(small_library, change)
    assert told in _refusal(small_library).message


def test_newer_schema(small_library: Path) -> None:
    """A schema newer than those tried is read as long as it has every column, and said once."""
    sql(small_library, "UPDATE schema_migrations SET version = 85")
    sql(small_library, "ALTER TABLE performers DROP COLUMN career_length")
    sql(small_library, "ALTER TABLE performers ADD COLUMN career_start date")
    sql(small_library, "ALTER TABLE performers ADD COLUMN career_end date")
    sql(small_library, "UPDATE performers SET career_start = '2004-01-01' WHERE id = 1")
    told: list[Event] = []
    with closing(open_database(small_library, emit=told.append)) as source:
        performer = read(source, "performer")[1]
        read(source, "scene")
    assert (performer["career_start"], performer["career_end"]) == (2004, None)
    (event,) = told
    assert isinstance(event, Warned)
    assert "schema 85" in event.message


def test_directory_that_may_not_be_written(small_library: Path) -> None:
    """Where SQLite can't put its -shm beside the file, it says so; no immutable is tried."""
    sql(small_library, "PRAGMA wal_checkpoint(TRUNCATE)")
    for beside in ("-wal", "-shm"):
        Path(f"{small_library}{beside}").mkdir()  # what stops even root
    error = _refusal(small_library)
    assert "SQLITE_CANTOPEN" in error.message
    assert "--source sql" in error.hint


def test_locked_for_a_while(small_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that another program has for itself is waited for."""
    monkeypatch.setattr("indexer.extractor.database._LOCK_SECONDS", 0.05)
    sql(small_library, "PRAGMA journal_mode = DELETE")
    other = sqlite3.connect(small_library, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    with closing(open_database(small_library)) as source, pytest.raises(StashError) as caught:
        source.info()
    assert caught.value.transient
    timer = threading.Timer(0.3, other.execute, ("COMMIT",))
    timer.start()
    with closing(open_database(small_library, patience=Patience(20))) as source:
        assert source.info().counts["scene"] == 200
    timer.join()
    other.close()


def test_network_file_systems(tmp_path: Path) -> None:
    """The file system of a path is that of the deepest mount above it."""
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "nas:/films /media/my\\040films nfs4 rw 0 0\n"
        "/dev/sdb1 /media/my\\040films/local ext4 rw 0 0\n"
        "//nas/share /share cifs rw 0 0\n"
    )
    assert network_file_system(Path("/media/my films/stash.sqlite"), mounts) == "nfs4"
    assert network_file_system(Path("/media/my films/local/stash.sqlite"), mounts) is None
    assert network_file_system(Path("/share/stash.sqlite"), mounts) == "cifs"
    assert network_file_system(Path("/shared/stash.sqlite"), mounts) is None
    assert network_file_system(Path("/stash.sqlite"), tmp_path / "none") is None


@pytest.mark.parametrize(
    ("kind", "shared"),
    [
        ("gpfs", True),
        ("ocfs2", True),
        ("fuse.gvfsd-fuse", True),
        ("fuse.somebodys-own", True),
        ("fuse", True),
        ("fuseblk", False),
        ("fuse.mergerfs", False),
        ("fuse.gocryptfs", False),
        ("xfs", False),
    ],
)
def test_what_may_lie_behind_fuse(kind: str, *, shared: bool, tmp_path: Path) -> None:
    """Of the programs behind FUSE those are trusted that are known to read local disks only."""
    mounts = tmp_path / "mounts"
    mounts.write_text(f"anything /media {kind} rw 0 0\n")
    found = network_file_system(Path("/media/stash.sqlite"), mounts)
    assert found == (kind if shared else None)


def test_network_file_system_is_refused(
    small_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database on a network share is not opened."""
    mounts = tmp_path / "mounts"
    mounts.write_text("nas:/films / nfs rw 0 0\n")
    monkeypatch.setattr("indexer.extractor.mounts.MOUNTS", mounts)
    with pytest.raises(SourceUnavailable, match="network file system"):
        open_database(small_library)


def test_sixty_thousand_groups_scenes(tmp_path: Path) -> None:
    """Places in groups come whole where they are more than one statement gives."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=1500, performers=5)
    sql(library, "DELETE FROM groups_scenes")
    sql(library, "INSERT INTO groups_scenes SELECT id % 37 + 1, id, id FROM scenes")
    with closing(open_database(library)) as source:
        scenes = read(source, "scene", "groups", "groups.index")
    assert all(
        scene["groups"] == [{"group": one % 37 + 1, "index": one}] for one, scene in scenes.items()
    )


@pytest.mark.parametrize("schema", [58, 75])
def test_a_history_of_many_dates(schema: int, tmp_path: Path) -> None:
    """Plays come whole, by whatever index the schema has, and where no scene is theirs any more."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=60, performers=5, schema=schema)
    for table, repeated in (("scenes_view_dates", 50), ("scenes_o_dates", 25)):
        sql(library, f"DELETE FROM {table}")
        for number in range(repeated):
            day = f"2024-01-{number % 28 + 1:02}T00:00:00Z"
            sql(library, f"INSERT INTO {table} SELECT id, ? FROM scenes WHERE id <> 9", day)
            sql(library, f"INSERT INTO {table} VALUES (NULL, ?)", "2025-01-01T00:00:00Z")
    with closing(open_database(library)) as source:
        scenes = read(source, "scene", "play_count", "last_played_at", "o_counter", "last_o_at")
        only = records(source.pages("scene", frozenset({"o_counter"}), [9, 10]))
    jan_28, jan_25 = 1_706_400_000, 1_706_140_800
    for one, scene in scenes.items():
        dates = [scene[name] for name in ("play_count", "last_played_at", "o_counter", "last_o_at")]
        assert dates == ([0, None, 0, None] if one == 9 else [50, jan_28, 25, jan_25])
    assert [only[one]["o_counter"] for one in (9, 10)] == [0, 25]
    assert only[10]["last_o_at"] is None
