"""documents: what would be stored, without storing it."""

from collections.abc import Iterator, Sequence
from itertools import islice

import orjson

from indexer.documents import Document
from indexer.events import Emit
from indexer.extractor.source import Source
from indexer.pipeline.stream import Stream, ensure_counted
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.membership import Membership


def documents(
    source: Source,
    spec: CompiledSpec,
    emit: Emit,
    *,
    limit: int | None,
    ids: Sequence[int] = (),
) -> Iterator[bytes]:
    """Yield documents as they would be stored, each one line of JSON with its keys sorted.

    `ids` are Stash's; all records if none is given, the first `limit` of them.

    Raises:
        StashError: Stash is unreachable or refusing.
    """
    membership = Membership()
    ensure_counted(source, spec, membership, emit)
    stream = Stream(source, spec, membership, emit)
    for document in islice(stream.documents(ids or None), limit):
        yield _sorted(document)


def _sorted(document: Document) -> bytes:
    return orjson.dumps(orjson.loads(document.body), option=orjson.OPT_SORT_KEYS)
