"""Paths: what stands at their end, what has to be read for it, and what they find."""

from typing import Any

import pytest

from indexer.records import Kind
from indexer.transformer.code import Code
from indexer.transformer.dimensions import Dimensions
from indexer.transformer.membership import Membership
from indexer.transformer.paths import Context, PathError, parse_path
from tests.transformer.building import Record, marker, record, video_file

FILES = [video_file(5, oshashes=["b"]), video_file(3, width=100, oshashes=["a", "b"])]
SCENE = record(
    "scene",
    1,
    title="Lamp",
    studio=7,
    tags=[1, 2],
    performers=[5],
    files=FILES,
    markers=[marker(tags=[2, 1]), marker(primary_tag=1, tags=[1])],
    groups=[{"group": 4, "index": None}],
)
TAGS = [
    record("tag", 1, name="oil", aliases=["a", "b"], parents=[2]),
    record("tag", 2, name="light", aliases=["b"]),
]
PERFORMERS = [record("performer", 5, name="Vera", gender="FEMALE", tags=[2, 1])]


def _found(path: str, kind: Kind, given: Record) -> Any:
    context = Context(Dimensions(), Membership())
    code = Code()
    code.add("found", parse_path(path, kind).write(code, context))
    transform = code.finish("one path")
    context.dimensions.load("tag", TAGS)
    context.dimensions.load("performer", PERFORMERS)
    return transform(given)["found"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("title", "Lamp"),
        ("details", None),
        ("tags", [1, 2]),
        ("tags.label", ["oil", "light"]),
        ("tags.aliases", ["a", "b"]),
        ("tags.family", [1, 2]),
        ("tags.family.label", ["oil", "light"]),
        ("performers.gender", ["FEMALE"]),
        ("performers.favorite", [False]),
        ("performers.tags", [2, 1]),
        ("performers.tags.label", ["light", "oil"]),
        ("studio", 7),
        ("studio.label", None),
        ("studio.path", ()),
        ("files.id", [5, 3]),
        ("files.oshashes", ["b", "a", "b"]),
        ("files.0.oshashes", ["b"]),
        ("files.0.width", None),
        ("files.1.width", 100),
        ("files.2.width", None),
        ("markers.primary_tag", [None, 1]),
        ("markers.primary_tag.label", [None, "oil"]),
        ("markers.tags.label", ["light", "oil", "oil"]),
        ("groups.group", [4]),
        ("groups.index", [None]),
        ("groups.group.label", [None]),
    ],
)
def test_values(path: str, expected: object) -> None:
    """A path finds its value, in the record or through a dimension."""
    assert _found(path, "scene", SCENE) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("title", "text"),
        ("urls", "a list of text"),
        ("rating", "a whole number"),
        ("organized", "yes or no"),
        ("files.0.duration", "a number"),
        ("files.duration", "a list of a number"),
        ("performers.tags.label", "a list of text"),
        ("studio.path", "a list of text"),
    ],
)
def test_shapes(path: str, text: str) -> None:
    """A path's shape is the one that the record's annotations give it."""
    assert str(parse_path(path, "scene").shape) == text


@pytest.mark.parametrize(
    ("path", "kind", "asked"),
    [
        ("title", "scene", {("scene", "title")}),
        ("files.0.width", "scene", {("scene", "files.width")}),
        ("files.basename", "scene", {("scene", "files.basename")}),
        (
            "performers.label",
            "scene",
            {("scene", "performers"), ("performer", "name"), ("performer", "disambiguation")},
        ),
        (
            "performers.tags.label",
            "scene",
            {("scene", "performers"), ("performer", "tags"), ("tag", "name")},
        ),
        ("tags.family", "scene", {("scene", "tags"), ("tag", "name"), ("tag", "parents")}),
        ("studio.path", "scene", {("scene", "studio"), ("studio", "name"), ("studio", "parent")}),
        ("groups.group.label", "scene", {("scene", "groups.group"), ("group", "name")}),
        ("label", "performer", {("performer", "name"), ("performer", "disambiguation")}),
        ("totals.scene_count", "performer", set()),
        ("totals.studios.label", "performer", {("studio", "name")}),
    ],
)
def test_what_is_asked(path: str, kind: Kind, asked: set[tuple[Kind, str]]) -> None:
    """Only what a path needs is read from Stash."""
    assert parse_path(path, kind).asked == asked


def test_own_label() -> None:
    """A performer's own label is the one that scenes show."""
    assert _found("label", "performer", PERFORMERS[0]) == "Vera"
    assert _found("label", "performer", record("performer", 6)) is None


def test_totals_without_scenes() -> None:
    """A performer that no scene named has counts of 0 and no dates."""
    assert _found("totals.scene_count", "performer", PERFORMERS[0]) == 0
    assert _found("totals.first_scene_date", "performer", PERFORMERS[0]) is None
    assert _found("totals.studios.label", "performer", PERFORMERS[0]) == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("titel", "scene"),
        ("files", "scene"),
        ("files.0", "scene"),
        ("files.-1.width", "scene"),
        ("urls.0", "scene"),
        ("title.0", "scene"),
        ("title.length", "scene"),
        ("tags.", "scene"),
        ("performers.totals.scene_count", "scene"),
        ("totals.scene_count", "scene"),
        ("totals", "performer"),
        ("family", "scene"),
        ("", "tag"),
    ],
)
def test_unknown_paths(path: str, kind: Kind) -> None:
    """A path that leads nowhere is refused, and named."""
    with pytest.raises(PathError) as caught:
        parse_path(path, kind)
    assert str(caught.value).startswith('"')
