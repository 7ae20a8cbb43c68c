"""Opening a live database: nothing is left that hinders Stash, and nothing stale is read."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer.extractor.mounts import is_mount_point
from indexer.extractor.opening import may_open_first
from indexer.extractor.trouble import SourceUnavailable
from tests.extractor.reading import open_database, read, sql
from tests.extractor.ways import taken
from tests.stash.library import build_library
from tests.stash.server import StashServer

_SOMEBODY = 65_534
_SOMEBODY_ELSE = """
import atexit, os, sys
import encodings.idna  # wanted by sockets, and it may lie where somebody else may not look
from pathlib import Path
from indexer.errors import StashError
from indexer.events import nobody
from indexer.extractor.choose import ChosenSource
from indexer.extractor.database import DatabaseSource
from indexer.extractor.graphql import StashClient
from indexer.retries import ONCE
user, *rest = sys.argv[1:]
if os.geteuid() == 0:
    atexit.register(os.seteuid, 0)  # for what measures coverage
    os.setgroups([])
    os.setegid(int(user))
    os.seteuid(int(user))
"""
_READS = """
if os.geteuid() != int(user):  # who isn't root can't be somebody else, but may say so
    os.geteuid = lambda: int(user)
try:
    source = DatabaseSource(Path(rest[0]), patience=ONCE, emit=nobody)
    print(source.info().counts["scene"])
    source.close()
except StashError as error:
    print(type(error).__name__, error.message)
"""
_CHOOSES = """
told = []
client = StashClient(rest[0], None, patience=ONCE, emit=nobody)
source = ChosenSource(f"file:{rest[1]}", client, page_size=100, patience=ONCE, emit=told.append)
print(source.name, told[0].message)
source.close()
"""


@pytest.fixture
def library() -> Iterator[Path]:
    """A library in a directory that everybody may write to; nobody has it open."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o777)
        database = Path(directory, "stash.sqlite")
        build_library(database, scenes=20, performers=5)
        sql(database, "PRAGMA journal_mode = WAL")
        yield database


def _as_somebody(program: str, *arguments: str) -> str:
    """What a program prints that somebody runs who owns nothing here."""
    command = [sys.executable, "-c", _SOMEBODY_ELSE + program, str(_SOMEBODY), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("owner", "user", "expected"), [(7, 7, True), (7, 0, True), (0, 7, False), (7, 8, False)]
)
def test_who_may_open_it_first(owner: int, user: int, *, expected: bool) -> None:
    """The owner, and root: SQLite gives what root makes to the owner."""
    assert may_open_first(owner, user) is expected


def test_somebody_else_leaves_nothing_behind(library: Path) -> None:
    """An idle database of another user is not opened: our -shm would keep Stash from writing."""
    told = _as_somebody(_READS, str(library))
    assert told.startswith("SourceUnavailable")
    assert "another user" in told
    assert list(library.parent.iterdir()) == [library]


def test_somebody_else_reads_beside_a_stash(library: Path) -> None:
    """While Stash has it open its own files are there: reading adds none and hinders nobody."""
    with closing(sqlite3.connect(library, isolation_level=None)) as stash:
        stash.execute("UPDATE scenes SET title = 'just now' WHERE id = 1")
        beside = {path: path.stat().st_uid for path in library.parent.iterdir()}
        assert _as_somebody(_READS, str(library)) == "20"
        assert {path: path.stat().st_uid for path in library.parent.iterdir()} == beside
        stash.execute("UPDATE scenes SET title = 'and now' WHERE id = 1")


def test_what_is_left_is_the_owners(library: Path) -> None:
    """What reading leaves beside an idle database belongs to whom the database belongs to."""
    if os.geteuid() == 0:
        os.chown(library, _SOMEBODY, _SOMEBODY)
    with closing(open_database(library)) as source:
        assert len(read(source, "scene", "title")) == 20
    files = list(library.parent.iterdir())
    assert len(files) == 3
    assert {path.stat().st_uid for path in files} == {library.stat().st_uid}


def test_linked_by_itself(small_library: Path, tmp_path: Path, stash: StashServer) -> None:
    """A second name in another directory has no log beside it: what is only there would lack."""
    other = tmp_path / "elsewhere" / "stash.sqlite"
    other.parent.mkdir()
    other.hardlink_to(small_library)
    with pytest.raises(SourceUnavailable, match="away from the log"):
        open_database(other)
    assert taken(f"file:{other}", stash)[0] == "sql"


def test_symbolic_link(small_library: Path, tmp_path: Path) -> None:
    """A symbolic link leads to where the log is."""
    link = tmp_path / "link.sqlite"
    link.symlink_to(small_library)
    with closing(sqlite3.connect(small_library, isolation_level=None)) as stash:
        stash.execute("UPDATE scenes SET title = 'just now' WHERE id = 1")
        with closing(open_database(link)) as source:
            assert read(source, "scene", "title")[1]["title"] == "just now"


def test_mounted_by_itself(
    small_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was mounted alone, as into a container, is known by the list of mounts."""
    mounts = tmp_path / "mounts"
    listed = str(small_library.resolve()).replace("_", "\\137")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n/dev/sda1 {listed} ext4 rw 0 0\n")
    assert is_mount_point(small_library.resolve(), mounts)
    assert not is_mount_point(small_library.parent.resolve(), mounts)
    monkeypatch.setattr("indexer.extractor.mounts.MOUNTS", mounts)
    with pytest.raises(SourceUnavailable, match="was mounted"):
        open_database(small_library)


@pytest.mark.parametrize("closed", ["its directory", "the file"])
def test_what_cannot_be_opened_falls_through(
    closed: str, stash: StashServer, library: Path
) -> None:
    """Where this user may not open the file or look into its directory, `sql` is next."""
    if os.geteuid() == 0:
        os.chown(library, _SOMEBODY, _SOMEBODY)
    path = library.parent if closed == "its directory" else library
    path.chmod(0)
    try:
        told = _as_somebody(_CHOOSES, stash.url, str(library))
    finally:
        path.chmod(0o777)
    assert told.startswith("sql Stash is not read by file")
    assert "can't be opened" in told
