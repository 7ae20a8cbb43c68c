"""Specs that are well formed and yet wrong: refused with file, field and what would be right."""

from typing import Any

import pytest

from indexer.errors import SpecError
from indexer.records import Kind
from indexer.transformer.compile import compile_spec
from tests.transformer.building import TITLE, spec

SORTABLE = {"type": "int64", "from": "created_at", "default": 0}


def _refused(kind: Kind = "scene", **values: Any) -> SpecError:
    with pytest.raises(SpecError) as caught:
        compile_spec(spec(kind, **values))
    assert caught.value.exit_code == 2
    assert caught.value.message.startswith("lamps.toml")
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("field", "told", "right"),
    [
        ({"type": "string", "from": "titel"}, 'no "titel"; known: id, title', "Name a path"),
        ({"type": "string", "from": "title.lamp"}, '"title" is text, without a "lamp"', "Name a"),
        ({"type": "string", "from": "files"}, '"files" is an object; name one of id,', "Name a"),
        ({"type": "string", "from": "files.0"}, '"files.0" is an object; name one', "Name a"),
        ({"type": "string", "from": "files.x"}, 'no "x"; known: id, folder', "Name a path"),
        ({"type": "string", "from": "urls.0"}, "elements of a list of objects", "Name a path"),
        ({"type": "string", "from": "0"}, "but that is no list", "Name a path"),
        ({"type": "string", "from": "studio.lamp"}, 'a studio has no "lamp"', "Name a path"),
        ({"type": "string", "from": "tags.0"}, 'a tag has no "0"', "Name a path"),
        ({"type": "string", "from": ""}, 'there is no ""', "Name a path"),
        ({"type": "string", "from": []}, '"from" names no path', "at least one"),
        ({"type": "string", "from": "totals.scene_count"}, 'no "totals"', "Name a path"),
        ({"type": "int64", "from": "title"}, '"int64" can\'t hold what it gets, text', '"string"'),
        ({"type": "string", "from": "rating"}, "a whole number", '"int32"'),
        ({"type": "string", "from": "urls"}, "a list of text", '"string[]"'),
        ({"type": "string[]", "from": "title"}, "gets, text", '"string"'),
        ({"type": "float", "from": "rating"}, "a whole number", '"int32"'),
        ({"type": "int32", "from": "files.0.duration"}, "a number", '"float"'),
        ({"type": "int32", "from": "organized"}, "yes or no", '"bool"'),
        ({"type": "bool", "from": "performers.favorite"}, "a list of yes or no", '"any_of"'),
        ({"type": "int32", "from": "files.0.size"}, "that may pass 2^31", '"int64"'),
        ({"type": "int32", "from": "updated_at"}, "that may pass 2^31", '"int64"'),
        ({"type": "int32[]", "from": "tags"}, "that may pass 2^31", '"int64[]"'),
        ({"type": "int32[]", "from": "tags.family"}, "that may pass 2^31", '"int64[]"'),
        ({"type": "int32", "from": "date", "convert": "first_day"}, "may pass 2^31", '"int64"'),
        ({"type": "string", "from": "date", "convert": "year"}, "a whole number", '"int32"'),
        ({"type": "string", "from": ["title", "rating"]}, "different types", "one type"),
        ({"type": "string", "from": ["title", "urls"]}, "different types", "one type"),
        ({"type": "int32", "from": "date", "convert": "yeer"}, 'no converter "yeer"', '"year"'),
        ({"type": "int32", "from": "date", "convert": "zzz"}, 'no converter "zzz"', "Known: ages"),
        (
            {"type": "string", "from": "files.0.width", "convert": "resolution"},
            "takes 2 values and gets 1",
            "width, height",
        ),
        (
            {"type": "string", "from": ["rating"] * 3, "convert": "orientation"},
            "takes 2 values and gets 3",
            "width, height",
        ),
        (
            {"type": "int32", "from": "rating", "convert": "year"},
            'takes text, but "rating" is a whole number',
            "of that type",
        ),
        (
            {"type": "string[]", "from": "title", "convert": "sites"},
            'takes a list of text, but "title" is text',
            "of that type",
        ),
        (
            {"type": "string", "from": ["files.0.size", "updated_at"], "convert": "screenshot"},
            '"files.0.size" may be unset',
            "always set",
        ),
        ({"type": "string[]", "from": "urls", "sort": True}, "a list can't be sorted", '"sort"'),
        ({**TITLE, "stored": True, "facet": True}, "not indexed", '"stored"'),
        ({**TITLE, "stored": True, "sort": True}, "not indexed", '"stored"'),
        ({**TITLE, "stored": True, "default": "Lamp"}, "every document", '"stored"'),
        (
            {"type": "int32", "from": "rating", "stored": True, "always": True},
            "every document",
            '"always"',
        ),
        ({**TITLE, "always": True}, '"always" is for counters', '"default"'),
        ({"type": "string[]", "from": "urls", "always": True}, '"always" is for', '"default"'),
        ({**TITLE, "default": 3}, "the default 3 is not text", "of that type"),
        ({**TITLE, "default": ""}, "the default is empty", "says something"),
        (
            {"type": "int32", "from": "rating", "default": 3_000_000_000},
            "the default 3000000000 is too large for int32",
            "another type",
        ),
        (
            {"type": "int64", "from": "created_at", "default": 2**63},
            "is too large for int64",
            "another type",
        ),
        (
            {"type": "float", "from": "files.0.duration", "default": float("inf")},
            "inf is too large for float",
            "that fits",
        ),
        (
            {"type": "float", "from": "files.0.duration", "default": float("nan")},
            "or no number at all",
            "that fits",
        ),
        ({**TITLE, "default": "Lamp {name}"}, 'default "Lamp {name}"', "{id}"),
        ({**TITLE, "default": "Lamp {id"}, 'default "Lamp {id"', "{id}"),
        ({**TITLE, "default": "Lamp {}"}, 'default "Lamp {}"', "{id}"),
        ({"type": "string[]", "from": "urls", "default": "a"}, "is not a list", "of that type"),
        ({"type": "int32", "from": "rating", "default": 0.5}, "0.5 is not a whole", "of that type"),
        (
            {"type": "int32", "from": "date", "convert": "year", "default": "2000"},
            '"year" may leave it unset',
            "another converter",
        ),
    ],
)
def test_mistakes_of_fields(field: dict[str, Any], told: str, right: str) -> None:
    """A field that can't be made as it says is refused."""
    error = _refused(fields={"lantern": field})
    assert error.message.startswith('lamps.toml, field "lantern": ')
    assert told in error.message
    assert right in error.hint


@pytest.mark.parametrize("name", ["id", "digest", "library", "stash_id"])
def test_reserved_names(name: str) -> None:
    """The fields that the indexer makes itself can't be made by a spec."""
    error = _refused(fields={name: TITLE})
    assert f'"{name}"' in error.message
    assert "another name" in error.hint


@pytest.mark.parametrize(
    "field",
    [
        {"type": "int64", "from": "created_at"},
        {"type": "string", "from": "title", "default": "Lamp {id}"},
        {"type": "bool", "from": "organized", "always": True},
        {**SORTABLE, "sort": False},
        {"type": "int64", "from": "created_at", "stored": True},
    ],
)
def test_default_sorting_field(field: dict[str, Any]) -> None:
    """Results are sorted by a number that every document has, or the server refuses documents."""
    error = _refused(fields={"lantern": field}, default_sorting_field="lantern")
    assert 'default_sorting_field "lantern"' in error.message
    assert "number" in error.hint


def test_default_sorting_field_that_is_none() -> None:
    """A default sorting field that isn't among the fields is refused."""
    assert '"lantern"' in _refused(default_sorting_field="lantern").message


@pytest.mark.parametrize(
    ("canary", "told", "right"),
    [
        ({"q": "lamp", "query_by": "titel"}, '"titel", which is no text field', "title"),
        ({"q": "lamp", "query_by": "title,oil"}, '"oil", which is no text field', "title"),
        ({"q": "lamp", "query_by": "created_at"}, '"created_at", which is no text', "title"),
        ({"q": "lamp", "query_by": "note"}, '"note", which is no text field', "title"),
        ({"min_facet_values": 1}, "counts values, but of no field", "facet_by"),
        ({"q": "lamp"}, 'searches for "lamp", but in no field', "query_by"),
        ({"facet_by": "oil"}, '"oil", which is no facet field', "facet = true"),
        ({"facet_by": "title"}, '"title", which is no facet field', "facet = true"),
    ],
)
def test_mistakes_of_canaries(canary: dict[str, Any], told: str, right: str) -> None:
    """A canary that the server could only answer with an error is refused before the run."""
    note = {**TITLE, "stored": True}
    fields = {"title": TITLE, "created_at": SORTABLE, "note": note}
    error = _refused(fields=fields, canaries=[canary])
    assert told in error.message
    assert right in error.hint


def test_what_is_right() -> None:
    """Sorting fields and canaries that can do their work are accepted."""
    compiled = compile_spec(
        spec(
            fields={"title": {**TITLE, "facet": True}, "created_at": SORTABLE},
            default_sorting_field="created_at",
            canaries=[{"q": "lamp", "query_by": "title"}, {"facet_by": "title"}],
        )
    )
    assert len(compiled.canaries) == 2


def test_totals_are_the_performers() -> None:
    """The counts have no value of their own, only parts."""
    error = _refused("performer", fields={"lantern": {"type": "int32", "from": "totals"}})
    assert '"totals" is an object; name one of scene_count' in error.message
