"""The derived queries fit every recorded Stash, and ask for nothing that nobody uses."""

import pytest
from graphql import GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, parse, validate, visit
from graphql.language import FieldNode

from indexer.errors import StashError
from indexer.extractor import introspection, queries
from indexer.extractor.introspection import Schema
from indexer.extractor.ways import OPTIONAL, WAYS
from indexer.records import STASH_KINDS, Kind
from tests.extractor.recordings import VERSIONS, graphql_schema, paths, schema

pytestmark = pytest.mark.recordings

KINDS = STASH_KINDS


def problems(version: str, query: str) -> list[str]:
    """What a recorded Stash has against a query."""
    return [error.message for error in validate(graphql_schema(version), parse(query))]


def fields_of(found: GraphQLSchema, query: str) -> set[str]:
    """The fields that a query selects, as "Type.field"."""
    seen: set[str] = set()
    info = TypeInfo(found)

    class Collect(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = info.get_parent_type()
            assert parent is not None
            seen.add(f"{parent.name}.{node.name.value}")

    visit(parse(query), TypeInfoVisitor(info, Collect()))
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_path_has_a_way(kind: Kind) -> None:
    """The table knows all paths of the records, and no other."""
    assert set(WAYS[kind]) == paths(kind)
    assert OPTIONAL[kind] <= paths(kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", VERSIONS)
def test_all_paths_at_once(version: str, kind: Kind) -> None:
    """Whatever a spec uses, its query is valid everywhere; only what is optional is absent."""
    found = schema(version)
    listing = queries.listing(found, kind)
    chosen = queries.selection(found, kind, paths(kind))
    assert chosen.absent <= OPTIONAL[kind]
    made = [queries.numbered(listing, chosen.text)]
    if listing.filter:
        made += [queries.after(listing, chosen.text), queries.between(listing)]
        made += [queries.exactly(listing, chosen.text, [7, 12])]
    assert [problems(version, query) for query in made] == [[]] * len(made)


@pytest.mark.parametrize("version", VERSIONS)
def test_queries_of_the_whole_library(version: str) -> None:
    """Status, counts, introspection and places in groups are valid at every recorded version."""
    found = schema(version)
    made = (queries.STATUS, queries.counts(found), queries.places(found), introspection.QUERY)
    assert [problems(version, query) for query in made] == [[]] * len(made)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v0.22.1", {"custom", "last_o_at", "photographer", "favorite", "end_seconds", "tags"}),
        ("v0.24.3", {"custom", "last_o_at", "favorite", "end_seconds", "tags"}),
        ("v0.25.0", {"custom", "favorite", "end_seconds", "tags"}),
        ("v0.26.2", {"custom", "end_seconds", "tags"}),
        ("v0.27.2", {"custom", "end_seconds"}),
        ("v0.28.1", set()),
        ("v0.29.3", set()),
        ("v0.30.1", set()),
    ],
)
def test_absent(version: str, expected: set[str]) -> None:
    """A path that came with a later version is reported as absent before it."""
    asked = {"custom", "last_o_at", "photographer", "favorite", "end_seconds", "tags"}
    absent = {
        path
        for kind in KINDS
        for path in queries.selection(schema(version), kind, paths(kind)).absent
    }
    assert absent & asked == expected


def test_only_what_is_used() -> None:
    """Each path adds its own fields and what its list is ordered by, and no other."""
    chosen = queries.selection(schema("v0.30.1"), "scene", ["title", "files.width", "tags"])
    assert chosen.text == "files{id width} id tags{id} title"


@pytest.mark.parametrize("version", VERSIONS)
def test_groups_are_never_in_a_page_of_scenes(version: str) -> None:
    """Scene.groups scans a table for every scene: it is read from the group side."""
    found = schema(version)
    text = queries.selection(found, "scene", paths("scene")).text
    query = queries.after(queries.listing(found, "scene"), text)
    selected = fields_of(graphql_schema(version), query)
    assert not selected & {"Scene.groups", "Scene.movies", "FindScenesResultType.count"}


def test_no_url_with_the_key() -> None:
    """Stash puts the key into the addresses of its streams: no path leads there."""
    for version in VERSIONS:
        for kind in KINDS:
            text = queries.selection(schema(version), kind, paths(kind)).text
            assert "paths" not in text
            assert "sceneStreams" not in text


def test_deprecated_fields_where_nothing_else_is() -> None:
    """Before v0.27 a performer has no list of urls, and groups are movies."""
    assert queries.selection(schema("v0.26.2"), "performer", ["urls"]).text == (
        "id instagram twitter url"
    )
    assert queries.selection(schema("v0.27.2"), "performer", ["urls"]).text == "id urls"
    assert queries.listing(schema("v0.26.2"), "group").find == "findMovies"
    assert queries.listing(schema("v0.27.2"), "group").find == "findGroups"


def test_career_of_newer_stashes() -> None:
    """Where a career has years of its own they are asked for, else the text."""
    newer = Schema(
        "v0.31.0",
        {
            "Query": {"findPerformers": "FindPerformersResultType"},
            "Performer": {"id": "ID", "career_start": "String", "career_length": "String"},
        },
        {},
    )
    assert queries.selection(newer, "performer", ["career_start"]).text == "career_start id"
    assert queries.selection(newer, "performer", ["career_end"]).text == "career_length id"


@pytest.mark.parametrize(
    ("fields", "said"), [({"id": "ID"}, "Scene.title"), (None, "findScenes")], ids=["field", "kind"]
)
def test_missing_and_needed(fields: dict[str, str] | None, said: str) -> None:
    """What every Stash since v0.22 has is needed: without it the error names field and version."""
    query = {"findScenes": "FindScenesResultType"} if fields else {}
    strange = Schema("v9.1", {"Query": query, "Scene": fields or {}}, {})
    with pytest.raises(StashError) as caught:
        queries.selection(strange, "scene", ["title"])
    assert said in caught.value.message
    assert "v9.1" in caught.value.message
