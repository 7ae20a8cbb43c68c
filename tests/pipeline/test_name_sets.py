"""Name sets on a real server: side by side, kept true by number, silent on what is private."""

from collections.abc import Iterator, Mapping, Sequence

import orjson
import pytest

from indexer.errors import TypesenseError
from indexer.loader.catalog import resolve
from indexer.loader.digests import number_of, read_digests
from indexer.loader.export import export_documents
from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.pipeline.keys import ensure_search_key
from indexer.pipeline.reindex import reindex
from indexer.pipeline.sync import sync
from indexer.pipeline.verify import verify
from indexer.retries import ONCE
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_set
from indexer.transformer.naming import NameSet, find_name_set, load_name_set
from indexer.transformer.spec import load_specs
from tests.pipeline.world import World
from tests.stash import edits


def qar() -> NameSet:
    """The name set that comes along."""
    return load_name_set(find_name_set("qar", shipped_collections()))


def of_qar(alias_prefix: str, names: NameSet | None = None) -> Sequence[CompiledSpec]:
    """All collections under the names of a set, qar unless another is given."""
    specs = load_specs(shipped_collections())
    return compile_set(specs, names or qar(), alias_prefix=alias_prefix)


def cargo(alias_prefix: str, names: NameSet | None = None) -> Sequence[CompiledSpec]:
    """The scenes of those."""
    return [each for each in of_qar(alias_prefix, names) if each.base == "scenes"]


def private() -> Mapping[str, Sequence[str]]:
    """What private fields are called, by qar and by the specs themselves, by qar's collection."""
    specs = {each.name: each for each in load_specs(shipped_collections())}
    return {
        name: [
            called
            for base, field in specs[given.extends].fields.items()
            if field.private
            for called in (base, given.fields[base])
        ]
        for name, given in qar().collections.items()
    }


PRIVATE = {name: names for name, names in private().items() if names}


def rum() -> NameSet:
    """A second set: qar with aliases of its own, plain ids, and what was played."""
    of_qar = qar()
    collections = {
        name: each.model_copy(
            update={
                "alias": each.alias.replace("qar_", "rum_"),
                "private": ("play_count",) if each.extends == "scenes" else (),
            }
        )
        for name, each in of_qar.collections.items()
    }
    return of_qar.model_copy(update={"collections": collections, "ids": "plain"})


def test_side_by_side(indexed: World, alias_prefix: str) -> None:
    """The specs' own names and two sets live on one server; a run of one leaves the others be."""
    first, second = cargo(alias_prefix), cargo(alias_prefix, rum())
    for specs in (first, second):
        assert reindex(indexed.run(specs=specs)).exit_code == 0
    live = {spec.alias: resolve(indexed.server, spec.alias) for spec in (*first, *second)}
    assert all(live.values())
    assert len({indexed.live, *live.values()}) == 3
    assert reindex(indexed.run(specs=first), ["cargo"]).exit_code == 0
    assert resolve(indexed.server, second[0].alias) == live[second[0].alias]
    (played,) = (each for each in indexed.documents().values() if each["stash_id"] == 7)
    (same,) = (
        each
        for each in map(orjson.loads, export_documents(indexed.server, live[second[0].alias] or ""))
        if each["stash_id"] == 7
    )
    assert (same["id"], same["voyages"]) == ("main-7", played["play_count"])


def test_reconciled_by_number(world: World, alias_prefix: str) -> None:
    """With UUIDs too, a sync writes what changed and deletes what is gone, and nothing else."""
    specs = cargo(alias_prefix)
    assert reindex(world.run(specs=specs)).exit_code == 0
    live = resolve(world.server, specs[0].alias)
    assert live is not None
    edits.delete_scene(world.library, 3)
    edits.set_title(world.library, 5, "Another lantern")
    (report,) = sync(world.run(specs=specs)).collections
    assert (report.error, report.loaded, report.deleted) == (None, 1, 1)
    rows = read_digests(world.server, live, specs[0].numbering)
    numbers = [number_of(row) for row in rows.rows]
    assert (3 in numbers, 5 in numbers, rows.strange) == (False, True, [])
    assert verify(world.run(specs=specs)).exit_code == 0


@pytest.fixture
def searcher(world: World, alias_prefix: str) -> Iterator[Typesense]:
    """Somebody with the search key of qar."""
    specs = of_qar(alias_prefix)
    assert reindex(world.run(specs=specs)).exit_code == 0
    made = ensure_search_key(world.server, [spec.alias for spec in specs])
    assert made.value is not None
    with Typesense(world.server.url, made.value, patience=ONCE) as searcher:
        yield searcher


def test_the_key_shows_nothing_private(searcher: Typesense, alias_prefix: str) -> None:
    """What is private comes with no hit, whatever is asked for, nor in any other field's text."""
    for spec in of_qar(alias_prefix):
        names = PRIVATE.get(spec.name, [])
        found = search(searcher, spec.alias, {"q": "*", "per_page": "60"})
        assert found["found"] > 0
        told = set().union(*(hit["document"].keys() for hit in found["hits"]))
        assert not told & set(names)
        assert not any(text in str(found) for text in (".mp4", ".zip", "/media"))
        if names:
            asked = {"q": "*", "include_fields": ",".join(names)}
            assert not any(hit["document"] for hit in search(searcher, spec.alias, asked)["hits"])


def test_the_key_can_not_use_what_is_private(searcher: Typesense, alias_prefix: str) -> None:
    """Nobody can facet, filter, sort or search by what is private, nor have it highlighted."""
    assert {"cargo", "crew", "charts"} <= PRIVATE.keys()
    for spec in of_qar(alias_prefix):
        names = PRIVATE.get(spec.name, [])
        for field in names:
            for ask in (
                {"q": "*", "facet_by": field},
                {"q": "*", "filter_by": f"{field}:=1"},
                {"q": "*", "sort_by": f"{field}:desc"},
                {"q": "mp4", "query_by": field},
            ):
                with pytest.raises(TypesenseError):
                    search(searcher, spec.alias, ask)
        every = {"highlight_fields": ",".join(names), "highlight_full_fields": ",".join(names)}
        text = next(name for base, name in spec.names.items() if base in {"title", "name"})
        for hit in search(searcher, spec.alias, {"q": "a", "query_by": text, **every})["hits"]:
            assert {each["field"] for each in hit["highlights"]} <= {text}
