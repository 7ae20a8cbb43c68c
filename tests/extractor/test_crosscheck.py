"""The sample that is compared with the API: as large as said, and fair to who edits meanwhile."""

import shutil
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.events import Step, Warned
from indexer.extractor.api import ApiSource
from indexer.extractor.backup import BackupSource
from indexer.extractor.crosscheck import differences
from indexer.extractor.sql import SqlSource
from tests.extractor.reading import open_database, sql
from tests.extractor.ways import a_client, taken
from tests.stash import edits
from tests.stash.faults import Fault, FaultKind
from tests.stash.library import build_library
from tests.stash.server import StashServer


def test_as_many_as_asked_whatever_the_ids(stash: StashServer, small_library: Path) -> None:
    """Ids far from the others don't draw the sample to themselves: it is exact, and by chance."""
    sql(small_library, "UPDATE scenes SET id = id + 1000000000 WHERE id > 150")
    with a_client(stash.url) as client, closing(open_database(small_library)) as file:
        for source in (file, SqlSource(client, ApiSource(client))):
            seen: set[int] = set()
            for _ in range(30):
                some = source.sample("scene", 100)
                assert len(set(some)) == 100
                assert some == sorted(some)
                seen.update(some)
            assert len(seen) == 200
            assert source.sample("performer", 100) == list(range(1, 41))


def test_a_sample_of_many_is_not_read_of_all(tmp_path: Path) -> None:
    """Where there are many ids some are drawn and looked for: reading all would hold the lock."""
    library = tmp_path / "stash.sqlite"
    build_library(library, scenes=1500, performers=5)
    sql(library, "UPDATE scenes SET id = 24000 - 3 * id")
    with StashServer(library) as stash, a_client(stash.url) as client:
        source = SqlSource(client, ApiSource(client))
        seen = [source.sample("scene", 30) for _ in range(100)]
    assert all(len(set(some)) == 30 and some == sorted(some) for some in seen)
    every = {one for some in seen for one in some}
    assert every <= set(range(19_500, 24_000, 3))
    assert len(every) > 1200
    assert not any("random()" in str(one.body) for one in stash.requests)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("TABLE performer_custom_fields RENAME TO performer_fields", "performer: no custom"),
        ("TABLE tag_stash_ids RENAME TO tag_boxes", "tag: no stash_ids"),
        ("TABLE studios_tags RENAME TO studio_tags", "studio: no tags"),
        ("TABLE groups_tags RENAME TO group_tags", "group: no tags"),
        ("TABLE tags RENAME COLUMN favorite TO liked", "tag: no favorite"),
        ("TABLE tags RENAME COLUMN sort_name TO sorted", "tag: no sort_name"),
        ("TABLE studios RENAME COLUMN favorite TO liked", "studio: no favorite"),
        ("TABLE galleries RENAME COLUMN photographer TO maker", "gallery: no code, photographer"),
        ("TABLE scene_markers RENAME COLUMN end_seconds TO ends", "marker: no end_seconds"),
        ("TABLE groups RENAME TO films", "no such table: movies"),
        ("TABLE scene_urls RENAME TO scene_links", "no such column: t.url"),
        ("TABLE performer_urls RENAME TO performer_links", "no such column: t.url"),
        ("TABLE studio_urls RENAME TO studio_links", "no such column: t.url"),
        ("TABLE gallery_urls RENAME TO gallery_links", "no such column: t.url"),
        ("TABLE group_urls RENAME TO group_links", "no such column: t.url"),
        ("TABLE scenes_view_dates RENAME TO views", "no such column: t.last_played_at"),
        ("TABLE scenes_o_dates RENAME TO os", "no such table: scenes_o_dates"),
        ("TABLE scenes RENAME COLUMN date_precision TO exact", "t.date_precision"),
        ("TABLE groups RENAME COLUMN date_precision TO exact", "t.date_precision"),
        ("TABLE performers RENAME COLUMN birthdate_precision TO exact", "t.birthdate_precision"),
    ],
)
def test_a_newer_schema_with_other_names(
    change: str, said: str, stash: StashServer, small_library: Path
) -> None:
    """What a newer database has under another name is not taken for absent: the API is used."""
    newer = Path(shutil.copy(small_library, small_library.with_name("newer.sqlite")))
    sql(newer, "UPDATE schema_migrations SET version = 90")
    sql(newer, f"ALTER {change}")
    name, told = taken(f"file:{newer}", stash)
    assert name in {"api", "sql"}
    warned = " ".join(event.message for event in told if isinstance(event, Warned))
    assert said in warned
    assert "it has every column" not in warned


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        ("id = 5", "id = 6", []),
        ("id = 5", "id IN (5, 6)", ["scene 5: rating"]),
    ],
)
def test_only_what_both_looks_saw(
    first: str, then: str, expected: list[str], stash: StashServer, small_library: Path
) -> None:
    """A thing that differs on the second look only was edited meanwhile: it doesn't count."""
    stale = Path(shutil.copy(small_library, small_library.with_name("stale.sqlite")))
    sql(stale, "UPDATE scenes SET rating = 50")
    sql(small_library, "UPDATE scenes SET rating = 50")
    sql(small_library, f"UPDATE scenes SET rating = 60 WHERE {first}")
    # More than the sample holds would leave it to chance which are seen.
    for library in (stale, small_library):
        sql(library, "DELETE FROM scenes WHERE id > 100")

    def edit(_: float) -> None:
        sql(small_library, "UPDATE scenes SET rating = 50")
        sql(small_library, f"UPDATE scenes SET rating = 60 WHERE {then}")

    with a_client(stash.url) as client, closing(open_database(stale)) as file:
        assert differences(file, ApiSource(client), wait=edit) == expected


def test_another_field_than_before(stash: StashServer, small_library: Path) -> None:
    """Two edits of two fields, each seen by one look, are no difference."""
    stale = Path(shutil.copy(small_library, small_library.with_name("stale.sqlite")))
    sql(small_library, "UPDATE scenes SET title = 'edited'")

    def edit(_: float) -> None:
        sql(stale, "UPDATE scenes SET title = 'edited'")
        sql(small_library, "UPDATE scenes SET details = 'edited too'")

    with a_client(stash.url) as client, closing(open_database(stale)) as file:
        assert differences(file, ApiSource(client), wait=edit) == []


@pytest.mark.parametrize(
    ("when", "differ"), [("2999-01-01T00:00:00Z", False), ("2001-01-01T00:00:00Z", True)]
)
def test_what_changed_since_the_copy(
    when: str, *, differ: bool, stash: StashServer, small_library: Path, tmp_path: Path
) -> None:
    """What Stash says it changed after a backup was begun is no difference; all else is."""
    with a_client(stash.url) as client, closing(BackupSource(client, tmp_path)) as copy:
        sql(small_library, "UPDATE scenes SET title = 'since then', updated_at = ?", when)
        found = differences(copy, ApiSource(client), wait=lambda _: None)
    assert bool(found) is differ


def test_a_thing_that_is_deleted_between_two_looks(stash: StashServer, small_library: Path) -> None:
    """One that goes away in the middle of a look is gone by both ways on the second."""
    sql(small_library, "DELETE FROM scenes WHERE id > 30")
    stale = Path(shutil.copy(small_library, small_library.with_name("stale.sqlite")))
    edits.delete_scene(small_library, 7)
    with a_client(stash.url) as client, closing(open_database(stale)) as file:
        found = differences(file, ApiSource(client), wait=lambda _: edits.delete_scene(stale, 7))
    assert found == []


@pytest.mark.parametrize(
    ("stale", "said"),
    [
        ("DELETE FROM scenes", "scene: 0 of 200"),
        ("DELETE FROM tags", "tag: 0 of 150"),
        ("DELETE FROM scenes WHERE id > 197", "scene 198: only Stash's API has it"),
        ("DELETE FROM performers WHERE id = 40", "performer 40: only Stash's API has it"),
        ("DELETE FROM performers WHERE id BETWEEN 9 AND 18", "only Stash's API has it"),
    ],
)
def test_what_a_file_lacks(stale: str, said: str, stash: StashServer, small_library: Path) -> None:
    """A copy that is empty, or lacks what came last, is seen through: it can't name it itself."""
    old = Path(shutil.copy(small_library, small_library.with_name("old.sqlite")))
    sql(old, stale)
    name, told = taken(f"file:{old}", stash)
    assert name == "api"
    (event,) = told
    assert isinstance(event, Warned)
    assert said in event.message


def test_an_empty_database(stash: StashServer, tmp_path: Path) -> None:
    """A database that Stash has just made and nothing is in, such as a wrong one, isn't used."""
    empty = tmp_path / "empty.sqlite"
    build_library(empty, scenes=0, performers=0)
    name, told = taken(f"file:{empty}", stash)
    assert name == "api"
    assert isinstance(told[0], Warned)
    assert "performer: 0 of 40" in told[0].message


@pytest.mark.parametrize(
    ("created", "differ"), [("2999-01-01T00:00:00Z", False), ("2001-01-01T00:00:00Z", True)]
)
def test_what_came_since_the_copy(
    created: str, *, differ: bool, stash: StashServer, small_library: Path, tmp_path: Path
) -> None:
    """A backup need not have what Stash made after it was begun; what is older it must have."""
    with a_client(stash.url) as client, closing(BackupSource(client, tmp_path)) as copy:
        edits.add_scene(small_library, title="new", created_at=created)
        found = differences(copy, ApiSource(client), wait=lambda _: None)
    assert found == (["scene 201: only Stash's API has it"] if differ else [])


@pytest.mark.parametrize("takes_sql", [True, False])
def test_what_stash_does_not_note(
    *, takes_sql: bool, stash: StashServer, small_library: Path
) -> None:
    """A backup is good although scenes were played, deleted and tagged otherwise since it was made.

    Where Stash takes no SQL, such changes are known by their kind.
    """
    made = stash.downloads.backup(small_library)
    stash.stash = replace(stash.stash, backup=lambda: made)
    for scene in range(1, 60):
        edits.play(small_library, scene)
    edits.merge_tags(small_library, 1, 2)
    for thing in (61, 62):
        edits.delete_scene(small_library, thing)
    edits.delete_performer(small_library, 3)
    if not takes_sql:
        stash.faults.add(Fault("html", times=None, match="querySQL"))
    name, told = taken("backup", stash)
    assert name == "backup"
    assert [type(event) for event in told] == [Step]


@pytest.mark.parametrize("way", ["sql", "stale"])
def test_what_no_edit_explains(
    way: str, stash: StashServer, small_library: Path, tmp_path: Path
) -> None:
    """What differs of a copy is a difference if it does so too where Stash is read the same way."""
    stale = Path(shutil.copy(small_library, tmp_path / "stale.sqlite"))
    with (
        a_client(stash.url) as client,
        closing(BackupSource(client, tmp_path)) as copy,
        closing(open_database(stale)) as same,
    ):
        sql(small_library, "UPDATE scenes SET rating = 13 WHERE id = 5")
        sql(small_library, "DELETE FROM scenes WHERE id > 100")
        now = SqlSource(client, ApiSource(client)) if way == "sql" else same
        found = differences(copy, ApiSource(client), now, wait=lambda _: None)
    assert ("scene 5: rating" in found) is (way == "stale")
    assert bool(found) is (way == "stale")


@pytest.mark.parametrize("ahead", [3600, -3600])
def test_a_copy_is_dated_by_the_earlier_clock(
    ahead: int, stash: StashServer, tmp_path: Path
) -> None:
    """Stash dates its edits by its own clock: where ours is ahead, that is what counts."""
    began = int(time.time())
    with (
        a_client(stash.url) as client,
        closing(BackupSource(client, tmp_path, clock=lambda: began + ahead)) as copy,
    ):
        assert copy.copied_at is not None
        assert 0 <= copy.copied_at - min(began, began + ahead) <= 60


@pytest.mark.parametrize("fault", ["poison", "crash"])
def test_scenes_that_the_api_cannot_name(
    fault: FaultKind, stash: StashServer, small_library: Path
) -> None:
    """Where each listing with a scene fails, what the source picked is compared all the same."""
    stash.faults.add(Fault(fault, times=None, scene_id=199))
    sql(small_library, "DELETE FROM scenes WHERE id <= 100")
    with a_client(stash.url) as client:
        api = ApiSource(client)
        assert api.sample("scene", 200) == []
        assert api.sample("performer", 20)[-20:] == list(range(21, 41))
    assert taken("auto", stash)[0] == "sql"
