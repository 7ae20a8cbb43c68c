"""From one spec to the next and back, as docs/upgrading.md tells it, while people search."""

from indexer.pipeline.rollback import release, rollback
from indexer.pipeline.sync import sync
from indexer.pipeline.verify import verify
from tests.faults.searcher import Searcher
from tests.pipeline.changed_specs import with_field, without_field
from tests.pipeline.world import SCENES, World
from tests.stash import edits


def test_there_and_back(indexed: World) -> None:
    """R24: sync builds a new spec and swaps; after a rollback the old one is right again."""
    old_spec, old = indexed.scenes, indexed.live
    new_spec = without_field(
        with_field(old_spec, "harbour", **{"from": "title", "type": "string", "facet": True}),
        "director",
    )
    server = indexed.server
    key = server._http.headers["X-TYPESENSE-API-KEY"]
    with Searcher(server.url, key, indexed.alias) as searcher:
        assert sync(indexed.run(specs=[new_spec])).exit_code == 0
        assert "it is not of today's spec: new: harbour; gone: director" in indexed.told()
        new = indexed.live
        assert new != old
        assert any("harbour" in each for each in indexed.documents().values())
        assert verify(indexed.run(specs=[new_spec]), deep=True).exit_code == 0
        assert sync(indexed.run(specs=[new_spec])).collections[0].loaded == 0

        assert rollback(indexed.run(specs=[new_spec]), "scenes").exit_code == 0
        edits.set_title(indexed.library, 1, "Changed meanwhile")
        assert release(indexed.run(), "scenes").exit_code == 0
        (scenes,) = sync(indexed.run(), ["scenes"]).collections
        assert (scenes.loaded, scenes.swapped) == (1, False), "in place: no rebuild is needed"
        assert indexed.live == old
        assert verify(indexed.run(), ["scenes"], deep=True).exit_code == 0
    assert searcher.failures == []
    assert searcher.found == {SCENES}
