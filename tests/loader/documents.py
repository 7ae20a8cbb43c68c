"""Made-up documents for the loader's tests, and ways to fill and to read a collection."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import orjson

from indexer.documents import Document
from indexer.loader.bulk import import_documents
from indexer.loader.export import export_documents
from indexer.loader.names import physical_name
from indexer.loader.schema import create_collection
from indexer.loader.server import Typesense

FIELDS = [
    {"name": "title", "type": "string"},
    {"name": "year", "type": "int32", "facet": True, "optional": True},
]


def lantern(number: int, **values: object) -> Document:
    """One document; `values` are set besides its id and title, or in place of them."""
    document = {"id": f"main-{number}", "title": f"Lantern {number}", **values}
    return Document(str(document["id"]), orjson.dumps(document))


def many(count: int) -> Iterator[Document]:
    """So many documents, numbered from 1."""
    return (lantern(number) for number in range(1, count + 1))


def new_collection(
    server: Typesense, alias: str, documents: Iterable[Document] = (), *, hour: int = 0
) -> str:
    """Create one more physical collection for an alias, of that hour, filled; return its name."""
    name = physical_name(alias, datetime(2026, 11, 23, hour, tzinfo=UTC), "0b5e55ed")
    create_collection(server, {"name": name, "fields": FIELDS})
    load(server, name, documents)
    return name


def load(server: Typesense, name: str, documents: Iterable[Document]) -> int:
    """Import documents that must all be taken; return how many."""
    outcomes = list(import_documents(server, name, documents))
    assert [each for outcome in outcomes for each in outcome.refused] == []
    return sum(outcome.loaded for outcome in outcomes)


def stored_ids(server: Typesense, name: str) -> set[str]:
    """The ids that are in a collection; none may be there twice."""
    ids = [str(orjson.loads(line)["id"]) for line in export_documents(server, name)]
    assert len(ids) == len(set(ids))
    return set(ids)
