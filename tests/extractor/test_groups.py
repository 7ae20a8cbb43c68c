"""Which scenes are in which groups is read from the groups, and costs what it must."""

from contextlib import closing
from pathlib import Path

from pydantic import TypeAdapter

from indexer.events import Event, Warned
from indexer.extractor.api import ApiSource
from indexer.extractor.graphql import StashClient
from indexer.extractor.groups import Memberships
from indexer.retries import ONCE
from tests.extractor.conftest import OpenSource
from tests.extractor.reading import read, sql
from tests.stash import edits
from tests.stash.server import StashServer


def test_groups_without_index_ask_no_scene(stash: StashServer, open_source: OpenSource) -> None:
    """Membership comes from the groups; scenes are asked about theirs only for the index."""
    scenes = read(open_source(stash.url), "scene", "groups.group")
    assert any(scene["groups"] for scene in scenes.values())
    assert all(p["index"] is None for scene in scenes.values() for p in scene["groups"])
    queries = [seen.body["query"] for seen in stash.requests if seen.operation == "findScenes"]
    assert not [query for query in queries if "groups" in query]


def test_groups_with_index_ask_members_only(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """The costly question is put for scenes that are in a group, and to no other."""
    scenes = read(open_source(stash.url), "scene", "groups.index")
    asked = [
        int(scene) for seen in stash.requests for scene in seen.body["variables"].get("ids", ())
    ]
    members = sql(small_library, "SELECT DISTINCT scene_id FROM groups_scenes ORDER BY 1")
    assert sorted(asked) == members == [key for key, scene in scenes.items() if scene["groups"]]
    found = [(p["group"], key, p["index"]) for key, s in scenes.items() for p in s["groups"]]
    rows = sql(
        small_library, "SELECT json_array(group_id, scene_id, scene_index) FROM groups_scenes"
    )
    assert sorted(map(repr, found)) == sorted(repr(tuple(_json(row))) for row in rows)


def _json(text: str) -> list[int | None]:
    return TypeAdapter(list[int | None]).validate_json(text)


def test_member_that_is_gone_keeps_no_index(stash: StashServer, small_library: Path) -> None:
    """A scene deleted since its group was read loses its number; its neighbours keep theirs."""
    told: list[Event] = []
    client = StashClient(stash.url, None, patience=ONCE, emit=told.append)
    source = ApiSource(client)
    with closing(source):
        memberships = Memberships(client, source._schema, 50)
        members = sql(small_library, "SELECT DISTINCT scene_id FROM groups_scenes ORDER BY 1")
        before = memberships.of(members, index=True)
        edits.delete_scene(small_library, members[2])
        after = memberships.of(members, index=True)
    assert {place["index"] for place in after[members[2]]} == {None}
    assert {key: after[key] for key in members if key != members[2]} == {
        key: before[key] for key in members if key != members[2]
    }
    assert [type(event) for event in told] == [Warned]


def test_group_that_can_not_be_read(
    stash: StashServer, small_library: Path, open_source: OpenSource
) -> None:
    """A group that fails because of a scene that is gone is found from its other scenes."""
    before = read(open_source(stash.url), "scene", "groups.group", "groups.index")
    sql(small_library, "INSERT INTO groups_scenes (group_id, scene_id) VALUES (2, 99999)")
    assert read(open_source(stash.url), "scene", "groups.group", "groups.index") == before
    assert 2 in {place["group"] for scene in before.values() for place in scene["groups"]}
