"""A small made-up library, indexed as a run would, for searches with a known right answer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from indexer.documents import Document
from indexer.loader.aliases import swap
from indexer.loader.bulk import import_documents
from indexer.loader.drop import drop_collection
from indexer.loader.names import physical_name
from indexer.loader.schema import create_collection
from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.loader.tuning import drop_behaviour, prepare_behaviour, switch_behaviour
from indexer.pipeline.tuning import behaviour_of
from indexer.records import Kind
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_spec
from indexer.transformer.membership import Membership
from indexer.transformer.presets import with_tuning
from indexer.transformer.seal import seal
from indexer.transformer.spec import load_spec
from indexer.transformer.suggestions import suggestion
from tests.transformer.building import Record, record, transformed, video_file

STASH_ID = "4f9c2a1e-0b1d-4c5e-9a7b-112233445566"
CROWD = range(20, 32)
"""Performers who all share a word with a title."""

PERFORMERS = [
    record("performer", 1, name="Åsa Märsh", aliases=["Captain Quennell"]),
    record("performer", 2, name="Bram Svensson", aliases=[]),
    record("performer", 3, name="Odalys Finch", aliases=["Wren"]),
    *(record("performer", number, name=f"Nils{number} Regatta") for number in CROWD),
]
TAGS = [
    record("tag", 1, name="Lanterns", aliases=["lamplight"]),
    record("tag", 2, name="Fog"),
    record("tag", 3, name="Orchard"),
]
STUDIOS = [
    record("studio", 1, name="Anchor House"),
    record("studio", 2, name="Quayside"),
]
FILE = video_file(folder="/media/northern voyages/2021", basename="pilot_boat-07.mp4")


def scene(number: int, title: str, **values: object) -> Record:
    """A scene, later ones added later."""
    return record("scene", number, title=title, created_at=number, **values)


SCENES = [
    scene(1, "Harbour at Night", studio=1, tags=[1], performers=[1], code="HB-00012"),
    scene(2, "Café Łódź", studio=2, tags=[2], performers=[2], code="HB-00013"),
    scene(3, "日本語の本 東京", studio=2, tags=[3]),
    scene(4, "Regatta", studio=2),
    scene(9, "わたしの日本語ノート"),
    scene(5, "Regatta at the Old Quay, second part", studio=2),
    scene(6, "Untitled crossing", files=[FILE], resume_time=312.5, last_played_at=1_790_000_000),
    scene(7, "Windmill", details="The orchard keeper lights a lantern while the harbour sleeps."),
    scene(8, "Twelve sailors", performers=list(CROWD)),
    *(scene(number, f"Crossing {number}", performers=[number, 20]) for number in CROWD),
    scene(40, "Marked", stash_ids=[{"endpoint": "https://box.example", "stash_id": STASH_ID}]),
    scene(41, "Fog over Fog", tags=[2, 3], performers=[3]),
    scene(42, "Old orchard", performers=[3], tags=[3]),
    scene(43, "The crew of the Regatta", performers=[*CROWD]),
]
RECORDS: Mapping[Kind, Sequence[Record]] = {
    "scene": SCENES,
    "performer": PERFORMERS,
    "tag": TAGS,
    "studio": STUDIOS,
    "suggestion": [
        *(dict(suggestion("performer", each)) for each in PERFORMERS),
        *(dict(suggestion("studio", each)) for each in STUDIOS),
        *(dict(suggestion("tag", each)) for each in TAGS),
    ],
}
COLLECTIONS = ("scenes", "performers", "tags", "suggestions")


@dataclass(frozen=True)
class Shelves:
    """Where the library can be searched, as pages do."""

    server: Typesense
    prefix: str

    def answer(self, name: str, words: str, preset: str = "browse", **other: str) -> dict[str, Any]:
        """The server's answer to a search by a preset."""
        alias = f"{self.prefix}{name}"
        parameters = {"q": words, "preset": f"{alias}_{preset}", "per_page": "50", **other}
        return search(self.server, alias, parameters)

    def found(self, name: str, words: str, preset: str = "browse", **other: str) -> list[int]:
        """The Stash ids that words find, best first."""
        hits = self.answer(name, words, preset, **other)["hits"]
        return [int(hit["document"]["stash_id"]) for hit in hits]


@contextmanager
def shelved(server: Typesense) -> Iterator[Shelves]:
    """Index the library, under aliases of their own that go at the end."""
    prefix = f"t{uuid4().hex[:10]}_"
    directory = shipped_collections()
    compiled = [
        compile_spec(load_spec(directory / f"{name}.toml"), alias_prefix=prefix)
        for name in COLLECTIONS
    ]
    made = [(spec, _index(server, spec)) for spec in with_tuning(compiled, directory)]
    yield Shelves(server, prefix)
    for spec, collection in made:
        switch_behaviour(server, spec.alias, collection, ())
        drop_behaviour(server, collection)
        server.request("DELETE", f"/aliases/{spec.alias}")
        drop_collection(server, collection, spec.alias)


def _index(server: Typesense, spec: CompiledSpec) -> str:
    collection = physical_name(spec.alias, datetime.now(UTC), spec.spec_hash)
    create_collection(server, spec.schema(collection))
    membership = Membership()
    membership.add(SCENES)
    for outcome in import_documents(server, collection, documents(spec, membership)):
        assert not outcome.refused
    prepare_behaviour(server, collection, behaviour_of(spec.tuning))
    swap(server, spec.alias, collection, None)
    switch_behaviour(server, spec.alias, collection)
    return collection


def documents(spec: CompiledSpec, membership: Membership) -> Iterator[Document]:
    """The library's documents of a collection."""
    records = RECORDS[spec.kind]
    contents = transformed(spec, records, RECORDS, membership)
    for each, content in zip(records, contents, strict=True):
        yield seal(content, each["id"])
