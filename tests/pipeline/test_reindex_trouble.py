"""reindex with a Typesense that lies, breaks or belongs to somebody else as well."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.loader.catalog import collection
from indexer.loader.server import Typesense
from indexer.pipeline.reindex import reindex
from indexer.retries import Patience
from tests.pipeline.sources import Meddling
from tests.pipeline.world import SCENES, World, open_world, shipped_specs
from tests.typesense.fixtures import StartTypesense
from tests.typesense.proxy import (
    MANY,
    Answer,
    CutAnswer,
    CutRequest,
    Fault,
    LoseLines,
    Meanwhile,
    StatusZero,
)

LAGGING = b'{ "message": "Not Ready or Lagging"}'


@pytest.mark.parametrize(
    "fault",
    [
        lambda: Answer(503, LAGGING, times=3),
        lambda: Answer(503, LAGGING, times=3, on="/aliases", method="PUT"),
        lambda: CutRequest(after=10_000, times=2),
        lambda: CutAnswer(after=20, times=2),
        lambda: LoseLines(count=5, times=2),
        lambda: StatusZero(times=2),
        lambda: CutAnswer(after=0, on="/aliases", method="PUT"),
    ],
    ids=["503", "503 at the swap", "body cut", "answer cut", "lines lost", "status 0", "swap cut"],
)
def test_passing_trouble(world: World, fault: Callable[[], Fault]) -> None:
    """R11, R12: what passes by itself is tried again, and the data is whole, nothing doubled."""
    world.proxy.fail(fault())
    (scenes,) = reindex(world.run(), ["scenes"]).collections
    assert (scenes.exit_code, scenes.documents) == (0, SCENES), scenes.error
    assert len(world.documents()) == SCENES


def test_lines_missing_for_good(indexed: World) -> None:
    """R11: three answers with fewer lines than documents are exit 6; nothing half-made stays."""
    live, before = indexed.live, indexed.collections()
    indexed.proxy.fail(LoseLines(count=1, times=3))
    report = reindex(indexed.run(), ["scenes"])
    assert report.exit_code == 6
    assert report.first_error is not None
    assert "60 documents with 59 lines" in report.first_error.message
    assert (indexed.live, indexed.collections()) == (live, before)


def test_name_taken(world: World) -> None:
    """R7: a real collection of the alias's name is exit 2, left alone, with the way out."""
    schema: dict[str, Any] = {"name": world.alias, "fields": [{"name": "a", "type": "string"}]}
    world.server.admin_once(lambda client: client.collections.create(schema))  # type: ignore[arg-type]
    report = reindex(world.run(), ["scenes"])
    assert report.exit_code == 2
    assert report.first_error is not None
    assert "INDEXER_ALIAS_PREFIX" in report.first_error.hint
    assert collection(world.server, world.alias) is not None
    assert world.collections() == set()


def test_somebody_else_moves_the_alias(indexed: World) -> None:
    """An alias that somebody else moved meanwhile stays as they left it: exit 7."""
    first = indexed.live
    reindex(indexed.run(), ["scenes"])
    target = {"collection_name": first}

    def move() -> None:
        indexed.server.admin_once(
            lambda client: client.aliases.upsert(indexed.alias, target)  # type: ignore[arg-type]
        )

    (scenes,) = reindex(indexed.run(source=Meddling(indexed.api, move)), ["scenes"]).collections
    assert (scenes.exit_code, scenes.swapped) == (7, False)
    assert indexed.live == first


def test_wrong_key(world: World) -> None:
    """R22: a wrong key is told by a small request, before any document is read or sent."""
    with Typesense(world.proxy.url, "not-the-key", patience=Patience(2)) as server:
        run = world.run()
        report = reindex(type(run)(**{**vars(run), "typesense": server}))
    assert report.exit_code == 6
    assert report.first_error is not None
    assert "TYPESENSE_API_KEY" in report.first_error.hint
    assert "not-the-key" not in report.first_error.message + report.first_error.hint
    assert world.stash.counts()["findScenes"] == 0
    assert world.writes() == []


def test_disk_full(private_typesense: StartTypesense, tiny_library: Path, tmp_path: Path) -> None:
    """R19: a full disk is exit 6 and says so; what was live before is searched on."""
    typesense = private_typesense()
    with open_world(
        tiny_library, typesense.url, typesense.api_key, shipped_specs(), tmp_path / "dead"
    ) as world:
        assert reindex(world.run(), ["scenes"]).exit_code == 0
        live = world.live
        snapshot = {"snapshot_path": str(tmp_path / "snapshot")}
        # Without one the server replays its log when it starts, and refuses that as well.
        world.server.request("POST", "/operations/snapshot", params=snapshot)
        typesense.flags["disk-used-max-percentage"] = "1"
        typesense.restart()
        report = reindex(world.run(), ["scenes"])
        assert report.exit_code == 6
        assert report.first_error is not None
        assert "disk is used up" in report.first_error.message
        assert world.live == live
        assert len(world.documents()) == SCENES


def test_typesense_is_gone_for_good(world: World) -> None:
    """R12: where patience ran out once, the collections after it are not waited for again."""
    world.server.patience = Patience(1)

    def die() -> None:
        world.proxy.fail(CutRequest(on="/", times=MANY))

    world.proxy.fail(Meanwhile(die))
    scenes, performers = reindex(world.run()).collections
    assert (scenes.exit_code, performers.exit_code) == (6, 6)
    assert performers.seconds == 0, "it was never begun"
