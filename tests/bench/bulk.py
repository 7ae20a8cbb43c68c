"""The bulk pass beside the fastest there is: the same bytes posted straight to the same server.

By turns, each time into a new collection; of each kind the best pass counts. Records are prepared
beforehand, so the indexer's pass is transforming and loading; its clock starts with the first
record, when the dimensions are loaded, and that of the straight post with the first request.
"""

import gc
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from indexer.events import nobody
from indexer.loader.bulk import WINDOW
from indexer.loader.locks import hold
from indexer.loader.names import physical_name
from indexer.loader.prune import drop_collection
from indexer.loader.schema import create_collection
from indexer.loader.server import Typesense
from indexer.loader.settling import settled
from indexer.pipeline.reconcile import reconcile
from indexer.pipeline.report import CollectionReport
from indexer.pipeline.run import Run, Turn
from indexer.pipeline.stream import Stream
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.membership import Membership
from tests.bench.figure import Figure
from tests.bench.servers import connection, typesense
from tests.bench.source import PreparedSource
from tests.bench.specs import shipped_spec

SCENES = 30_000
TURNS = 3
BATCH = 2_000
MIN_RATIO = 0.85


def figures() -> Iterator[Figure]:
    """Yield the indexer's speed as a share of the straight post's, and both speeds."""
    source = PreparedSource(SCENES)
    spec = shipped_spec("scene")
    stream = Stream(source, spec, Membership(), nobody)
    bodies = [document.body for document in stream.documents()]
    gc.freeze()  # what is prepared is no garbage to look through
    loading, posting = [], []
    with typesense() as server, Typesense(server.url, server.api_key) as client:
        for _ in range(TURNS):
            with _new_collection(client, spec) as collection, connection(server) as straight:
                posting.append(_post(straight, collection, bodies))
            with _new_collection(client, spec) as collection:
                loading.append(_load(client, collection, source, spec))
    gc.unfreeze()
    ratio = min(posting) / min(loading)
    yield Figure("bulk pass / posting the same bytes", ratio, "", at_least=MIN_RATIO)
    yield Figure("bulk pass", SCENES / min(loading), "documents/s")
    yield Figure("posting the same bytes", SCENES / min(posting), "documents/s")


@contextmanager
def _new_collection(client: Typesense, spec: CompiledSpec) -> Iterator[str]:
    """Yield an empty collection that the server has come to rest with; drop it afterwards."""
    name = physical_name(spec.alias, datetime.now(UTC), spec.spec_hash)
    create_collection(client, spec.schema(name))
    settled(client)
    yield name
    drop_collection(client, name, spec.alias)


def _load(client: Typesense, collection: str, source: PreparedSource, spec: CompiledSpec) -> float:
    """Return the seconds from the first scene read to the last answer."""
    run = Run(source, client, [spec], nobody, Path(), datetime.now(UTC))
    report = CollectionReport(spec.name, spec.alias)
    with hold(client, spec.alias, run.identity) as lock:
        outcome = reconcile(Turn(run, spec, report, lock, run.source.info()), collection)
        seconds = time.perf_counter() - source.scenes_begun
    _check(outcome.loaded)
    return seconds


def _post(client: httpx.Client, collection: str, bodies: Sequence[bytes]) -> float:
    """Return the seconds from the first request to the last answer, two under way at a time."""
    path = f"/collections/{collection}/documents/import"
    requests = [b"\n".join(bodies[start : start + BATCH]) for start in range(0, len(bodies), BATCH)]

    def post(request: bytes) -> int:
        answer = client.post(path, params={"action": "upsert"}, content=request)
        return answer.raise_for_status().content.count(b'{"success":true}')

    start = time.perf_counter()
    with ThreadPoolExecutor(WINDOW) as pool:
        loaded = sum(pool.map(post, requests))
    seconds = time.perf_counter() - start
    _check(loaded)
    return seconds


def _check(loaded: int) -> None:
    """Refuse to time what did not work."""
    if loaded != SCENES:
        raise RuntimeError(f"{loaded} of {SCENES} documents were loaded.")
