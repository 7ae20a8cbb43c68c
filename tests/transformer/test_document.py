"""Whole documents: those judged right once, what is unset, and lists beside each other."""

import json

import pytest

from indexer.transformer.compile import TRANSFORM_VERSION
from tests.transformer.building import record, shipped, transformed
from tests.transformer.golden import DOCUMENTS, NAMES, VERSION, kept, made

REWRITE = "run `python -m tests.transformer.golden` and look at what changed"


def test_the_golden_documents_are_of_this_version() -> None:
    """A raised TRANSFORM_VERSION goes with golden documents written anew."""
    for name in NAMES:
        assert kept(name)[VERSION] == TRANSFORM_VERSION, f"TRANSFORM_VERSION was raised: {REWRITE}."


@pytest.mark.parametrize("name", NAMES)
def test_golden_documents(name: str) -> None:
    """Documents come out as they did when they were judged right, digests included.

    If a converter's answer changed, TRANSFORM_VERSION has to be raised too: people's collections
    are built anew only then.
    """
    for now, before in zip(made(name)[DOCUMENTS], kept(name)[DOCUMENTS], strict=True):
        different = sorted(
            field for field in now.keys() | before.keys() if now.get(field) != before.get(field)
        )
        assert not different, (
            f"{now['id']} differs in {different}. If a converter's answer changed, raise "
            f"TRANSFORM_VERSION in transformer/compile.py. Then {REWRITE}."
        )
        assert list(now) == list(before)


def test_a_bare_scene() -> None:
    """A scene of which nothing is known has its title, its counters and its links, no more."""
    (content,) = transformed(shipped("scenes"), [record("scene", 12)])
    assert content == {
        "created_at": 0,
        "favorite_performer": False,
        "file_count": 0,
        "gallery_count": 0,
        "id": "main-12",
        "interactive": False,
        "library": "main",
        "marker_count": 0,
        "missing": [
            "title",
            "date",
            "rating",
            "studio",
            "performers",
            "tags",
            "details",
            "url",
            "stash_id",
            "file",
        ],
        "o_counter": 0,
        "organized": False,
        "performer_count": 0,
        "play_count": 0,
        "played": False,
        "screenshot": "/scene/12/screenshot?t=0",
        "shuffle": 1330857165,
        "stash_id": 12,
        "tag_count": 0,
        "title": "Scene 12",
        "title_sort": 7_002_790_515_356_479_916,
        "title_sort_2": 0,
        "title_sort_3": 0,
    }


def test_a_bare_performer() -> None:
    """A performer of whom nothing is known has a name, counts of 0 and no picture."""
    (content,) = transformed(shipped("performers"), [record("performer", 12)])
    assert content == {
        "created_at": 0,
        "favorite": False,
        "id": "main-12",
        "label": "Performer 12",
        "library": "main",
        "missing": ["birthdate", "country", "gender", "image", "stash_id", "url", "details"],
        "name": "Performer 12",
        "o_counter": 0,
        "play_count": 0,
        "scene_count": 0,
        "scenes_duration": 0.0,
        "shuffle": 1330857165,
        "stash_id": 12,
    }


def test_lists_beside_each_other() -> None:
    """What stands at one place of parallel lists belongs together."""
    scene = next(one for one in made("scenes")[DOCUMENTS] if one["id"] == "main-1")
    assert list(zip(scene["performers"], scene["performer_ids"], strict=True)) == [
        ("Vera Lindqvist", 1),
        ("Jon Brandt (the elder) #3", 3),
    ]
    tags = list(zip(scene["tags_all"], scene["tag_all_ids"], strict=True))
    assert [number for _, number in tags] == [1, 2, 3, 9]
    assert [name for name, _ in tags[:3]] == ["lantern", "light", "harbour"]
    groups = zip(scene["groups"], scene["group_ids"], scene["group_indexes"], strict=True)
    assert list(groups) == [("Storms", 1, 3), ("Calms #2", 2, -1)]
    studios = zip(scene["studio_path"], scene["studio_all_ids"], strict=True)
    assert [(path.rpartition(" > ")[2], number) for path, number in studios] == [
        ("Quay", 1),
        ("North \u203a Quay", 2),
        ("Pier", 3),
    ]
    markers = zip(scene["marker_titles"], scene["marker_seconds"], strict=True)
    assert [second for _, second in markers] == [1.5, 1.5, 60.0]
    assert [scene["marker_titles"][place] for place in (0, 2)] == ["Storm", "Marker"]


def test_a_long_text_is_kept_whole() -> None:
    """Five megabytes of details and 500 tags are a document like any other."""
    details = "lantern " * 655_360
    tags = [record("tag", number, name=f"tag {number}") for number in range(1, 501)]
    scene = record("scene", 1, details=details, tags=list(range(1, 501)))
    (content,) = transformed(shipped("scenes"), [scene], {"tag": tags})
    assert content["details"] == details
    assert content["tag_count"] == len(content["tags"]) == len(content["tags_all"]) == 500
    assert json.dumps(content)
