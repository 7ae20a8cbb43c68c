"""Reads all documents of a collection, line by line, as the server stores them."""

from collections.abc import Iterator, Sequence
from typing import Any

from indexer.errors import TypesenseError
from indexer.loader.catalog import Collection, collection
from indexer.loader.server import Typesense

BATCH_SIZE = "1000"
"""Two to three times as fast as the server's default of 100."""
MOST_IDS = 250
"""So many documents are asked for by id at once."""


def export_documents(server: Typesense, name: str) -> Iterator[bytes]:
    """Yield each document's JSON bytes, whole, in no particular order; never silently fewer.

    Nothing is tried again here, the caller has to begin anew. Call settled() first; documents that
    change while they are read may be there in either form.

    Raises:
        UnexpectedAnswer: other documents came than the collection has, while nobody changed it.
        TypesenseError: there is no such collection, or the connection broke.
    """
    before = _counted(server, name)
    read = 0
    path = f"/collections/{name}/documents/export"
    with server.stream(path, {"batch_size": BATCH_SIZE}) as pieces:
        for line in _lines(pieces):
            read += 1
            yield line
    after = _counted(server, name)
    if before.num_documents == after.num_documents != read:
        what = f"sent {read} of the {after.num_documents} documents of {name}"
        raise server.unexpected(what, transient=True)


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Cut pieces into lines; the last one comes without a line break."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _counted(server: Typesense, name: str) -> Collection:
    found = collection(server, name)
    if found is None:
        raise TypesenseError(
            f"Typesense at {server.url} has no collection {name} to read.",
            "See `indexer status` for the collections that are there.",
        )
    return found


def stored_documents(server: Typesense, name: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return up to MOST_IDS documents as they are stored, by id; what isn't there is left out.

    Raises:
        TypesenseError: there is no such collection, or Typesense fails.
    """
    listed = ",".join(f"`{each}`" for each in ids)
    path = f"/collections/{name}/documents/export"
    params = {"filter_by": f"id:[{listed}]"}
    found = server.patiently(f"reading {name}", lambda: server.ask_lines(path, params))
    return {document["id"]: document for document in found}
