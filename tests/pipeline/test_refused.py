"""What can't be given or isn't taken: counted, told, and kept searchable as it was."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson
import pytest

from indexer.extractor.source import Page, Source, Unreadable
from indexer.loader import delete, runs
from indexer.loader.locks import BEATS_A_LEASE, LOCKS
from indexer.pipeline.reindex import reindex
from indexer.pipeline.sync import sync
from indexer.records import Kind
from tests.pipeline.changed_specs import with_field
from tests.pipeline.sources import Around, Meddling, Twisting, Unable
from tests.pipeline.world import LEASE, SCENES, World
from tests.stash import edits
from tests.typesense.proxy import CutAnswer, Meanwhile


class Torn(Around):
    """Has a performer and can't give it, while it gives the scenes that name it."""

    def __init__(self, inner: Source, performer: int) -> None:
        super().__init__(inner)
        self._performer = performer

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Turn the performer into what can't be read."""
        for page in super().pages(kind, paths, ids):
            kept = [each for each in page.records if each["id"] != self._performer]
            torn = kind == "performer" and len(kept) < len(page.records)
            yield Page(kept, [Unreadable(self._performer, "torn")]) if torn else page


def rarest_performer(world: World) -> tuple[int, list[int]]:
    """The performer of the fewest scenes, and those scenes."""
    performers = {key: each.get("performer_ids", []) for key, each in world.documents().items()}
    named = Counter(one for each in performers.values() for one in each)
    rarest = min(named, key=lambda one: (named[one], one))
    return rarest, [key for key, each in performers.items() if rarest in each]


def test_what_a_scene_names_cannot_be_read(indexed: World) -> None:
    """A scene whose performer Stash can't give keeps that name where it is indexed: exit 3."""
    performer, scenes = rarest_performer(indexed)
    before = indexed.documents()
    edits.set_title(indexed.library, scenes[0], "Not to be seen")
    (report,) = sync(indexed.run(source=Torn(indexed.api, performer)), ["scenes"]).collections
    assert (report.exit_code, report.refused, report.loaded) == (3, len(scenes), 0)
    assert indexed.documents() == before
    assert f"performer {performer}" in told_in_letters(report.dead_letters)


def told_in_letters(path: str | None) -> str:
    """Why documents are dead letters."""
    assert path
    return " ".join(orjson.loads(each)["error"] for each in Path(path).read_bytes().splitlines())


def test_sync_has_a_budget(indexed: World) -> None:
    """R1: a sync of which Typesense refuses more than the gate lets pass is no good run: exit 4."""
    source = Twisting(indexed.api, lambda number: number <= 15)
    (report,) = sync(indexed.run(source=source), ["scenes"]).collections
    assert (report.exit_code, report.state, report.refused) == (4, "refused", 15)
    (gate,) = [each for each in report.gates if each.name == "refused"]
    assert (gate.ok, gate.seen, gate.limit) == (False, 15, 10)
    last, *_ = runs.last_runs(indexed.server, indexed.alias)
    assert runs.last_good([last]) is None
    assert len(indexed.documents()) == SCENES


@pytest.mark.parametrize(
    "unable",
    [lambda api: Unable(api, {5}), lambda api: Twisting(api, {5}.__contains__)],
    ids=["by Stash", "by Typesense"],
)
def test_kept_when_built_anew(indexed: World, unable: Callable[[Source], Source]) -> None:
    """A document that is refused is in the new collection as it was in the old one: exit 3."""
    before = indexed.documents()[5]
    edits.set_title(indexed.library, 5, "Not to be seen")
    (report,) = reindex(indexed.run(source=unable(indexed.api)), ["scenes"]).collections
    assert (report.exit_code, report.refused, report.documents) == (3, 1, SCENES)
    assert indexed.documents()[5] == before
    assert sync(indexed.run(), ["scenes"]).exit_code == 0
    assert indexed.documents()[5]["title"] == "Not to be seen"


def test_not_kept_under_another_spec(indexed: World) -> None:
    """Built by another spec there is no old form that fits: it is missing, and that is counted."""
    spec = with_field(indexed.scenes, "also", type="string", **{"from": "title"})
    run = indexed.run(source=Unable(indexed.api, {5}), specs=[spec])
    (report,) = reindex(run, ["scenes"]).collections
    assert (report.exit_code, report.refused, report.documents) == (3, 1, SCENES - 1)


def test_delete_whose_answer_was_lost(indexed: World) -> None:
    """A delete that went through unseen still clears the cache: something may have changed."""
    edits.delete_scene(indexed.library, 7)
    documents = f"/collections/{indexed.live}/documents"
    indexed.proxy.fail(CutAnswer(0, on=documents, method="DELETE"))
    (report,) = sync(indexed.run(), ["scenes"]).collections
    assert (report.exit_code, report.documents) == (0, SCENES - 1)
    assert "/operations/cache/clear" in [each.path for each in indexed.proxy.seen]


def test_lock_lost_between_deletes(indexed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """R17: a run that stood still while it deleted, and lost its lock, deletes no more: exit 7."""
    monkeypatch.setattr(delete, "MAX_QUERY", 1)
    for scene in (7, 8, 9):
        edits.delete_scene(indexed.library, scene)
    documents = f"/collections/{indexed.live}/documents"

    def lose() -> None:
        indexed.server.request("DELETE", f"{LOCKS.path}/{indexed.alias}")
        time.sleep(1.1 * LEASE / BEATS_A_LEASE)

    indexed.proxy.fail(Meanwhile(lose, on=documents, method="DELETE"))
    (report,) = sync(indexed.run(), ["scenes"]).collections
    assert report.exit_code == 7
    assert len(indexed.documents()) == SCENES - 1


def test_report_of_a_refused_sync(indexed: World) -> None:
    """A sync that a gate refuses tells what it read and what is there."""
    for scene in range(1, 21):
        edits.delete_scene(indexed.library, scene)
    source = Unable(indexed.api, {30})
    (report,) = sync(indexed.run(source=source), ["scenes"]).collections
    assert report.exit_code == 4
    assert (report.read, report.refused, report.documents) == (SCENES - 20, 1, SCENES)


def test_report_of_a_spec_that_fits_nothing(world: World) -> None:
    """Where the first documents are all refused the report counts them and names their file."""
    source = Twisting(world.api, lambda _: True)
    (report,) = reindex(world.run(source=source), ["scenes"]).collections
    assert (report.exit_code, report.refused >= 10) == (1, True)
    assert "details" in told_in_letters(report.dead_letters)


def test_canaries_stay_in_the_report(world: World) -> None:
    """What the canaries saw before the swap is told, also where a pass came after it."""
    source = Meddling(world.api, lambda: edits.set_title(world.library, 5, "Changed meanwhile"))
    (report,) = reindex(world.run(source=source), ["scenes"]).collections
    assert report.exit_code == 0
    assert source.listings == 3
    assert [gate.name for gate in report.gates if gate.name.startswith("canary")]
