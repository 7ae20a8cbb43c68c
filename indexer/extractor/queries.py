"""The queries: which fields, derived from the record paths in use, and how a kind is listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from indexer.errors import StashError
from indexer.extractor.introspection import Schema
from indexer.extractor.ways import OPTIONAL, WAYS
from indexer.records import Kind

Tree: TypeAlias = dict[str, "Tree"]


@dataclass(frozen=True)
class Listing:
    """How Stash lists one kind of thing."""

    find: str
    things: str
    type: str
    filter: str | None = None
    """The argument with the `id` criterion; only scenes and galleries have one (docs/stash.md)."""


LISTINGS: Mapping[Kind, tuple[Listing, ...]] = {
    "scene": (Listing("findScenes", "scenes", "Scene", "scene_filter"),),
    "performer": (Listing("findPerformers", "performers", "Performer"),),
    "tag": (Listing("findTags", "tags", "Tag"),),
    "studio": (Listing("findStudios", "studios", "Studio"),),
    "group": (
        Listing("findGroups", "groups", "Group"),
        Listing("findMovies", "movies", "Movie"),  # before v0.27
    ),
    "gallery": (Listing("findGalleries", "galleries", "Gallery", "gallery_filter"),),
    "marker": (Listing("findSceneMarkers", "scene_markers", "SceneMarker"),),
}

STATUS = "{systemStatus{databaseSchema appSchema status}}"


@dataclass(frozen=True)
class Selection:
    """What to ask of each thing of a kind, as GraphQL, and the paths this Stash doesn't have."""

    text: str
    absent: frozenset[str]


def listing(schema: Schema, kind: Kind) -> Listing:
    """Return how this Stash lists a kind. Raises StashError if it doesn't."""
    for candidate in LISTINGS[kind]:
        if schema.has("Query", candidate.find):
            return candidate
    raise _missing(schema, LISTINGS[kind][0].find)


def selection(schema: Schema, kind: Kind, paths: Iterable[str]) -> Selection:
    """Return what to select for these record paths, and nothing more.

    Raises:
        StashError: if this Stash lacks what every Stash since v0.22 has.
    """
    owner = listing(schema, kind).type
    wire = {"id"}
    absent = set()
    for path in paths:
        found = [_way(schema, owner, WAYS[kind][one]) for one in (path, *_list_of(path))]
        for way in found:
            wire.update(way or ())
        if None not in found:
            continue
        if path not in OPTIONAL[kind]:
            raise _missing(schema, f"{owner}.{WAYS[kind][path][0]} (for {path})")
        absent.add(path)
    return Selection(_text(_tree(wire)), frozenset(absent))


def after(listing: Listing, fields: str) -> str:
    """Return the query for the $n things whose id comes after $after."""
    return (
        f"query($after:Int!,$n:Int!){{found:{listing.find}("
        f"{listing.filter}:{{id:{{value:$after,modifier:GREATER_THAN}}}},"
        f'filter:{{per_page:$n,sort:"id"}}){{things:{listing.things}{{{fields}}}}}}}'
    )


def exactly(listing: Listing, fields: str, ids: Iterable[int]) -> str:
    """Return the query for the things with these ids, each a listing of one thing or none.

    Stash's own `ids` argument would refuse all for one that doesn't exist (docs/stash.md).
    """
    found = " ".join(
        f"id{one}:{listing.find}({listing.filter}:{{id:{{value:{one},modifier:EQUALS}}}},"
        f"filter:{{per_page:1}}){{things:{listing.things}{{...Fields}}}}"
        for one in ids
    )
    return f"query{{{found}}}fragment Fields on {listing.type}{{{fields}}}"


def together(listing: Listing, fields: str) -> str:
    """Return the query for the things with the ids $ids, of which all must be there."""
    found = f"found:{listing.find}(ids:$ids)"
    return f"query($ids:[ID!]){{{found}{{things:{listing.things}{{{fields}}}}}}}"


def newest(listing: Listing) -> str:
    """Return the query for the ids of the $n newest things."""
    return _first(listing, 'sort:"id",direction:DESC')


def by_chance(listing: Listing, seed: int) -> str:
    """Return the query for the ids of $n things in an order that follows from a number."""
    return _first(listing, f'sort:"random_{seed}"')


def between(listing: Listing) -> str:
    """Return the query for how many things have ids from $low to $high; it reads none of them."""
    return (
        f"query($low:Int!,$high:Int!){{found:{listing.find}("
        f"{listing.filter}:{{id:{{value:$low,value2:$high,modifier:BETWEEN}}}},"
        "filter:{per_page:0}){count}}"
    )


def numbered(listing: Listing, fields: str) -> str:
    """Return the query for page $page of $n things, and for the $before-th thing of all."""
    return (
        f"query($page:Int!,$n:Int!,$before:Int!){{before:{listing.find}("
        f'filter:{{per_page:1,page:$before,sort:"id"}}){{things:{listing.things}{{id}}}}'
        f"found:{listing.find}("
        f'filter:{{per_page:$n,page:$page,sort:"id"}}){{things:{listing.things}{{{fields}}}}}}}'
    )


def places(schema: Schema) -> str:
    """Return the query for the places in groups of the scenes with the ids $ids.

    Without `ids`, before v0.25, it is `scene_ids` that takes them.
    """
    argument, type_ = ("ids", "ID!")
    if argument not in schema.arguments["findScenes"]:
        argument, type_ = ("scene_ids", "Int!")
    things, group = ("groups", "group")
    if not schema.has("Scene", things):
        things, group = ("movies", "movie")
    return (
        f"query($ids:[{type_}]){{found:findScenes({argument}:$ids){{things:scenes{{"
        f"id places:{things}{{group:{group}{{id}} scene_index}}}}}}}}"
    )


def members(schema: Schema) -> str:
    """Return the query for the ids of the scenes that are in one of the groups $ids."""
    groups = "groups" if schema.has("Query", "findGroups") else "movies"
    return (
        f"query($ids:[ID!]){{found:findScenes(scene_filter:{{{groups}:{{value:$ids,"
        "modifier:INCLUDES}},filter:{per_page:-1}){things:scenes{id}}}"
    )


def counts(schema: Schema) -> str:
    """Return the query for how many there are of each kind; keys are the kinds."""
    groups = "group_count" if schema.has("StatsResultType", "group_count") else "movie_count"
    return (
        "{stats{scene:scene_count performer:performer_count tag:tag_count studio:studio_count "
        f"group:{groups} gallery:gallery_count}}"
        "markers:findSceneMarkers(filter:{per_page:0}){marker:count}}"
    )


def _first(listing: Listing, order: str) -> str:
    return (
        f"query($n:Int!){{found:{listing.find}("
        f"filter:{{per_page:$n,{order}}}){{things:{listing.things}{{id}}}}}}"
    )


def _list_of(path: str) -> list[str]:
    """Return the list that a path leads into: "files.width" is of "files"."""
    head, dot, _ = path.partition(".")
    return [head] if dot else []


def _way(schema: Schema, owner: str, ways: tuple[str, ...]) -> list[str] | None:
    """Return the first of some ways of which this Stash has every path."""
    for way in ways:
        wire = way.split()
        if all(schema.has(owner, path) for path in wire):
            return wire
    return None


def _missing(schema: Schema, what: str) -> StashError:
    return StashError(
        f"Reading needs {what}, which {schema} doesn't have.",
        "Use Stash v0.22 or newer, or a newer indexer if this Stash is newer than it.",
    )


def _tree(paths: Iterable[str]) -> Tree:
    root: Tree = {}
    for path in sorted(paths):
        below = root
        for name in path.split("."):
            below = below.setdefault(name, {})
    return root


def _text(tree: Tree) -> str:
    return " ".join(f"{name}{{{_text(below)}}}" if below else name for name, below in tree.items())
