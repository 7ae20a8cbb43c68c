"""verify: what differs between Stash and a collection, each kind named; nothing is written."""

from collections.abc import Sequence
from typing import Any, cast

import orjson

from indexer.extractor.source import Page
from indexer.loader.delete import delete_documents
from indexer.pipeline.sync import sync
from indexer.pipeline.verify import Drift, verify
from indexer.records import Record
from tests.pipeline.changed_specs import with_field
from tests.pipeline.sources import Around, Dying
from tests.pipeline.world import World
from tests.stash import edits


class OnceOtherwise(Around):
    """Gives scene 1 another title in the first listing, as if it had been changed back since."""

    def changed(self, page: Page, ids: Sequence[int] | None) -> Page:  # noqa: ARG002 - as Around
        """Change the title."""
        if self.listings > 1:
            return page
        return Page([_retitled(each) for each in page.records], page.unreadable)


def _retitled(record: Record) -> Record:
    other = {"title": "For a moment only"} if record["id"] == 1 else {}
    return cast("Record", {**cast("dict[str, Any]", record), **other})


def look(world: World, *, deep: bool = False) -> Drift:
    """What verify finds in the scenes."""
    (drift,) = verify(world.run(), ["scenes"], deep=deep).collections
    return drift


def patch(world: World, document_id: str, **values: object) -> None:
    """Change a stored document behind the indexer's back."""
    path = f"/collections/{world.live}/documents/{document_id}"
    world.server.request("PATCH", path, content=orjson.dumps(values))


def test_nothing(indexed: World) -> None:
    """R24: where nothing differs verify says so with exit 0, deep or not, and writes nothing."""
    for deep in (False, True):
        report = verify(indexed.run(), ["scenes"], deep=deep)
        assert report.exit_code == 0
        assert report.drifted == []
    assert indexed.writes() == []


def test_every_kind(indexed: World) -> None:
    """R24: missing, stale and ghost documents are told apart, with exit 8; sync repairs them."""
    ghost = {**indexed.documents()[1], "id": "main-999", "stash_id": 999}
    delete_documents(indexed.server, indexed.live, ["main-2", "main-3"])
    edits.set_title(indexed.library, 4, "Changed since")
    path = f"/collections/{indexed.live}/documents"
    indexed.server.request("POST", path, content=orjson.dumps(ghost))
    indexed.proxy.seen.clear()
    report = verify(indexed.run(), ["scenes"])
    (drift,) = report.collections
    assert report.exit_code == 8
    assert report.drifted == ["scenes"]
    assert (drift.missing, drift.stale, drift.ghost) == (
        ["main-2", "main-3"],
        ["main-4"],
        ["main-999"],
    )
    assert indexed.writes() == []
    sync(indexed.run(), ["scenes"])
    assert look(indexed, deep=True).exit_code == 0


def test_altered(indexed: World) -> None:
    """R24: a field changed under its digest shows to --deep, with the field's name."""
    patch(indexed, "main-7", title="Somebody else's")
    assert look(indexed).exit_code == 0
    drift = look(indexed, deep=True)
    assert (drift.exit_code, drift.altered) == (8, {"main-7": ["title"]})


def test_wrong_schema(indexed: World) -> None:
    """R24: a collection of another spec is told with the fields that differ."""
    spec = with_field(indexed.scenes, "harbour", **{"from": "code", "type": "string"})
    (drift,) = verify(indexed.run(specs=[spec])).collections
    assert (drift.exit_code, drift.schema) == (8, "new: harbour")


def test_altered_schema(indexed: World) -> None:
    """R24: so is one whose fields somebody altered on the server."""
    dropped = {"fields": [{"name": "director", "drop": True}]}
    indexed.server.request("PATCH", f"/collections/{indexed.live}", content=orjson.dumps(dropped))
    drift = look(indexed)
    assert (drift.exit_code, drift.schema) == (
        8,
        "altered on the server: field director: missing",
    )


def test_hidden_by_a_collection(indexed: World) -> None:
    """R7: where a real collection hides the alias nobody searches what is compared: exit 2."""
    schema = {"name": indexed.alias, "fields": [{"name": "a", "type": "string"}]}
    indexed.server.request("POST", "/collections", content=orjson.dumps(schema))
    assert look(indexed).exit_code == 2


def test_alias_leads_nowhere(world: World) -> None:
    """Where nothing is searched there is nothing right either."""
    drift = look(world)
    assert (drift.exit_code, drift.collection) == (8, None)
    assert "leads nowhere" in str(drift.schema)


def test_looked_at_twice(indexed: World) -> None:
    """R24: what differed in the first look and not in the second is no drift."""
    source = OnceOtherwise(indexed.api)
    assert verify(indexed.run(source=source), ["scenes"]).exit_code == 0
    assert source.listings == 2


def test_at_most_twenty_ids(indexed: World) -> None:
    """The printed object has all counts, and up to 20 ids of each kind."""
    delete_documents(indexed.server, indexed.live, [f"main-{each}" for each in range(1, 26)])
    plain = verify(indexed.run(), ["scenes"]).as_json()
    assert plain["exit_code"] == 8
    (entry,) = plain["collections"]
    assert entry["missing"]["count"] == 25
    assert entry["missing"]["ids"] == [f"main-{each}" for each in range(1, 21)]


def test_stash_dies(indexed: World) -> None:
    """A Stash that can't be read is exit 5, not drift."""
    report = verify(indexed.run(source=Dying(indexed.api, listing=1)), ["scenes"])
    assert report.exit_code == 5
    assert report.drifted == []
