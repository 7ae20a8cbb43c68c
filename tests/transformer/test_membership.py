"""Membership: what each performer appears in, counted from the scenes."""

from typing import Any

from indexer.records import Kind
from indexer.transformer.compile import compile_spec
from indexer.transformer.dates import first_day
from indexer.transformer.membership import COUNTING, SCENE_PATHS, Membership, no_totals
from indexer.transformer.paths import parse_path
from indexer.transformer.suggestions import suggestion
from tests.transformer.building import (
    Record,
    counted,
    record,
    shipped,
    spec,
    transformed,
    video_file,
)


def _counted(*scenes: Record) -> Membership:
    membership = Membership()
    membership.add(scenes)
    return membership


def _scene(number: int, **values: object) -> Record:
    return record("scene", number, **{"performers": [5]} | values)


def test_counts() -> None:
    """Scenes, plays, durations, dates, studios and groups add up for each performer."""
    file = video_file(duration=90.5)
    first = _scene(
        1,
        performers=[5, 6],
        date="2021-05-04",
        play_count=2,
        o_counter=1,
        studio=9,
        files=[file, video_file(2, duration=1000.0)],
        groups=[{"group": 7, "index": 1}, {"group": 3, "index": None}],
    )
    second = _scene(2, date="2019", play_count=1, studio=4, files=[file], groups=[])
    counted = _counted(first, second).performers
    assert counted[5] == {
        "scene_count": 2,
        "first_scene_date": first_day("2019"),
        "last_scene_date": first_day("2021-05-04"),
        "play_count": 3,
        "o_counter": 1,
        "duration": 181_000,
        "studios": [4, 9],
        "groups": [3, 7],
    }
    assert counted[6]["scene_count"] == 1
    assert counted.keys() == {5, 6}


def test_bare_scenes() -> None:
    """A scene without date, studio, file or duration counts as a scene all the same."""
    bare = no_totals()
    assert _counted(_scene(1), _scene(2, files=[video_file()])).performers[5] == bare | {
        "scene_count": 2
    }
    assert _counted(_scene(1, performers=[])).performers == {}


def test_a_duration_that_is_none() -> None:
    """A file that says it lasts for ever counts as thirty years: its scene is counted still."""
    membership = _counted(_scene(1, files=[video_file(duration=1e307)]))
    assert membership.performers[5]["duration"] == 10**12


def test_order_does_not_matter() -> None:
    """Whatever the order of scenes, the totals are the same, durations to the millisecond."""
    scenes = [
        _scene(number, date=f"20{number:02}", studio=number % 7, files=[video_file(duration=0.1)])
        for number in range(1, 40)
    ]
    assert _counted(*scenes).performers == _counted(*reversed(scenes)).performers


def test_each_studio_and_group_once() -> None:
    """Studios and groups are listed once, by id."""
    groups = [{"group": 2, "index": 1}]
    counted = _counted(*(_scene(number, studio=9, groups=groups) for number in range(3)))
    assert counted.performers[5]["studios"] == [9]
    assert counted.performers[5]["groups"] == [2]


def test_cleared_in_place() -> None:
    """Counting starts anew in the table that others already hold."""
    membership = _counted(_scene(1))
    held = membership.performers
    membership.complete = True
    membership.clear()
    assert held == {}
    assert not membership.complete


def test_a_pass_asks_for_what_it_counts() -> None:
    """The paths asked of a pass are scene paths, and a scene of just those can be counted."""
    kind: Kind = "scene"
    asked = {one for path in SCENE_PATHS for one in parse_path(path, kind).asked}
    assert asked == {(kind, path) for path in SCENE_PATHS}
    assert COUNTING["scene"] == SCENE_PATHS
    keys = {path.partition(".")[0] for path in SCENE_PATHS}
    scene = _scene(1, files=[video_file()])
    membership = Membership()
    membership.add([{key: scene[key] for key in keys}])
    assert membership.performers[5]["scene_count"] == 1


TREE: dict[Kind, list[Record]] = {
    "tag": [
        record("tag", 1, name="light"),
        record("tag", 2, name="lantern", parents=[1]),
        record("tag", 3, name="lamp", parents=[1]),
        record("tag", 4, name="pool", parents=[5]),
        record("tag", 5, name="loop", parents=[4]),
    ],
    "studio": [
        record("studio", 1, name="Quay"),
        record("studio", 2, name="Pier", parent=1),
    ],
}


def _counts(kind: Kind, membership: Membership) -> dict[int, object]:
    totals = membership.totals(kind)
    return {each["id"]: tuple(totals(each).values()) for each in TREE[kind]}


def test_each_scene_once() -> None:
    """With sub-tags a scene counts once, however many of them it has; loops count for both."""
    scenes = [
        _scene(1, tags=[2, 3], studio=2),
        _scene(2, tags=[1, 2], studio=1),
        _scene(3, tags=[4], studio=2),
        _scene(4),
    ]
    membership = counted(scenes, TREE)
    assert _counts("tag", membership) == {1: (1, 2), 2: (2, 2), 3: (1, 1), 4: (1, 1), 5: (0, 1)}
    assert _counts("studio", membership) == {1: (1, 3), 2: (2, 2)}


def test_counts_of_the_others() -> None:
    """Groups and galleries are counted too; a suggestion has the count of what it stands for."""
    groups = [{"group": 7, "index": None}]
    membership = counted([_scene(1, groups=groups, galleries=[8, 9]), _scene(2, galleries=[9])])
    expected: list[tuple[Kind, int, int]] = [("group", 7, 1), ("gallery", 9, 2), ("gallery", 1, 0)]
    for kind, number, count in expected:
        thing = record(kind, number)
        assert membership.totals(kind)(thing) == {"scene_count": count}
        assert membership.totals("suggestion")(suggestion(kind, thing)) == {"scene_count": count}
    performer = suggestion("performer", record("performer", 5))
    assert membership.totals("suggestion")(performer) == {"scene_count": 2}


def test_all_counts_are_cleared() -> None:
    """Counting anew forgets the counts of every kind."""
    membership = counted([_scene(1, tags=[2], studio=2)], TREE)
    membership.clear()
    assert _counts("tag", membership) == dict.fromkeys(range(1, 6), (0, 0))
    assert _counts("studio", membership) == {1: (0, 0), 2: (0, 0)}


def _performer_document(membership: Membership, **dimensions: list[Record]) -> dict[str, Any]:
    (content,) = transformed(
        shipped("performers"),
        [record("performer", 5)],
        {"studio": dimensions.get("studio", [])},
        membership,
    )
    return content


def test_documents_of_performers() -> None:
    """The counts reach the performer's document; a duration in seconds, what is 0 as 0."""
    groups = [{"group": 3, "index": 1}]
    scene = _scene(1, date="2021", studio=9, groups=groups, files=[video_file(duration=90.5)])
    content = _performer_document(_counted(scene), studio=[record("studio", 9, name="Quay")])
    expected = {
        "scene_count": 1,
        "first_scene_date": first_day("2021"),
        "last_scene_date": first_day("2021"),
        "play_count": 0,
        "o_counter": 0,
        "scenes_duration": 90.5,
        "studios": ["Quay"],
        "studio_ids": [9],
        "group_ids": [3],
    }
    assert {name: content[name] for name in expected} == expected


def test_a_performer_without_scenes() -> None:
    """A performer that no scene names has counts of 0 and nothing else of it."""
    content = _performer_document(Membership())
    assert {"scene_count": 0, "play_count": 0, "o_counter": 0}.items() <= content.items()
    assert content["scenes_duration"] == 0
    assert content.keys().isdisjoint({"first_scene_date", "studios", "studio_ids", "group_ids"})


def test_studios_that_are_gone() -> None:
    """A studio deleted since it was counted leaves name and id alike."""
    counted = _counted(_scene(1, studio=9), _scene(2, studio=4))
    content = _performer_document(counted, studio=[record("studio", 9, name="Quay")])
    assert (content["studios"], content["studio_ids"]) == (["Quay"], [9])
    assert counted.performers[5]["studios"] == [4, 9]


def test_who_needs_a_pass() -> None:
    """Only a collection with fields of totals needs the scenes counted."""
    assert shipped("performers").counted
    assert not shipped("scenes").counted
    name = {"type": "string", "from": "name"}
    assert not compile_spec(spec("performer", fields={"name": name})).counted
