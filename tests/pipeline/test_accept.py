"""accept: a person overrules the shares of a gate, and nothing else."""

import pytest

from indexer.pipeline.accept import accept
from indexer.pipeline.reindex import reindex
from tests.pipeline.changed_specs import with_field
from tests.pipeline.world import SCENES, World
from tests.stash import edits


@pytest.fixture
def refused(indexed: World) -> World:
    """Twenty scenes are gone, and the collection without them was refused."""
    for scene in range(1, 21):
        edits.delete_scene(indexed.library, scene)
    assert reindex(indexed.run(), ["scenes"]).exit_code == 4
    indexed.events.clear()
    return indexed


def test_accepted(refused: World) -> None:
    """R2: the refused collection is shown, brought up to date and swapped in."""
    old, new = refused.live, refused.spare
    edits.set_title(refused.library, 30, "Changed since the refusal")
    edits.delete_scene(refused.library, 31)
    report = accept(refused.run(), "scenes")
    (scenes,) = report.collections
    assert (report.exit_code, scenes.state, scenes.swapped) == (0, "live", True)
    assert (scenes.loaded, scenes.deleted) == (1, 1)
    assert refused.live == scenes.collection == new
    assert "shrink saw 20, limit 10" in refused.told()
    documents = refused.documents()
    assert len(documents) == SCENES - 21
    assert documents[30]["title"] == "Changed since the refusal"
    assert refused.entry(old).state == "retired"
    assert refused.entry(new).previous == old
    assert accept(refused.run(), "scenes").exit_code == 2, "it is refused no more"


def test_only_what_was_looked_at(refused: World) -> None:
    """R1: what vanished since the refusal passes the gates anew; looked at again, it may go."""
    live = refused.live
    for scene in range(21, 52):
        edits.delete_scene(refused.library, scene)
    report = accept(refused.run(), "scenes")
    assert report.exit_code == 4
    assert report.first_error is not None
    assert "shrink: 51, limit 10" in report.first_error.message
    assert refused.live == live
    assert accept(refused.run(), "scenes").exit_code == 0
    assert len(refused.documents()) == SCENES - 51


def test_never_nothing(refused: World) -> None:
    """R1: nobody can accept an empty collection in place of one that has documents."""
    live = refused.live
    for scene in range(21, SCENES + 1):
        edits.delete_scene(refused.library, scene)
    report = accept(refused.run(), "scenes")
    assert report.exit_code == 4
    assert report.first_error is not None
    assert "empty" in report.first_error.message
    assert refused.live == live


def test_nothing_to_accept(indexed: World) -> None:
    """Where nothing was refused that is exit 2, and nothing moves."""
    live = indexed.live
    report = accept(indexed.run(), "scenes")
    assert report.exit_code == 2
    assert report.first_error is not None
    assert "no refused collection" in report.first_error.message
    assert indexed.live == live


def test_another_spec(refused: World) -> None:
    """What another spec built is not accepted: it would have to be built anew at once."""
    live = refused.live
    spec = with_field(refused.scenes, "harbour", **{"from": "code", "type": "string"})
    report = accept(refused.run(specs=[spec]), "scenes")
    assert report.exit_code == 2
    assert report.first_error is not None
    assert "another spec" in report.first_error.message
    assert refused.live == live
