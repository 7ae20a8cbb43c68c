"""Deletes documents by id."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import quote

from indexer.loader.answers import unless_missing
from indexer.loader.names import require_physical
from indexer.loader.server import Typesense

MAX_QUERY = 30_000
"""Characters of ids in one request; httpx refuses a query above 65,536."""

# Ours always are. A filter trims spaces and has no way to quote every character.
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_COMMA = len("%2C")


def delete_documents(server: Typesense, collection: str, ids: Iterable[str]) -> int:
    """Delete documents of a physical collection by exact id; return how many went.

    Ids that aren't there don't count, nor do those of a request that was sent again because its
    answer was lost.
    """
    require_physical(collection)
    deleted = 0
    for chunk in _chunks(ids):
        request = partial(_delete, server, collection, chunk)
        deleted += server.patiently(f"deleting from {collection}", request)
    return deleted


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """Cut ids into requests; one that is not plain goes alone."""
    chunk: list[str] = []
    size = 0
    for each in ids:
        if not _PLAIN.fullmatch(each):
            yield [each]
            continue
        length = len(each) + _COMMA
        if chunk and size + length > MAX_QUERY:
            yield chunk
            chunk, size = [], 0
        chunk.append(each)
        size += length
    if chunk:
        yield chunk


def _delete(server: Typesense, collection: str, ids: list[str]) -> int:
    path = f"/collections/{collection}/documents"
    if not _PLAIN.fullmatch(ids[0]):
        one = f"{path}/{quote(ids[0], safe='')}"
        answer = unless_missing(lambda: server.request("DELETE", one))
        return 0 if answer is None else 1
    found = server.ask("DELETE", path, {"filter_by": f"id:[{','.join(ids)}]"})
    return int(server.member(found, "num_deleted"))
