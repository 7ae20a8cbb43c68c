"""Passes over a library's scenes into a collection of their own: the indexer's, and the fastest.

The fastest there is posts the same bytes, made beforehand, straight to the same server.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from indexer.events import nobody
from indexer.extractor.source import Source
from indexer.loader.bulk import WINDOW
from indexer.loader.drop import drop_collection
from indexer.loader.locks import hold
from indexer.loader.names import physical_name
from indexer.loader.schema import create_collection
from indexer.loader.server import Typesense
from indexer.loader.settling import settled
from indexer.pipeline.reconcile import reconcile
from indexer.pipeline.report import CollectionReport
from indexer.pipeline.run import Run, Turn
from indexer.transformer.compile import CompiledSpec

BATCH = 2_000


@contextmanager
def new_collection(client: Typesense, spec: CompiledSpec) -> Iterator[str]:
    """Yield an empty collection that the server has come to rest with; drop it afterwards."""
    name = physical_name(spec.alias, datetime.now(UTC), spec.spec_hash)
    create_collection(client, spec.schema(name))
    settled(client)
    yield name
    drop_collection(client, name, spec.alias)


@dataclass(frozen=True)
class Pass:
    """One pass of the indexer: from when to when on perf_counter's clock, and its CPU-seconds."""

    begun: float
    ended: float
    cpu_seconds: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.begun


def load(client: Typesense, collection: str, source: Source, spec: CompiledSpec) -> Pass:
    """Reconcile a source into an empty collection.

    Raises:
        RuntimeError: not all was loaded: what did not work is not timed.
    """
    run = Run(source, client, [spec], nobody, Path(), datetime.now(UTC))
    report = CollectionReport(spec.name, spec.alias)
    with hold(client, spec.alias, run.identity) as lock:
        turn = Turn(run, spec, report, lock, source.info())
        begun, cpu = time.perf_counter(), time.process_time()
        outcome = reconcile(turn, collection)
        taken = Pass(begun, time.perf_counter(), time.process_time() - cpu)
    _check(outcome.loaded, turn.info.counts[spec.kind])
    return taken


def post(client: httpx.Client, collection: str, bodies: Sequence[bytes]) -> float:
    """Return the seconds from the first request to the last answer, two under way at a time."""
    path = f"/collections/{collection}/documents/import"
    requests = [b"\n".join(bodies[start : start + BATCH]) for start in range(0, len(bodies), BATCH)]

    def send(request: bytes) -> int:
        answer = client.post(path, params={"action": "upsert"}, content=request)
        return answer.raise_for_status().content.count(b'{"success":true}')

    start = time.perf_counter()
    with ThreadPoolExecutor(WINDOW) as pool:
        loaded = sum(pool.map(send, requests))
    seconds = time.perf_counter() - start
    _check(loaded, len(bodies))
    return seconds


def _check(loaded: int, wanted: int) -> None:
    """Refuse to time what did not work."""
    if loaded != wanted:
        raise RuntimeError(f"{loaded} of {wanted} documents were loaded.")
