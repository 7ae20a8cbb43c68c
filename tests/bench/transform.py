"""Transforming: all that the pipeline does with a scene record that it has, until it is bytes.

References looked up, counts fed, document made, coverage counted, serialised, digested. The
machine's own speed stands beside it: the same documents through orjson alone.
"""

import gc
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles

import orjson

from indexer.documents import Document
from indexer.events import nobody
from indexer.pipeline.stream import Stream
from indexer.transformer.membership import Membership
from tests.bench.figure import Figure
from tests.bench.source import PreparedSource
from tests.bench.specs import shipped_spec

SCENES = 20_000
PASSES = 3
PER = 100_000
MAX_CPU_SECONDS = 5.0


def figures() -> Iterator[Figure]:
    """Yield CPU-seconds per 100,000 scenes, and the sizes of documents."""
    source = PreparedSource(SCENES)
    # What was prepared is no garbage; a run has one page in memory, not all of them.
    gc.collect()
    gc.freeze()
    documents: list[Document] = []
    seconds = [_transform(source, documents) for _ in range(PASSES)]
    yield Figure(
        "transform, serialise, digest",
        min(seconds),
        "CPU-s per 100k scenes",
        at_most=MAX_CPU_SECONDS,
    )
    contents = [orjson.loads(document.body) for document in documents]
    alone = min(_cpu_seconds(lambda: list(map(orjson.dumps, contents))) for _ in range(PASSES))
    yield Figure("orjson.dumps of the same documents", alone, "CPU-s per 100k scenes")
    sizes = [len(document.body) for document in documents]
    yield Figure("document size, median", median(sizes), "bytes")
    yield Figure("document size, 99 of 100 are smaller", quantiles(sizes, n=100)[-1], "bytes")
    gc.unfreeze()


def _transform(source: PreparedSource, documents: list[Document]) -> float:
    """Make the documents anew; the clock starts with the first, when dimensions are loaded."""
    stream = Stream(source, shipped_spec("scene"), Membership(), nobody).documents()
    documents[:] = [next(stream)]
    return _cpu_seconds(lambda: documents.extend(stream))


def _cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * PER / SCENES
