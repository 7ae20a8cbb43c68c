"""Room: a copy that would not fit is not begun, and the figures are told."""

from pathlib import Path

import orjson
import pytest

from indexer.errors import TypesenseError
from indexer.pipeline import room
from indexer.pipeline.reindex import reindex
from indexer.pipeline.room import check_room
from indexer.pipeline.sync import sync
from tests.pipeline.world import World
from tests.typesense.proxy import MANY, ReplaceAnswer

GB = 1_000_000_000


def metrics(world: World, **changed: int) -> None:
    """Have the server tell other figures of itself; the search index takes 2 GB of memory."""
    figures = {
        "system_memory_total_bytes": 8 * GB,
        "system_memory_used_bytes": 3 * GB,
        "system_disk_total_bytes": 100 * GB,
        "system_disk_used_bytes": 50 * GB,
        "typesense_memory_resident_bytes": 2 * GB,
        **changed,
    }
    body = orjson.dumps({name: str(value) for name, value in figures.items()})
    world.proxy.fail(ReplaceAnswer(body=body, on="/metrics.json", times=MANY))


def test_too_little_memory(indexed: World) -> None:
    """R19: too little memory for another copy is exit 6 with the figures, before it is begun."""
    live, before = indexed.live, indexed.collections()
    metrics(indexed, system_memory_used_bytes=8 * GB - 1_000_000)
    report = reindex(indexed.run(), ["scenes"])
    assert report.exit_code == 6
    assert report.first_error is not None
    assert "has 1 MB of memory left" in report.first_error.message
    assert "--no-room-check" in report.first_error.hint
    assert (indexed.live, indexed.collections(), indexed.writes()) == (live, before, [])
    assert sync(indexed.run(), ["scenes"]).exit_code == 0, "in place no room is needed"
    assert reindex(indexed.run(), ["scenes"], room_check=False).exit_code == 0


def test_too_little_disk(indexed: World) -> None:
    """R19: the same of the disk, which needs twice as much."""
    metrics(indexed, system_disk_used_bytes=100 * GB - 2_000_000)
    with pytest.raises(TypesenseError, match="has 2 MB of disk left"):
        check_room(indexed.server, indexed.live, indexed.events.append)


def test_enough(indexed: World) -> None:
    """Where it fits, the figures are told and the run goes on."""
    metrics(indexed)
    check_room(indexed.server, indexed.live, indexed.events.append)
    assert "of memory are free" in indexed.told()


@pytest.mark.parametrize(
    ("limit", "used", "stat"),
    [
        ("memory.max", "memory.current", "anon 1\ninactive_file 1500000\n"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "inactive_file 0\ntotal_inactive_file 1500000\n",
        ),
    ],
    ids=["v2", "v1"],
)
def test_container(
    indexed: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    used: str,
    stat: str,
) -> None:
    """R19: a container's own limit counts too; memory that it would give back is free."""
    metrics(indexed)
    monkeypatch.setattr(room, "CGROUPS", tmp_path)
    (tmp_path / "memory").mkdir()
    (tmp_path / used).write_text("7000000\n")
    (tmp_path / used).with_name("memory.stat").write_text(stat)
    (tmp_path / limit).write_text("max\n")
    check_room(indexed.server, indexed.live, indexed.events.append)
    (tmp_path / limit).write_text("9000000\n")
    with pytest.raises(TypesenseError, match="has 4 MB of memory left"):
        check_room(indexed.server, indexed.live, indexed.events.append)


def test_first(world: World) -> None:
    """Of the first collection nobody knows how much it will take."""
    metrics(world, system_memory_used_bytes=8 * GB)
    check_room(world.server, None, world.events.append)
    check_room(world.server, f"{world.alias}_gone", world.events.append)
    assert world.told() == ""
