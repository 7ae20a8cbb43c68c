"""Snapshots: whole or refused, the same for a program on another machine."""

import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import orjson
import pytest
import zstandard

from indexer.errors import ConfigurationError
from indexer.events import nobody
from indexer.extractor.extract import PREFIX, Extracted, extract
from indexer.extractor.snapshot import Header, SnapshotSource, sealed
from indexer.extractor.source import Unreadable
from indexer.extractor.trouble import SourceUnavailable
from tests.extractor.reading import (
    KINDS,
    open_database,
    paths,
    read,
    records,
    sql,
    unreadable,
    whole,
)
from tests.extractor.ways import chosen
from tests.stash import edits
from tests.stash.faults import Fault
from tests.stash.server import StashServer


@pytest.fixture
def snapshot(small_library: Path, tmp_path: Path) -> Path:
    """A snapshot of the small library."""
    out = tmp_path / "library.jsonl.zst"
    _extract(small_library, out)
    return out


def _extract(library: Path, out: Path) -> Extracted:
    with closing(open_database(library)) as source:
        return extract(source, out, now=1_700_000_000, emit=nobody)


def _refused(snapshot: Path) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        next(SnapshotSource(snapshot).pages("tag", frozenset({"name"})))
    assert str(snapshot) in caught.value.message


def test_what_it_says_of_itself(snapshot: Path) -> None:
    """Counts, schema and the time it was taken at stand in its header; only this user reads it."""
    info = SnapshotSource(snapshot).info()
    assert (info.schema, info.taken_at, info.counts["scene"]) == (75, 1_700_000_000, 200)
    assert stat.S_IMODE(snapshot.stat().st_mode) == 0o600


def test_is_json_lines(snapshot: Path, small_library: Path) -> None:
    """Any tool that knows zstandard shows the header's line and one line for each record."""
    with snapshot.open("rb") as file:
        reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        header, *lines = reader.read().splitlines()
    assert orjson.loads(header)["header"]["sections"]["scene"]["lines"] == 200
    with closing(open_database(small_library)) as source:
        assert len(lines) == sum(len(found) for found in whole(source).values())


def test_again_the_same(small_library: Path, snapshot: Path, tmp_path: Path) -> None:
    """The same library gives the same bytes, and a snapshot of a snapshot is the same too."""
    again, copy = tmp_path / "again.zst", tmp_path / "copy.zst"
    _extract(small_library, again)
    assert again.read_bytes() == snapshot.read_bytes()
    extract(SnapshotSource(snapshot), copy, now=0, emit=nobody)
    assert whole(SnapshotSource(copy)) == whole(SnapshotSource(snapshot))
    assert SnapshotSource(copy).info().taken_at == 1_700_000_000


def test_unreadable_scenes_stay_unreadable(stash: StashServer, tmp_path: Path) -> None:
    """A scene that could not be read is told as such by the snapshot, with the reason."""
    stash.faults.add(Fault("poison", times=None, scene_id=7))
    out = tmp_path / "library.jsonl.zst"
    with chosen("api", stash.url) as api:
        extracted = extract(api, out, now=0, emit=nobody)
    assert (extracted.records["scene"], extracted.unreadable) == (199, 1)
    (bad,) = unreadable(SnapshotSource(out).pages("scene", paths("scene")))
    assert isinstance(bad, Unreadable)
    assert bad.id == 7
    assert "cannot be read" in bad.error


@pytest.mark.parametrize("where", [0.02, 0.3, 0.9, 0.9999])
def test_altered(snapshot: Path, where: float) -> None:
    """One byte that changed is enough to refuse it, wherever it is, before anything is read."""
    content = bytearray(snapshot.read_bytes())
    content[int(len(content) * where)] ^= 1
    snapshot.write_bytes(content)
    _refused(snapshot)


@pytest.mark.parametrize("kept", [0, 5, 300, -1])
def test_cut(snapshot: Path, kept: int) -> None:
    """A file that ends too early is refused, and so is one with more at its end."""
    content = snapshot.read_bytes()
    snapshot.write_bytes(content[:kept])
    _refused(snapshot)
    snapshot.write_bytes(content + b"x")
    _refused(snapshot)


def test_replaced_while_it_is_read(snapshot: Path, stash: StashServer) -> None:
    """What was looked at is read to its end, though another snapshot has its name by now."""
    with closing(SnapshotSource(snapshot)) as source:
        wanted, scenes = whole(source), source.pages("scene", paths("scene"))
        found = [next(scenes)]
        edits.rewrite_scene(stash.stash.database, 1, 7)
        sql(stash.stash.database, "DELETE FROM tags WHERE id > 5")
        _extract(stash.stash.database, snapshot)
        assert {"tag": read(source, "tag")} == {"tag": wanted["tag"]}
        assert records([*found, *scenes]) == wanted["scene"]
    with closing(SnapshotSource(snapshot)) as source:
        assert len(read(source, "tag")) == 5


@pytest.mark.parametrize("kept", [0.5, 0.99, 1.0])
def test_altered_while_it_is_read(snapshot: Path, kept: float) -> None:
    """A file that is written over, or cut, after it was looked at is told, not half read."""
    with closing(SnapshotSource(snapshot)) as source:
        assert source.info().counts["marker"] > 0
        size = int(snapshot.stat().st_size * kept)
        with snapshot.open("r+b") as file:
            file.truncate(size)
            if kept == 1.0:
                file.seek(size // 3)
                file.write(b"x" * (size // 3))
        with pytest.raises(SourceUnavailable, match="altered"):
            whole(source)


def test_altered_header(snapshot: Path) -> None:
    """A header that somebody changed and compressed again is refused too."""
    with snapshot.open("rb") as file:
        frame = zstandard.ZstdDecompressor().decompressobj()
        line = frame.decompress(file.read())
        rest = frame.unused_data
    snapshot.write_bytes(zstandard.compress(line.replace(b'"schema":75', b'"schema":72')) + rest)
    _refused(snapshot)


def test_other_format(snapshot: Path) -> None:
    """A snapshot in a form of another time is told apart from a broken one."""
    with snapshot.open("rb") as file:
        line = zstandard.ZstdDecompressor().decompressobj().decompress(file.read())
    header: Header = orjson.loads(line)["header"]
    header["format"] = 99
    snapshot.write_bytes(zstandard.compress(sealed(header)))
    with pytest.raises(SourceUnavailable, match="format 99"):
        SnapshotSource(snapshot).info()


def test_no_such_file(tmp_path: Path) -> None:
    """A path that names no file is a mistake in the settings."""
    with pytest.raises(ConfigurationError):
        SnapshotSource(tmp_path / "nowhere.zst").info()


def test_nowhere_to_write(small_library: Path, tmp_path: Path) -> None:
    """A directory that isn't there is told before anything is read."""
    with pytest.raises(ConfigurationError, match="can't be written"):
        _extract(small_library, tmp_path / "nowhere" / "library.zst")


def test_a_failed_one_leaves_the_one_before(
    stash: StashServer, snapshot: Path, tmp_path: Path
) -> None:
    """Where reading fails, the file that was there stays, and nothing is left beside it."""
    before, beside = snapshot.read_bytes(), set(tmp_path.iterdir())
    stash.faults.add(Fault("html", times=None, match="findScenes"))
    with chosen("api", stash.url) as api, pytest.raises(Exception, match="web page"):
        extract(api, snapshot, now=0, emit=nobody)
    assert snapshot.read_bytes() == before
    assert {path.suffix for path in set(tmp_path.iterdir()) - beside} <= {"-shm", "-wal"}


_LIMITED = """
import resource, signal, sys
from pathlib import Path
from indexer.events import nobody
from indexer.extractor.database import DatabaseSource
from indexer.extractor.extract import extract
from indexer.retries import ONCE
library, out, limit = sys.argv[1:]
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
extract(DatabaseSource(Path(library), patience=ONCE, emit=nobody), Path(out), now=0, emit=nobody)
"""


def test_killed_while_it_is_published(small_library: Path, snapshot: Path, tmp_path: Path) -> None:
    """What a run leaves that is killed while it writes the file goes with the next, of any name."""
    with snapshot.open("rb") as file:
        line = zstandard.ZstdDecompressor().decompressobj().decompress(file.read())
    body = sum(one["bytes"] for one in orjson.loads(line)["header"]["sections"].values())
    before, out = snapshot.read_bytes(), tmp_path / "out"
    out.mkdir()
    target = out / "library.zst"
    target.write_bytes(before)
    # The system ends it where the file gets larger than what was gathered for it.
    command = [sys.executable, "-c", _LIMITED, str(small_library), str(target), str(body)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGXFSZ
    assert target.read_bytes() == before
    assert len(list(out.glob(f"{PREFIX}*"))) == 1
    _extract(small_library, out / "other.zst")
    assert {path.name for path in out.iterdir()} == {"library.zst", "other.zst"}


def test_by_ids(snapshot: Path) -> None:
    """Things are found by id; those that are not there are left out."""
    source = SnapshotSource(snapshot)
    pages = source.pages("scene", frozenset({"title"}), [5, 3, 999])
    assert [record["id"] for page in pages for record in page.records] == [3, 5]
    assert set(read(source, "performer")) == set(range(1, 41))
    assert len(KINDS) == 7
