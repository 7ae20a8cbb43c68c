"""What people search now, as far as the gates ask: documents, and which fields are set."""

from collections import Counter
from functools import partial

from indexer.loader import registry
from indexer.loader.catalog import Collection, collection
from indexer.loader.export import export_documents
from indexer.loader.locks import settled_server
from indexer.loader.server import Typesense
from indexer.loader.settling import settled
from indexer.pipeline.gates import NOTHING, Live


def look_at_live(server: Typesense, name: str | None) -> Live:
    """Return the documents and coverage of the collection that an alias points at.

    Coverage comes from its registry entry. Where that has another count than the server, or isn't
    there, the documents are read and counted, one that is there twice once.
    """
    found = None if name is None else _settled_look(server, name)
    if found is None:
        return NOTHING
    entry = registry.entry(server, found.name)
    if entry is not None and entry.coverage and entry.documents == found.num_documents:
        return Live(found.num_documents, entry.coverage)
    return server.patiently(f"reading {found.name}", partial(_count, server, found.name))


def _settled_look(server: Typesense, name: str) -> Collection | None:
    """Look once the server is settled: one that just started has not read every collection yet."""
    if collection(server, name) is None:
        settled_server(server)
    else:
        settled(server, name)
    return collection(server, name)


def _count(server: Typesense, name: str) -> Live:
    coverage, seen = Counter[str](), set[str]()
    for document in map(server.parsed, export_documents(server, name)):
        if document["id"] not in seen:
            seen.add(document["id"])
            coverage.update(document.keys())
    return Live(len(seen), coverage)
