"""Compiled specs: the schema, the hash that asks for a new collection, what is read."""

from collections.abc import Callable
from typing import Any

import pytest

from indexer.transformer import compile as compiling
from indexer.transformer.compile import CompiledSpec, compile_spec, together
from indexer.transformer.membership import COUNTING, SCENE_PATHS
from tests.transformer.building import Record, record, shipped, spec, transformed, video_file

FIELDS: dict[str, dict[str, Any]] = {
    "title": {"type": "string", "from": ["title", "code"], "default": "Scene {id}"},
    "sites": {"type": "string[]", "from": "urls", "convert": "sites", "facet": True},
    "year": {"type": "int32", "from": "date", "convert": "year"},
    "plays": {"type": "int32", "from": "play_count", "always": True},
    "note": {"type": "string", "from": "details", "stored": True},
}


def _compiled(fields: dict[str, dict[str, Any]] | None = None, **values: Any) -> CompiledSpec:
    return compile_spec(spec(fields=FIELDS | (fields or {}), **values))


def test_schema() -> None:
    """The schema is what Typesense takes: names ascending, own fields included."""
    compiled = _compiled(default_sorting_field="plays", token_separators=["-"])
    schema = compiled.schema("lamps_1")
    assert schema["name"] == "lamps_1"
    assert schema["default_sorting_field"] == "plays"
    assert schema["token_separators"] == ["-"]
    marks = {
        field["name"]: "".join(
            letter
            for letter, key in (("f", "facet"), ("i", "index"), ("o", "optional"), ("s", "sort"))
            if field[key]
        )
        for field in schema["fields"]
    }
    assert marks == {
        "digest": "o",
        "library": "fi",
        "note": "o",
        "plays": "is",
        "sites": "fio",
        "stash_id": "i",
        "title": "i",
        "year": "ios",
    }
    assert list(marks) == sorted(marks)


def test_schema_without_options() -> None:
    """What a spec doesn't say is not sent."""
    assert _compiled().schema("x").keys() == {"name", "fields"}


TITLE, YEAR = FIELDS["title"], FIELDS["year"]


@pytest.mark.parametrize(
    "changed",
    [
        lambda: _compiled({"year": YEAR | {"type": "int64"}}),
        lambda: _compiled({"year": YEAR | {"facet": True}}),
        lambda: _compiled({"year": YEAR | {"sort": False}}),
        lambda: _compiled({"title": TITLE | {"from": ["code", "title"]}}),
        lambda: _compiled({"title": TITLE | {"from": "title"}}),
        lambda: _compiled({"title": TITLE | {"convert": "natural_order"}}),
        lambda: _compiled({"title": TITLE | {"default": "Lamp {id}"}}),
        lambda: _compiled({"year": YEAR | {"always": True}}),
        lambda: _compiled({"code": {"type": "string", "from": "code"}}),
        lambda: _compiled(token_separators=["-"]),
        lambda: _compiled(default_sorting_field="plays"),
        lambda: compile_spec(spec("gallery", fields={"title": TITLE})),
        lambda: compile_spec(spec(fields={"title": TITLE})),
        lambda: compile_spec(spec(fields=FIELDS), library="attic"),
    ],
)
def test_what_asks_for_a_new_collection(changed: Callable[[], CompiledSpec]) -> None:
    """Another schema, source, converter, id or kind of record has another hash."""
    assert changed().spec_hash != _compiled().spec_hash


def test_the_kind_of_record_counts() -> None:
    """Fields alike of another kind of record make another collection."""
    scenes, galleries = (
        compile_spec(spec(kind, fields={"title": TITLE})) for kind in ("scene", "gallery")
    )
    assert scenes.spec_hash != galleries.spec_hash


def test_the_version_of_the_transformer_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raising TRANSFORM_VERSION asks for new collections."""
    before = _compiled().spec_hash
    monkeypatch.setattr(compiling, "TRANSFORM_VERSION", compiling.TRANSFORM_VERSION + 1)
    assert _compiled().spec_hash != before


@pytest.mark.parametrize(
    "same",
    [
        _compiled,
        lambda: _compiled(gates={"max_shrink": 0.5}),
        lambda: _compiled(canaries=[{"facet_by": "sites"}]),
        lambda: _compiled(alias="other"),
        lambda: _compiled(name="other"),
        lambda: compile_spec(spec(fields=FIELDS), alias_prefix="test_"),
        lambda: compile_spec(spec(fields=dict(reversed(FIELDS.items())))),
        lambda: _compiled({"year": YEAR | {"sort": True}}),
    ],
)
def test_what_does_not(same: Callable[[], CompiledSpec]) -> None:
    """Gates, canaries, names and the order of fields change nothing that is stored."""
    assert same().spec_hash == _compiled().spec_hash


def test_the_hash_is_the_name_s() -> None:
    """The hash has the 8 hex digits that a collection's name has room for."""
    assert len(_compiled().spec_hash) == 8
    assert int(_compiled().spec_hash, 16) >= 0


def test_names() -> None:
    """The prefix is the alias's alone; facets are the spec's and the library."""
    compiled = compile_spec(spec(fields=FIELDS), library="attic", alias_prefix="test_")
    assert (compiled.name, compiled.alias) == ("lamps", "test_lamps")
    assert compiled.facets == ["library", "sites"]
    assert compiled.document_id(12) == "attic-12"
    (content,) = transformed(compiled, [record("scene", 12)])
    assert (content["id"], content["library"], content["stash_id"]) == ("attic-12", "attic", 12)


def test_what_is_asked() -> None:
    """A collection asks for the paths of its fields, and the ids that hold them together."""
    tags = {"type": "string[]", "from": "performers.tags.label"}
    assert _compiled({"tags": tags}).asked == {
        "scene": {"id", "title", "code", "urls", "date", "play_count", "details", "performers"},
        "performer": {"id", "tags"},
        "tag": {"id", "name"},
    }


def test_what_a_run_asks() -> None:
    """Collections read together ask together; counts need the scenes' part too."""
    both = together([shipped("scenes").asked, shipped("performers").asked, COUNTING])
    assert both["scene"] >= shipped("scenes").asked["scene"] | SCENE_PATHS
    assert both["performer"] >= shipped("performers").asked["performer"]
    assert together([shipped("performers").asked, COUNTING])["scene"] == SCENE_PATHS
    assert together([]) == {}


def _value(field: dict[str, Any], given: Record) -> object:
    (content,) = transformed(compile_spec(spec(fields={"lantern": field})), [given])
    return content.get("lantern")


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        (TITLE, {"title": "a", "code": "b"}, "a"),
        (TITLE, {"code": "b"}, "b"),
        (TITLE, {}, "Scene 12"),
        (TITLE | {"convert": "natural_order"}, {}, "scene 0212"),
        (YEAR, {}, None),
        (YEAR, {"date": "spring"}, None),
        (YEAR | {"from": ["date", "code"]}, {"code": "1999"}, 1999),
        (YEAR | {"always": True}, {}, 0),
        (YEAR | {"always": True}, {"date": "spring"}, 0),
        ({"type": "int32", "from": "rating"}, {"rating": 2**31 - 1}, 2**31 - 1),
        ({"type": "int32", "from": "rating"}, {"rating": 2**31}, None),
        ({"type": "int32", "from": "rating"}, {"rating": -(2**31) - 1}, None),
        ({"type": "int32", "from": "rating"}, {"rating": 0}, 0),
        ({"type": "int32", "from": "rating", "always": True}, {}, 0),
        ({"type": "int32", "from": "play_count", "always": True}, {"play_count": 2**31}, 0),
        ({"type": "int64", "from": "created_at", "default": 0}, {}, 0),
        ({"type": "bool", "from": "performers.favorite", "convert": "any_of"}, {}, False),
        ({"type": "string[]", "from": "urls"}, {"urls": []}, None),
        ({"type": "string[]", "from": "urls"}, {"urls": ["b", "a"]}, ["b", "a"]),
        ({"type": "float", "from": "files.0.duration", "always": True}, {}, 0),
    ],
)
def test_values(field: dict[str, Any], given: Record, expected: object) -> None:
    """The first path that is set counts, then the default; what has no value is left out."""
    assert _value(field, record("scene", 12, **given)) == expected


def test_lists_over_files() -> None:
    """Texts over several files are listed once, numbers as often as they occur."""
    files = [video_file(1, oshashes=["b"], duration=1.0), video_file(2, oshashes=["a", "b"])]
    scene = record("scene", 1, files=[*files, video_file(3, duration=1.0)])
    assert _value({"type": "string[]", "from": "files.oshashes"}, scene) == ["b", "a"]
    assert _value({"type": "float[]", "from": "files.duration"}, scene) == [1.0, 1.0]
