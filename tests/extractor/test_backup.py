"""Backups: fetched from our own address, whole, private, and gone afterwards."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.cli.servers import open_stash
from indexer.errors import StashError
from indexer.events import Event, Retrying, nobody
from indexer.extractor.backup import PREFIX, BackupSource, _fetch
from indexer.extractor.extract import PREFIX as HALF
from indexer.extractor.extract import extract
from indexer.extractor.leftovers import sweep
from indexer.extractor.trouble import SourceUnavailable
from indexer.origins import read_settings
from indexer.retries import ONCE, Patience
from tests.extractor.reading import read
from tests.extractor.ways import a_client, chosen, taken
from tests.stash import edits
from tests.stash.faults import Fault, FaultKind
from tests.stash.server import StashServer

_CHILD = """
import os, resource, signal, sys
from pathlib import Path
from indexer.events import nobody
from indexer.extractor.backup import BackupSource
from indexer.extractor.extract import extract
from indexer.extractor.graphql import StashClient
from indexer.retries import ONCE
url, directory, limit, fatal, times = sys.argv[1:]
if int(limit) > 0:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
seen = 0
def die(event, arguments):
    global seen
    if fatal in f"{event} {arguments}":
        seen += 1
        if seen == int(times):
            os.kill(os.getpid(), signal.SIGKILL)
if fatal:
    sys.addaudithook(die)
try:
    source = BackupSource(StashClient(url, None, patience=ONCE, emit=nobody), Path(directory))
    if limit == "-1":
        extract(source, Path(directory, "library.zst"), now=0, emit=nobody)
except Exception as error:
    print(type(error).__name__, error.message, flush=True)
    raise SystemExit(1)
print("open", flush=True)
sys.stdin.read()
"""


def _backup(
    stash: StashServer, directory: Path, patience: Patience = ONCE, told: list[Event] | None = None
) -> BackupSource:
    events: list[Event] = [] if told is None else told
    with a_client(stash.url, patience=patience, emit=events.append) as client:
        return BackupSource(client, directory)


def _left(directory: Path) -> list[Path]:
    return list(directory.glob(f"{PREFIX}*"))


def _child(
    stash: StashServer, directory: Path, limit: int = 0, fatal: str = "", times: int = 1
) -> subprocess.Popen[str]:
    """A run that keeps its copy open, killed by itself the nth time that something happens."""
    options = (stash.url, str(directory), str(limit), fatal, str(times))
    command = [sys.executable, "-c", _CHILD, *options]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_private_and_gone_afterwards(stash: StashServer, tmp_path: Path) -> None:
    """The copy is one file for this user only, as old as the backup, and removed at the end."""
    with closing(_backup(stash, tmp_path)) as source:
        (file,) = _left(tmp_path)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        edits.delete_scene(stash.stash.database, 1)
        assert len(read(source, "scene")) == 200
        assert source.info().url == stash.url
    assert _left(tmp_path) == []


def test_goes_on_where_it_was_cut(stash: StashServer, tmp_path: Path) -> None:
    """A download that breaks off twice is gone on with, from where it was."""
    stash.faults.add(Fault("cut", times=2, match="/downloads/", after_bytes=100_000))
    told: list[Event] = []
    with closing(_backup(stash, tmp_path, Patience(20), told)) as source:
        assert len(read(source, "scene")) == 200
    assert sum(isinstance(event, Retrying) for event in told) == 2
    ranges = [seen.headers["Range"] for seen in stash.requests if "/downloads/" in seen.path]
    assert ranges == ["bytes=0-", "bytes=100000-", "bytes=200000-"]


def test_all_had_come_when_it_broke(stash: StashServer, tmp_path: Path) -> None:
    """Where the connection breaks after the last byte, asking for the rest tells that none is."""
    path = stash.downloads.backup(stash.stash.database)
    whole = stash.downloads._file(path).read_bytes()
    with a_client(stash.url) as client, (tmp_path / "copy").open("w+b") as file:
        file.write(whole)
        _fetch(client, path, file)
        file.seek(0)
        assert file.read() == whole
        file.write(b"more than there is")
        with pytest.raises(SourceUnavailable, match="is gone"):
            _fetch(client, path, file)


@pytest.mark.parametrize("kind", ["cut", "truncated", "500"])
def test_one_copy_and_no_more(stash: StashServer, tmp_path: Path, kind: FaultKind) -> None:
    """A copy costs Stash its write lock and a place: a lost answer doesn't make a second."""
    stash.faults.add(Fault(kind, times=3, match="backupDatabase"))
    with pytest.raises(StashError):
        _backup(stash, tmp_path, Patience(20))
    assert stash.counts()["backupDatabase"] == 1
    assert _left(tmp_path) == []


def test_one_that_was_not_begun(stash: StashServer, tmp_path: Path) -> None:
    """Where Stash could not begin, for its database is locked, it is asked again."""
    stash.faults.add(Fault("locked", times=2, match="backupDatabase"))
    with closing(_backup(stash, tmp_path, Patience(20))) as source:
        assert len(read(source, "scene", "title")) == 200
    assert stash.counts()["backupDatabase"] == 3


@pytest.mark.parametrize("setting", ["auto", "api", "sql", "snapshot:library.jsonl.zst"])
def test_every_way_sweeps(
    stash: StashServer, tmp_path: Path, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a killed run left goes with the next one, whichever way that reads."""
    monkeypatch.chdir(tmp_path)
    with chosen("api", stash.url) as source:
        extract(source, Path("library.jsonl.zst"), now=0, emit=nobody)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with _child(stash, tmp_path) as child:
        assert child.stdout
        assert child.stdout.readline() == "open\n"
        child.kill()
    assert len(_left(tmp_path)) == 1
    settings = {"source": setting, "stash_url": stash.url}
    with open_stash(read_settings(settings).settings, nobody) as source:
        read(source, "tag", "name")
    assert _left(tmp_path) == []


def test_without_a_place_for_temporary_files(
    stash: StashServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing temporary can be written, only the backup can't be had, and it says so."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/proc/nowhere"])
    for setting in ("auto", "api", "sql"):
        with chosen(setting, stash.url) as source:
            assert len(read(source, "scene", "title")) == 200
    with pytest.raises(SourceUnavailable, match="no directory for temporary files"):
        taken("backup", stash)


def test_what_others_put_there_stays(tmp_path: Path) -> None:
    """Sweeping a directory for everybody neither waits for a pipe nor follows a link."""
    precious = tmp_path / "precious"
    precious.write_text("harbour log")
    os.mkfifo(tmp_path / f"{PREFIX}pipe")
    (tmp_path / f"{PREFIX}link").symlink_to(precious)
    (tmp_path / f"{PREFIX}directory").mkdir()
    (tmp_path / f"{PREFIX}left.sqlite").touch()
    sweep(tmp_path, PREFIX)
    assert {path.name.removeprefix(PREFIX) for path in _left(tmp_path)} == {
        "pipe",
        "link",
        "directory",
    }
    assert precious.exists()


def test_link_gone(small_library: Path, tmp_path: Path) -> None:
    """A backup that Stash no longer has is said to be gone; nothing stays behind."""
    with (
        StashServer(small_library, download_life=-1) as stash,
        pytest.raises(SourceUnavailable, match="is gone") as caught,
    ):
        _backup(stash, tmp_path)
    assert "Start again" in caught.value.hint
    assert _left(tmp_path) == []


def test_no_backup_at_all(stash: StashServer, tmp_path: Path) -> None:
    """A Stash that can't make one says why; nothing stays behind."""
    stash.faults.add(Fault("partial", match="backupDatabase"))
    with pytest.raises(StashError):
        _backup(stash, tmp_path)
    assert _left(tmp_path) == []


def test_damaged(stash: StashServer, tmp_path: Path) -> None:
    """What came through damaged is not read."""
    path = stash.downloads.backup(stash.stash.database)
    file = stash.downloads._file(path)
    file.write_bytes(file.read_bytes()[:8192] + b"\xff" * 50_000)
    stash.stash = replace(stash.stash, backup=lambda: path)
    with pytest.raises(SourceUnavailable, match="damaged"):
        _backup(stash, tmp_path)
    assert _left(tmp_path) == []


@pytest.mark.parametrize("lacking", [200_000, 10])
def test_disk_full(lacking: int, stash: StashServer, tmp_path: Path) -> None:
    """Where the copy doesn't fit, be it but for its last bytes, it says so and leaves nothing."""
    made = stash.downloads.backup(stash.stash.database)
    size = stash.downloads._file(made).stat().st_size
    with _child(stash, tmp_path, limit=size - lacking) as child:
        assert child.stdout
        told = child.stdout.read()
    assert child.returncode == 1
    assert "SourceUnavailable The backup can't be kept" in told
    assert _left(tmp_path) == []


def test_no_room_is_seen_before(
    stash: StashServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The free space is looked at before a byte is written."""
    monkeypatch.setattr("indexer.extractor.backup._SPARE_BYTES", 2**62)
    with pytest.raises(SourceUnavailable, match="MB are needed"):
        _backup(stash, tmp_path)
    assert _left(tmp_path) == []


def test_killed_runs_are_swept_up_after(stash: StashServer, tmp_path: Path) -> None:
    """A killed run's copy is removed by the next run, one that is being read is not."""
    with _child(stash, tmp_path) as killed, _child(stash, tmp_path) as alive:
        assert killed.stdout
        assert alive.stdout
        assert killed.stdout.readline() == "open\n"
        assert alive.stdout.readline() == "open\n"
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        assert len(_left(tmp_path)) == 2
        with closing(_backup(stash, tmp_path)):
            assert len(_left(tmp_path)) == 2  # its own, and that of the run that lives
        assert len(_left(tmp_path)) == 1
        alive.kill()


@pytest.mark.parametrize("phase", ["backupDatabase", "/downloads/"])
def test_killed_while_it_waits_for_stash(phase: str, stash: StashServer, tmp_path: Path) -> None:
    """A kill while Stash copies, or while the copy comes in, leaves what the next run sweeps."""
    stash.faults.add(Fault("slow", match=phase, delay=1.5))
    with _child(stash, tmp_path) as child:
        while not any(phase in name for name in stash.counts()):
            time.sleep(0.02)
        os.kill(child.pid, signal.SIGKILL)
    _swept_up_after(stash, tmp_path)


@pytest.mark.parametrize(
    ("fatal", "times"),
    [
        ("fcntl.flock", 1),  # the file is new
        ("immutable=1", 1),  # the copy is whole, and about to be checked
        ("immutable=1", 2),  # it was found good, and is about to be opened
    ],
)
def test_killed_when_the_copy_is_there(
    fatal: str, times: int, stash: StashServer, tmp_path: Path
) -> None:
    """A kill at the file's first moment, at the integrity check, at opening: swept up as well."""
    with _child(stash, tmp_path, fatal=fatal, times=times) as child:
        assert child.wait() == -signal.SIGKILL
    _swept_up_after(stash, tmp_path)


def test_killed_while_a_snapshot_is_written(stash: StashServer, tmp_path: Path) -> None:
    """A kill in the middle of an extract leaves a copy and a half of a snapshot: both are swept."""
    with _child(stash, tmp_path, limit=-1, fatal=f"tempfile.mkstemp ('{tmp_path}/{HALF}") as child:
        pass
    assert child.returncode == -signal.SIGKILL
    with closing(_backup(stash, tmp_path)) as source:
        extract(source, tmp_path / "other.zst", now=0, emit=nobody)
    assert not list(tmp_path.glob("indexer-*"))


def _swept_up_after(stash: StashServer, directory: Path) -> None:
    assert len(_left(directory)) == 1
    with closing(_backup(stash, directory)):
        assert len(_left(directory)) == 1
    assert _left(directory) == []
