"""What people search now, as the gates see it: documents, and in how many each field is set."""

from indexer.loader import registry
from indexer.loader.delete import delete_documents
from indexer.loader.registry import Entry
from indexer.pipeline.gates import NOTHING
from indexer.pipeline.live import look_at_live
from tests.pipeline.world import SCENES, World
from tests.typesense.proxy import Answer, CutAnswer


def exports(world: World) -> int:
    """How often documents were read."""
    return len(world.proxy.requests("/documents/export"))


def test_from_the_registry(indexed: World) -> None:
    """What was counted when it was built is not counted again."""
    live = look_at_live(indexed.server, indexed.live)
    assert (live.documents, live.coverage["library"]) == (SCENES, SCENES)
    assert exports(indexed) == 0


def test_counted(indexed: World) -> None:
    """R3: where the registry says nothing, or another number than the server, they are counted."""
    told = look_at_live(indexed.server, indexed.live)
    registry.record(indexed.server, Entry(**{**vars(indexed.entry(indexed.live)), "coverage": {}}))
    counted = look_at_live(indexed.server, indexed.live)
    assert exports(indexed) == 1
    assert counted.documents == told.documents
    assert {
        each: count for each, count in counted.coverage.items() if each in told.coverage
    } == dict(told.coverage)
    delete_documents(indexed.server, indexed.live, ["main-1"])
    assert look_at_live(indexed.server, indexed.live).coverage["library"] == SCENES - 1


def test_not_read_yet(indexed: World) -> None:
    """R1: a server that just started says 404 of what it has not read yet: it is asked again."""
    live = indexed.live
    indexed.proxy.fail(Answer(404, b'{"message":"Not Found"}', on=f"/collections/{live}$"))
    assert look_at_live(indexed.server, live).documents == SCENES


def test_settled(indexed: World) -> None:
    """What people search is only counted on a server at rest."""
    live = indexed.live
    look_at_live(indexed.server, live)
    assert indexed.settled_before(f"/indexer_collections/documents/{live}")


def test_counting_that_breaks_off(indexed: World) -> None:
    """R12: an export that is cut is begun anew, and nothing is counted twice."""
    registry.forget(indexed.server, indexed.live)
    indexed.proxy.fail(CutAnswer(after=5_000, on="/documents/export"))
    live = look_at_live(indexed.server, indexed.live)
    assert (live.documents, live.coverage["library"]) == (SCENES, SCENES)
    assert exports(indexed) == 2


def test_nothing(world: World) -> None:
    """Without alias, or with one that leads nowhere, nothing is searched."""
    assert look_at_live(world.server, None) == NOTHING
    assert look_at_live(world.server, f"{world.alias}_gone") == NOTHING
