"""Tries what the key may do, on a collection of its own that it removes again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from indexer.documents import Document
from indexer.errors import TypesenseError
from indexer.loader.answers import NOT_FOUND, Refused
from indexer.loader.bulk import import_documents
from indexer.loader.export import export_documents
from indexer.loader.names import physical_name
from indexer.loader.schema import create_collection
from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.loader.tuning import Behaviour, drop, prepare

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
    actions = (
        ("create a collection", partial(_create, server, name)),
        ("import documents", partial(_import, server, name)),
        ("export documents", partial(_export, server, name)),
        ("search", partial(_search, server, name)),
        ("write presets", partial(_tune, server, name)),
        ("move an alias", partial(_point, server, alias, name)),
        ("remove an alias", partial(_remove, server, f"/aliases/{alias}")),
        ("remove presets", partial(drop, server, name)),
        ("remove a collection", partial(_remove, server, f"/collections/{name}")),
        ("clear the cache", server.clear_cache),
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
    prepare(server, name, Behaviour({"probe": {"query_by": "word"}}, groups, ()))


def _point(server: Typesense, alias: str, name: str) -> None:
    server.admin(
        f"moving alias {alias}",
        lambda client: client.aliases.upsert(alias, {"collection_name": name}),
    )


def _remove(server: Typesense, path: str) -> None:
    """Remove what may not be there: that the server says so shows that the key may."""
    try:
        server.patiently(f"removing {path}", lambda: server.request("DELETE", path))
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
