"""Nothing slips past and nothing comes twice, whatever fails or changes while it is read."""

from pathlib import Path

import pytest

from indexer.errors import StashError
from indexer.records import Kind
from indexer.retries import Patience
from tests.extractor.conftest import OpenSource
from tests.extractor.reading import paths, read, records, sql, unreadable
from tests.stash import edits
from tests.stash.faults import Fault, FaultKind
from tests.stash.server import StashServer


def test_scene_that_points_nowhere(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """Of a page that one scene spoils only that scene is missing, and is named."""
    for scene in (1, 77, 200):
        edits.set_studio(small_library, scene, 99999)
    pages = list(open_source(stash.url).pages("scene", paths("scene")))
    assert set(range(1, 201)) - set(records(pages)) == {1, 77, 200}
    assert [bad.id for bad in unreadable(pages)] == [1, 77, 200]
    assert all("studio with id 99999 not found" in bad.error for bad in unreadable(pages))


def test_scene_that_can_not_even_be_named(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """Where a scene fails whatever is asked of it, its id is found by counting."""
    for scene in (1, 100, 200):
        stash.faults.add(Fault("poison", scene_id=scene))
    edits.delete_scene(small_library, 98)
    edits.delete_scene(small_library, 99)
    pages = list(open_source(stash.url).pages("scene", frozenset({"title"})))
    assert [bad.id for bad in unreadable(pages)] == [1, 100, 200]
    assert len(records(pages)) == 195


@pytest.mark.parametrize("match", ["title", ""])
def test_scene_at_which_stash_breaks_off(
    match: str, stash: StashServer, open_source: OpenSource
) -> None:
    """A page at which Stash breaks off each time is halved, down to the scene that is the cause."""
    for scene in (1, 77, 78, 200):
        stash.faults.add(Fault("crash", scene_id=scene, match=match))
    pages = list(open_source(stash.url).pages("scene", frozenset({"title"})))
    assert [bad.id for bad in unreadable(pages)] == [1, 77, 78, 200]
    assert all("HTTP 500" in bad.error for bad in unreadable(pages))
    assert len(records(pages)) == 196


def test_scenes_at_which_stash_breaks_off_by_id(
    stash: StashServer, open_source: OpenSource
) -> None:
    """So is a batch of scenes that are asked for by their ids."""
    stash.faults.add(Fault("crash", scene_id=77))
    source = open_source(stash.url, patience=Patience(0.5))
    pages = list(source.pages("scene", frozenset({"title"}), range(70, 90)))
    assert [bad.id for bad in unreadable(pages)] == [77]
    assert len(records(pages)) == 19


@pytest.mark.parametrize(("kind", "size", "number"), [("scene", 25, 200), ("performer", 16, 40)])
def test_pages_that_are_too_much(
    kind: Kind, size: int, number: int, stash: StashServer, open_source: OpenSource
) -> None:
    """Where Stash breaks off at large pages only, small ones are asked for, and nothing is lost."""
    for too_much in (size, 2 * size):
        stash.faults.add(Fault("500", times=None, match=f'"n":{too_much}'))
    found = list(open_source(stash.url, page_size=2 * size).pages(kind, frozenset({"rating"})))
    assert list(records(found)) == list(range(1, number + 1))
    assert unreadable(found) == []


@pytest.mark.parametrize("answers", [True, False])
def test_stash_that_breaks_off_at_every_scene(
    stash: StashServer, open_source: OpenSource, *, answers: bool
) -> None:
    """A Stash that gives no scene at all, or nothing, ends the reading, and soon."""
    pages = open_source(stash.url).pages("scene", frozenset({"title"}))
    next(pages)
    stash.faults.add(Fault("500", times=None, match="findScenes" if answers else ""))
    with pytest.raises(StashError, match="HTTP 500"):
        list(pages)
    assert stash.counts()["systemStatus"] <= 21


def test_studios_that_point_nowhere(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """Kinds without a criterion on the id are halved by page number, to the same end."""
    sql(small_library, "UPDATE studios SET parent_id = 99999 WHERE id IN (1, 18, 40)")
    pages = list(open_source(stash.url, page_size=20).pages("studio", paths("studio")))
    assert [bad.id for bad in unreadable(pages)] == [1, 18, 40]
    assert sorted([*records(pages), 1, 18, 40]) == list(range(1, 41))


def test_partial_data_is_asked_for_again(stash: StashServer, open_source: OpenSource) -> None:
    """Data that comes with errors is not taken for the page: nothing goes missing."""
    source = open_source(stash.url)
    source.info()
    stash.faults.add(Fault("partial", match="findScenes", times=2))
    assert list(read(source, "scene", "title")) == list(range(1, 201))


@pytest.mark.parametrize("kind", ["cut", "truncated", "locked", "500"])
def test_nothing_lost_where_it_passes(
    stash: StashServer, open_source: OpenSource, kind: FaultKind
) -> None:
    """A page that breaks off comes again, whole and once."""
    source = open_source(stash.url, patience=Patience(30))
    stash.faults.add(Fault(kind, match="findScenes", times=1))
    assert list(read(source, "scene", "title")) == list(range(1, 201))


@pytest.mark.parametrize("kind", ["scene", "performer"])
def test_stash_that_fails_for_good_midway(
    stash: StashServer, open_source: OpenSource, kind: Kind
) -> None:
    """A Stash that starts to refuse everything ends the reading: no record is blamed for it."""
    pages = open_source(stash.url, page_size=8).pages(kind, frozenset({"rating"}))
    next(pages)
    stash.status = "NEEDS_MIGRATION"
    with pytest.raises(StashError, match="nil pointer"):
        next(pages)


def test_scenes_that_come_and_go(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """Deletes and additions while scenes are read make none slip past and none come twice."""
    pages = open_source(stash.url).pages("scene", frozenset({"title"}))
    found = [next(pages)]
    edits.delete_scene(small_library, 3)
    edits.delete_scene(small_library, 60)
    edits.add_scene(small_library, 300)
    ids = list(records([*found, *pages]))
    assert ids == [*range(1, 60), *range(61, 201), 300]


def test_performers_that_go(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """Deletes move what comes after them a page forward; nothing slips past all the same."""
    pages = open_source(stash.url, page_size=8).pages("performer", frozenset({"name"}))
    found = [next(pages), next(pages)]
    for performer in (1, 2, 11, 17):
        edits.delete_performer(small_library, performer)
    assert list(records([*found, *pages])) == [*range(1, 17), *range(18, 41)]


def test_performers_that_all_go(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """A listing that ends before where the walk is ends the walk."""
    pages = open_source(stash.url, page_size=8).pages("performer", frozenset({"name"}))
    found = [next(pages), next(pages)]
    for performer in range(1, 41):
        edits.delete_performer(small_library, performer)
    assert list(records([*found, *pages])) == list(range(1, 17))


@pytest.mark.parametrize("kind", ["scene", "performer"])
def test_some_by_id(stash: StashServer, open_source: OpenSource, kind: Kind) -> None:
    """Records are found by their ids, as they are in the whole; ids that nothing has give none."""
    source = open_source(stash.url)
    whole = read(source, kind)
    some = records(source.pages(kind, paths(kind), [31, 7, 999999, 7, 40]))
    assert some == {key: whole[key] for key in (7, 31, 40)}
    assert records(source.pages(kind, paths(kind), [])) == {}


def test_some_by_id_around_one_that_fails(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """One that can't be read is named; those asked for with it come."""
    edits.set_studio(small_library, 100, 99999)
    pages = list(open_source(stash.url).pages("scene", paths("scene"), range(1, 201)))
    assert [bad.id for bad in unreadable(pages)] == [100]
    assert len(records(pages)) == 199


def test_some_by_id_of_a_stash_that_fails(stash: StashServer, open_source: OpenSource) -> None:
    """A Stash that refuses everything is an error, not records that can't be read."""
    pages = open_source(stash.url).pages("scene", frozenset({"title"}), range(1, 201))
    next(pages)
    stash.status = "NEEDS_MIGRATION"
    with pytest.raises(StashError, match="nil pointer"):
        next(pages)
