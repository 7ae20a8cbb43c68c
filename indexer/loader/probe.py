"""Tries what the key may do, on a collection of its own that it removes again.

In the collections that outlive runs it tries a document of its own. One of them that isn't there is
not made: a key that may use it is answered "not found", another one is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import orjson

from indexer.documents import Document
from indexer.errors import TypesenseError
from indexer.loader.answers import BAD_REQUEST, CONFLICT, Refused, unless_missing
from indexer.loader.bulk import import_documents
from indexer.loader.catalog import collection
from indexer.loader.delete import delete_documents
from indexer.loader.export import export_documents
from indexer.loader.locks import LOCKS
from indexer.loader.names import physical_name
from indexer.loader.registry import COLLECTIONS
from indexer.loader.runs import RUNS
from indexer.loader.schema import create_collection
from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.loader.state import Shelf, change, exactly, find, read, remove, write_once
from indexer.loader.synonyms import write_stop_words
from indexer.loader.tuning import Behaviour, drop_behaviour, prepare_behaviour

SHELVES = (LOCKS, COLLECTIONS, RUNS)
_FIELDS = [{"name": "word", "type": "string"}]
_DOCUMENTS = (Document("main-1", b'{"id":"main-1","word":"lantern"}'),)


@dataclass(frozen=True)
class Probe:
    """One thing that a run does, and what happened when it was tried; `message` if not ok."""

    action: str
    ok: bool
    message: str = ""


def probe_key(server: Typesense, prefix: str) -> list[Probe]:
    """Try what a run does, as far as it gets, and remove what that made.

    `prefix` stands before the collection's name; a key may be bound to names.
    """
    alias = f"{prefix}probe"
    name = physical_name(alias, datetime.now(UTC), "0" * 8)
    actions: Sequence[tuple[str, Callable[[], object]]] = (
        ("create a collection", partial(_create, server, name)),
        ("import documents", partial(_import, server, name)),
        ("export documents", partial(_export, server, name)),
        ("search", partial(_search, server, name)),
        ("delete documents", partial(delete_documents, server, name, ["main-1"])),
        ("write presets, synonyms and stop words", partial(_tune, server, name)),
        ("move an alias", partial(_point, server, alias, name)),
        ("remove an alias", partial(_remove, server, f"/aliases/{alias}")),
        ("remove presets, synonyms and stop words", partial(drop_behaviour, server, name)),
        ("remove a collection", partial(_remove, server, f"/collections/{name}")),
        ("clear the cache", server.clear_cache),
        *((f"use {shelf.name}", partial(_use, server, shelf, name)) for shelf in SHELVES),
    )
    return [_try(action, attempt) for action, attempt in actions]


def _try(action: str, attempt: Callable[[], object]) -> Probe:
    try:
        attempt()
    except TypesenseError as error:
        return Probe(action, ok=False, message=error.message)
    return Probe(action, ok=True)


def _create(server: Typesense, name: str) -> None:
    create_collection(server, {"name": name, "fields": _FIELDS})


def _import(server: Typesense, name: str) -> None:
    for outcome in import_documents(server, name, _DOCUMENTS):
        if outcome.refused:
            raise server.unexpected(f"refused a document: {outcome.refused[0].error}")


def _export(server: Typesense, name: str) -> None:
    for _line in export_documents(server, name):
        pass


def _search(server: Typesense, name: str) -> None:
    search(server, name, {"q": "lantern", "query_by": "word"})


def _tune(server: Typesense, name: str) -> None:
    groups = {"lamps": {"synonyms": ["lantern", "lamp"]}}
    prepare_behaviour(server, name, Behaviour({"probe": {"query_by": "word"}}, groups, ()))
    write_stop_words(server, name, ["the"])


def _point(server: Typesense, alias: str, name: str) -> None:
    server.admin(
        f"moving alias {alias}",
        lambda client: client.aliases.upsert(alias, {"collection_name": name}),
    )


def _use(server: Typesense, shelf: Shelf, document_id: str) -> None:
    """Do with a document of our own what is done with those of a shelf, as far as it is there."""
    _may_make(server, shelf)
    collection(server, shelf.name)
    ours, indexed = exactly("id", document_id), next(iter(shelf.fields))
    remove(server, shelf, ours)  # a key that may not would leave behind what it wrote
    try:
        _write(server, shelf, {"id": document_id, indexed: document_id})
        change(server, shelf, document_id, **{indexed: document_id})
        read(server, shelf, document_id)
        find(server, shelf, indexed, document_id)
    finally:
        remove(server, shelf, ours)


def _may_make(server: Typesense, shelf: Shelf) -> None:
    """Ask for a collection without fields, which no server makes: only the refusal tells."""
    body = orjson.dumps({"name": shelf.name})
    try:
        server.patiently(
            f"creating {shelf.name}", lambda: server.request("POST", "/collections", content=body)
        )
    except Refused as refused:
        if refused.status not in (BAD_REQUEST, CONFLICT):
            raise


def _write(server: Typesense, shelf: Shelf, document: Mapping[str, str]) -> None:
    unless_missing(
        lambda: server.patiently(
            f"writing to {shelf.name}", lambda: write_once(server, shelf, document)
        )
    )


def _remove(server: Typesense, path: str) -> None:
    """Remove what may not be there: that the server says so shows that the key may."""
    unless_missing(
        lambda: server.patiently(f"removing {path}", lambda: server.request("DELETE", path))
    )
