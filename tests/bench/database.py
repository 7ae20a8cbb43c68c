"""Reading the database file: how fast documents come of it, what that costs, how near it comes.

A library of 100,000 scenes, read as `--source file:` reads it, while nobody else works with it.
"""

import gc
import time
from collections.abc import Iterator
from pathlib import Path

from indexer.events import nobody
from indexer.extractor.source import Source
from indexer.loader.server import Typesense
from indexer.pipeline.stream import Stream
from indexer.transformer.membership import Membership
from tests.bench.figure import Figure
from tests.bench.library import database, file_source
from tests.bench.passes import Pass, load, new_collection, post
from tests.bench.program import run, stand_in
from tests.bench.servers import connection, typesense
from tests.bench.specs import shipped_spec

SCENES = 100_000
SMALL = 20_000
PER = 100_000
TURNS = 2
MEGABYTE = 1_000_000
MIN_DOCUMENTS_A_SECOND = 20_000.0
MAX_CPU_SECONDS = 6.0
MIN_RATIO = 0.85
MAX_MEGABYTES = 150.0
MAX_GROWTH = 1.25


def figures() -> Iterator[Figure]:
    """Yield speeds, CPU-seconds and memory."""
    with database(SCENES) as path:
        with file_source(path) as source:
            yield from _speed(source)
        large = _reindexed(path)
    with database(SMALL) as path:
        small = _reindexed(path)
    yield Figure("file: client memory, 100k", large / MEGABYTE, "MB", at_most=MAX_MEGABYTES)
    yield Figure("file: client memory, 100k / 20k", large / small, "", at_most=MAX_GROWTH)


def _speed(source: Source) -> Iterator[Figure]:
    bodies: list[bytes] = []
    best = SCENES / min(_seconds(source, bodies) for _ in range(TURNS))
    gc.freeze()  # what is kept is no garbage to look through
    loading: list[Pass] = []
    posting: list[float] = []
    spec = shipped_spec("scene")
    with typesense() as server, Typesense(server.url, server.api_key) as client:
        for _ in range(TURNS):
            with new_collection(client, spec) as collection, connection(server) as straight:
                posting.append(post(straight, collection, bodies))
            with new_collection(client, spec) as collection:
                loading.append(load(client, collection, source, spec))
    gc.unfreeze()
    cpu = min(taken.cpu_seconds for taken in loading) * PER / SCENES
    ratio = min(posting) / min(taken.seconds for taken in loading)
    yield Figure(
        "file: documents out of the transformer",
        best,
        "documents/s",
        at_least=MIN_DOCUMENTS_A_SECOND,
    )
    yield Figure("file: all the client does", cpu, "CPU-s per 100k scenes", at_most=MAX_CPU_SECONDS)
    yield Figure("file: bulk pass / posting the same bytes", ratio, "", at_least=MIN_RATIO)


def _seconds(source: Source, bodies: list[bytes]) -> float:
    """Read everything once, dimensions too; return the seconds until the last document."""
    stream = Stream(source, shipped_spec("scene"), Membership(), nobody)
    begun = time.perf_counter()
    bodies[:] = [document.body for document in stream.documents()]
    return time.perf_counter() - begun


def _reindexed(path: Path) -> int:
    """Return the most bytes that the program had, reindexing all collections of a library."""
    with typesense() as server, stand_in(path) as stash:
        return run(stash, path, server, "reindex").peak_bytes
