"""Facets on a real server: what they count is what the documents hold, filtered and not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from indexer.loader.catalog import resolve
from indexer.loader.export import export_documents
from indexer.loader.prune import drop_collection
from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.pipeline.reindex import reindex
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_spec
from indexer.transformer.spec import load_specs
from tests.pipeline.world import open_world
from tests.typesense.choice import RunningTypesense

NAMES = sorted(file.stem for file in shipped_collections().glob("*.toml"))
FILTER = "stash_id:>12"
LEVELS = range(5)


@dataclass(frozen=True)
class Shelf:
    """A collection that is live, and all its documents."""

    server: Typesense
    spec: CompiledSpec
    documents: Sequence[Mapping[str, Any]]

    def counts(self, facet: str, filter_by: str = "") -> dict[str, int]:
        """What the server counts."""
        asked = {"q": "*", "facet_by": facet, "max_facet_values": "100000", "per_page": "0"}
        if filter_by:
            asked["filter_by"] = filter_by
        (counted,) = search(self.server, self.spec.alias, asked)["facet_counts"]
        return {each["value"]: each["count"] for each in counted["counts"]}

    def recount(self, facet: str, *, beyond: int = 0) -> dict[str, int]:
        """What the documents hold, those with a stash id above `beyond`."""
        counted: Counter[str] = Counter()
        for document in self.documents:
            if document["stash_id"] > beyond and facet in document:
                value = document[facet]
                values = value if isinstance(value, list) else [value]
                counted.update({each if isinstance(each, str) else _told(each) for each in values})
        return dict(counted)


def _told(value: object) -> str:
    return orjson.dumps(value).decode()


@pytest.fixture(scope="module")
def shelves(
    built_library: Path, typesense: RunningTypesense, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Shelf]]:
    """Every collection of the small library, live under a prefix of its own."""
    prefix = f"t{uuid4().hex[:10]}_"
    specs = [compile_spec(spec, alias_prefix=prefix) for spec in load_specs(shipped_collections())]
    letters = tmp_path_factory.mktemp("letters")
    opened = open_world(built_library, typesense.url, typesense.api_key, specs, letters)
    with opened as world:
        report = reindex(world.run())
        assert report.exit_code == 0, report.first_error
        yield {spec.base: _shelf(world.server, spec) for spec in specs}
        for spec in specs:
            live = resolve(world.server, spec.alias)
            world.server.request("DELETE", f"/aliases/{spec.alias}")
            drop_collection(world.server, live or "", spec.alias)


def _shelf(server: Typesense, spec: CompiledSpec) -> Shelf:
    lines = export_documents(server, resolve(server, spec.alias) or "")
    return Shelf(server, spec, list(map(orjson.loads, lines)))


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_true(shelves: Mapping[str, Shelf], name: str) -> None:
    """Every facet counts what a recount of all documents counts."""
    shelf = shelves[name]
    assert shelf.documents
    for facet in shelf.spec.facets:
        assert shelf.counts(facet) == shelf.recount(facet), facet


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_true_where_filtered(shelves: Mapping[str, Shelf], name: str) -> None:
    """So it does among the documents that a filter leaves."""
    shelf = shelves[name]
    for facet in shelf.spec.facets:
        assert shelf.counts(facet, FILTER) == shelf.recount(facet, beyond=12), facet


@pytest.mark.parametrize("of", ["tag", "studio"])
def test_parents_include_children(shelves: Mapping[str, Shelf], of: str) -> None:
    """What a level counts for a parent has every scene of its children, each once."""
    scenes = shelves["scenes"]
    below = 0
    for level in LEVELS[:-1]:
        above = scenes.counts(f"{of}_lvl{level}")
        for path, count in scenes.counts(f"{of}_lvl{level + 1}").items():
            assert above[path.rpartition(" > ")[0]] >= count
            below += 1
    assert below


@pytest.mark.parametrize(
    ("name", "own", "with_those_below"),
    [("tags", "tag_ids", "tag_all_ids"), ("studios", "studio_id", "studio_all_ids")],
)
def test_counts_of_things(
    shelves: Mapping[str, Shelf], name: str, own: str, with_those_below: str
) -> None:
    """The counts that tags and studios carry are those of a recount over the scenes."""
    scenes = shelves["scenes"]
    for field, listed in (("scene_count", own), ("scene_count_all", with_those_below)):
        wanted = scenes.recount(listed)
        told = {_told(each["stash_id"]): each[field] for each in shelves[name].documents}
        assert {number: count for number, count in told.items() if count} == wanted
    assert any(each["scene_count_all"] > each["scene_count"] for each in shelves[name].documents)


def test_suggestions_agree(shelves: Mapping[str, Shelf]) -> None:
    """Each thing is suggested once, with the picture and count of its own collection."""
    plural = {"gallery": "galleries"}
    found = shelves["suggestions"].documents
    for kind in ("performer", "studio", "tag", "group", "gallery"):
        shelf = shelves[plural.get(kind, f"{kind}s")]
        things = {each["stash_id"]: each for each in shelf.documents}
        suggested = {each["stash_id"]: each for each in found if each["kind"] == kind}
        assert suggested.keys() == things.keys()
        for number, thing in things.items():
            for field in ("scene_count", "image"):
                assert suggested[number].get(field) == thing.get(field)


def test_a_hierarchical_menu(shelves: Mapping[str, Shelf]) -> None:
    """What InstantSearch sends when somebody opens a level narrows to the scenes below it.

    It filters by the path at its level and counts the next one; every path begins with it.
    """
    scenes = shelves["scenes"]
    path, count = max(scenes.counts("studio_lvl1").items(), key=lambda each: each[1])
    parent = path.rpartition(" > ")[0]
    narrowed = f"studio_lvl0:=[`{parent}`]"
    assert scenes.counts("studio_lvl1", narrowed)[path] == count
    assert all(each.startswith(f"{parent} > ") for each in scenes.counts("studio_lvl1", narrowed))


@pytest.mark.parametrize("name", ["scenes", "tags", "studios"])
def test_every_level_can_be_opened(shelves: Mapping[str, Shelf], name: str) -> None:
    """Filtering by a path, as a menu does, finds as many as the facet counts, whatever the path."""
    shelf = shelves[name]
    for facet in shelf.spec.facets:
        if "_lvl" in facet:
            for path, count in list(shelf.counts(facet).items())[:20]:
                asked = {"q": "*", "filter_by": f"{facet}:=[`{path}`]", "per_page": "0"}
                assert search(shelf.server, shelf.spec.alias, asked)["found"] == count
