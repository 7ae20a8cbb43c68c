"""Imports documents: bytes in, two requests under way, every line of every answer read."""

import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from indexer.documents import Document
from indexer.errors import Interrupted, UnexpectedAnswer
from indexer.loader.answers import TOO_LARGE, Refused
from indexer.loader.names import require_physical
from indexer.loader.server import Typesense

WINDOW = 2
MAX_COUNT = 2_000
MAX_BYTES = 1_000_000
"""Typesense takes imports in pieces of this size: larger requests gain nothing and take memory."""
MAX_UNEXPECTED = 3
"""So many answers that can't be true to one request end the import."""

_LOADED = b'{"success":true}'


@dataclass(frozen=True)
class RefusedDocument:
    """A document that the server refused; `position` counts the import's documents from 0."""

    position: int
    id: str
    code: int
    error: str
    body: bytes


@dataclass(frozen=True)
class Imported:
    """The outcome of one request, in the order in which documents came."""

    loaded: int
    refused: tuple[RefusedDocument, ...]


@dataclass(frozen=True)
class _Batch:
    start: int
    documents: Sequence[Document]

    def halves(self) -> "tuple[_Batch, _Batch]":
        middle = len(self.documents) // 2
        return (
            _Batch(self.start, self.documents[:middle]),
            _Batch(self.start + middle, self.documents[middle:]),
        )


def import_documents(
    server: Typesense,
    collection: str,
    documents: Iterable[Document],
    *,
    window: int = WINDOW,
    max_count: int = MAX_COUNT,
    max_bytes: int = MAX_BYTES,
) -> Generator[Imported, None, None]:
    """Upsert documents into a physical collection; yield an outcome for each request.

    Documents are pulled as they are needed: besides those under way, one request's worth is held.
    Check the key first: a refusal of a large body shows as a time-out. When the consumer stops,
    requests under way are waited for and nothing more is sent; a signal waits for nothing.

    Raises:
        UnexpectedAnswer: three answers to one request had other lines than documents were sent.
        TypesenseError: Typesense fails for longer than its patience.
    """
    require_physical(collection)
    under_way: deque[Future[Imported]] = deque()
    stop = threading.Event()
    pool = ThreadPoolExecutor(window, thread_name_prefix="import")
    wait = True
    try:
        for batch in _batches(documents, max_count, max_bytes):
            if len(under_way) == window:
                yield under_way.popleft().result()
            under_way.append(pool.submit(_import, server, collection, batch, stop))
        while under_way:
            yield under_way.popleft().result()
    except Interrupted:
        wait = False  # a request that hangs would keep the lock from being released
        raise
    finally:
        stop.set()
        pool.shutdown(wait=wait, cancel_futures=True)


def _batches(documents: Iterable[Document], max_count: int, max_bytes: int) -> Iterator[_Batch]:
    """Cut the stream into requests; a document above `max_bytes` goes alone."""
    start, size = 0, 0
    held: list[Document] = []
    for document in documents:
        length = len(document.body) + 1
        if held and (len(held) == max_count or size + length > max_bytes):
            yield _Batch(start, held)
            start, size, held = start + len(held), 0, []
        held.append(document)
        size += length
    if held:
        yield _Batch(start, held)


def _import(server: Typesense, collection: str, batch: _Batch, stop: threading.Event) -> Imported:
    """Send one batch, in halves where it is too large for what stands before the server."""
    try:
        return _send(server, collection, batch, stop)
    except Refused as refused:
        if refused.status != TOO_LARGE:
            raise
        if len(batch.documents) == 1:
            return Imported(0, (_refused(batch, 0, refused.status, refused.message),))
    parts = [_import(server, collection, half, stop) for half in batch.halves()]
    return Imported(
        sum(part.loaded for part in parts), tuple(each for part in parts for each in part.refused)
    )


def _send(server: Typesense, collection: str, batch: _Batch, stop: threading.Event) -> Imported:
    path = f"/collections/{collection}/documents/import"
    body = b"\n".join(document.body for document in batch.documents)
    unexpected = 0

    def send() -> Imported:
        nonlocal unexpected
        if stop.is_set():
            raise CancelledError
        answer = server.request("POST", path, params={"action": "upsert"}, content=body)
        try:
            return _outcome(server, batch, answer)
        except UnexpectedAnswer as error:
            unexpected += 1
            error.transient = unexpected < MAX_UNEXPECTED
            raise

    return server.patiently(f"importing into {collection}", send)


def _outcome(server: Typesense, batch: _Batch, answer: bytes) -> Imported:
    """Read an answer: one line of JSON for each document, in their order."""
    lines = [line for line in answer.split(b"\n") if line]
    if len(lines) != len(batch.documents):
        sent = len(batch.documents)
        raise server.unexpected(f"answered {sent} documents with {len(lines)} lines")
    refused = []
    for index, line in enumerate(lines):
        if line == _LOADED:
            continue
        result = _result(server, line)
        if not result["success"]:
            code, error = int(result.get("code", 0)), str(result.get("error", ""))
            refused.append(_refused(batch, index, code, error))
    return Imported(len(lines) - len(refused), tuple(refused))


def _result(server: Typesense, line: bytes) -> dict[str, Any]:
    """Parse one line. It repeats the document it refuses, so it goes into no message."""
    result = server.parsed(line)
    if "success" not in result:
        raise server.unexpected("answered a document with a line that is no outcome")
    return result


def _refused(batch: _Batch, index: int, code: int, error: str) -> RefusedDocument:
    document = batch.documents[index]
    return RefusedDocument(batch.start + index, document.id, code, error, document.body)
