"""Facets on a real server: what they count is what the documents hold, filtered and not."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from indexer.loader.catalog import resolve
from indexer.loader.drop import drop_collection
from indexer.loader.export import export_documents
from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.pipeline.reindex import reindex
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_spec
from indexer.transformer.spec import load_specs
from tests.pipeline.world import open_world
from tests.search.variety import vary
from tests.typesense.choice import RunningTypesense

pytestmark = pytest.mark.no_cover

NAMES = sorted(file.stem for file in shipped_collections().glob("*.toml"))
LEVELS = range(5)


@dataclass(frozen=True)
class Shelf:
    """A collection that is live, and all its documents."""

    server: Typesense
    spec: CompiledSpec
    documents: Sequence[Mapping[str, Any]]

    @property
    def middle(self) -> int:
        """The Stash id that half of the documents have or pass."""
        ids = sorted(document["stash_id"] for document in self.documents)
        return int(ids[len(ids) // 2])

    def counts(self, facet: str, filter_by: str = "") -> dict[str, int]:
        """What the server counts."""
        asked = {"q": "*", "facet_by": facet, "max_facet_values": "100000", "per_page": "0"}
        if filter_by:
            asked["filter_by"] = filter_by
        (counted,) = search(self.server, self.spec.alias, asked)["facet_counts"]
        return {each["value"]: each["count"] for each in counted["counts"]}

    def recount(self, facet: str, *, since: int = 0) -> dict[str, int]:
        """What the documents hold, those with a stash id from `since` on."""
        counted: Counter[str] = Counter()
        for document in self.documents:
            if document["stash_id"] >= since and facet in document:
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
    """Every collection of a small library with all facets, live under a prefix of its own."""
    library = Path(shutil.copy(built_library, tmp_path_factory.mktemp("facets") / "stash.sqlite"))
    vary(library)
    prefix = f"t{uuid4().hex[:10]}_"
    specs = [compile_spec(spec, alias_prefix=prefix) for spec in load_specs(shipped_collections())]
    letters = tmp_path_factory.mktemp("letters")
    opened = open_world(library, typesense.url, typesense.api_key, specs, letters)
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
        wanted = shelf.recount(facet)
        assert wanted, f"no document has {facet}: nothing is tested"
        assert shelf.counts(facet) == wanted, facet


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_true_where_filtered(shelves: Mapping[str, Shelf], name: str) -> None:
    """So it does among the documents that a filter leaves."""
    shelf = shelves[name]
    filter_by = f"stash_id:>={shelf.middle}"
    assert any(each["stash_id"] < shelf.middle for each in shelf.documents)
    for facet in shelf.spec.facets:
        wanted = shelf.recount(facet, since=shelf.middle)
        assert wanted, f"no document has {facet}: nothing is tested"
        assert shelf.counts(facet, filter_by) == wanted, facet


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


@pytest.mark.parametrize("of", ["studio", "tag"])
def test_a_hierarchical_menu(shelves: Mapping[str, Shelf], of: str) -> None:
    """What InstantSearch sends when somebody opens level after level narrows to the scenes below.

    It filters by the path at its level, counts the next one, and shows what begins with the path: a
    scene may have other ways down besides.
    """
    scenes = shelves["scenes"]
    deepest = max(scenes.counts(f"{of}_lvl4"))
    names = deepest.split(" > ")
    for level in LEVELS[:-1]:
        parent, path = " > ".join(names[: level + 1]), " > ".join(names[: level + 2])
        below = scenes.counts(f"{of}_lvl{level + 1}", f"{of}_lvl{level}:=[`{parent}`]")
        every = scenes.counts(f"{of}_lvl{level + 1}")
        shown = {each: count for each, count in below.items() if each.startswith(f"{parent} > ")}
        assert shown[path] == every[path]
        assert shown == {each: every[each] for each in every if each.startswith(f"{parent} > ")}
        assert of == "tag" or shown == below


def test_several_ways_down(shelves: Mapping[str, Shelf]) -> None:
    """A tag with several parents is found on each way down to it, with the same scenes."""
    scenes = shelves["scenes"]
    ways: dict[str, dict[str, int]] = {}
    for path, count in scenes.counts("tag_lvl1").items():
        ways.setdefault(path.rpartition(" > ")[-1], {})[path] = count
    several = {name: found for name, found in ways.items() if len(found) > 1}
    assert several
    for name, found in several.items():
        assert set(found.values()) == {scenes.counts("tags_all")[name]}


@pytest.mark.parametrize("name", ["scenes", "tags", "studios", "groups", "galleries"])
def test_every_level_can_be_opened(shelves: Mapping[str, Shelf], name: str) -> None:
    """Filtering by a path, as a menu does, finds as many as the facet counts, whatever the path."""
    shelf = shelves[name]
    for facet in shelf.spec.facets:
        if "_lvl" in facet:
            for path, count in list(shelf.counts(facet).items())[:20]:
                asked = {"q": "*", "filter_by": f"{facet}:=[`{path}`]", "per_page": "0"}
                assert search(shelf.server, shelf.spec.alias, asked)["found"] == count
