"""What happens every night, on records read from the database file.

An unchanged library of 100,000 scenes is synced: nothing is written. The same library is then
built anew while somebody searches; and one of 500,000 shows what comparing costs in memory.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx

from indexer.events import nobody
from indexer.extractor.source import Source
from indexer.loader.server import Typesense
from indexer.pipeline.reindex import reindex
from indexer.pipeline.report import CollectionReport, RunReport
from indexer.pipeline.run import Run
from indexer.pipeline.sync import sync
from indexer.shipped import shipped_collections
from indexer.transformer.presets import with_tuning
from tests.bench.figure import Figure
from tests.bench.library import database, file_source
from tests.bench.passes import load, new_collection
from tests.bench.program import run, stand_in, start
from tests.bench.servers import connection, typesense
from tests.bench.specs import shipped_spec, shipped_specs
from tests.stash.words import NOUNS
from tests.typesense.server import TypesenseServer

SCENES = 100_000
MANY = 500_000
TURNS = 3
MEGABYTE = 1_000_000
MAX_SYNC = 0.35
MAX_SLOWER = 6.0
SEARCHES = 200
PAUSE_SECONDS = 0.02
"""Between two searches, as people make them."""
MOST_BYTES = 80_000_000
MOST_BYTES_A_DOCUMENT = 120


def figures() -> Iterator[Figure]:
    """Yield the times of a night, how searches fare meanwhile, and the client's memory."""
    with database(SCENES) as path, typesense() as server:
        with file_source(path) as source:
            yield from _times(source, server)
        yield from _searches(path, server)
    yield from _memory()


def _times(source: Source, server: TypesenseServer) -> Iterator[Figure]:
    spec = shipped_spec("scene")
    with Typesense(server.url, server.api_key) as client:
        with new_collection(client, spec) as collection:
            bulk = load(client, collection, source, spec).seconds
        whole = _only(reindex(_run(source, client), ["scenes"]))
        nights = [_only(sync(_run(source, client), ["scenes"])) for _ in range(TURNS)]
    share = min(night.seconds for night in nights) / bulk
    written = sum(night.loaded + night.deleted for night in nights)
    yield Figure("unchanged sync / bulk pass", share, "", at_most=MAX_SYNC)
    yield Figure("unchanged sync: writes", written, "documents", at_most=0)
    yield Figure("bulk pass, 100k scenes", bulk, "s")
    yield Figure("reindex with catch-up and swap", whole.seconds, "s")


def _run(source: Source, client: Typesense) -> Run:
    specs = with_tuning(shipped_specs(), shipped_collections())
    return Run(source, client, specs, nobody, Path(), datetime.now(UTC))


def _only(report: RunReport) -> CollectionReport:
    if report.exit_code:
        raise RuntimeError(f"A run did not end well: {report.as_json()}")
    (collection,) = report.collections
    return collection


def _searches(path: Path, server: TypesenseServer) -> Iterator[Figure]:
    """Search an idle server, then one into which the program builds the same collection anew."""
    with ExitStack() as stack:
        client = stack.enter_context(connection(server))
        stash = stack.enter_context(stand_in(path))
        idle, failed = _search_while(client, lambda at: at < SEARCHES)
        program = stack.enter_context(start(stash, path, server, "reindex", "scenes"))
        busy, failed_meanwhile = _search_while(client, lambda _: program.poll() is None)
        if program.returncode:
            raise RuntimeError(f"The reindex ended with {program.returncode}.")
    slower = _late(busy) / _late(idle)
    yield Figure("search, idle: p95", _late(idle), "ms")
    yield Figure("search, during a reindex: p95", _late(busy), "ms")
    yield Figure("search, during a reindex / idle: p95", slower, "", at_most=MAX_SLOWER)
    yield Figure("search: failed", failed + failed_meanwhile, f"of {len(idle + busy)}", at_most=0)


def _search_while(client: httpx.Client, goes_on: Callable[[int], bool]) -> tuple[list[float], int]:
    """Return the milliseconds of each search, and how many failed or found not all there is."""
    times: list[float] = []
    failed = 0
    while goes_on(len(times)):
        word = NOUNS[len(times) % len(NOUNS)]
        begun = time.perf_counter()
        try:
            answer = client.get(
                "/collections/scenes/documents/search",
                params={"q": word, "preset": "scenes_browse"},
            )
            failed += not answer.is_success or answer.json()["out_of"] != SCENES
        except httpx.HTTPError:
            failed += 1
        times.append((time.perf_counter() - begun) * 1_000)
        time.sleep(PAUSE_SECONDS)
    return times, failed


def _late(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _memory() -> Iterator[Figure]:
    with database(MANY) as path, typesense() as server, stand_in(path) as stash:
        built = run(stash, path, server, "reindex", "scenes")
        night = run(stash, path, server, "sync", "scenes")
    limit = (MOST_BYTES + MANY * MOST_BYTES_A_DOCUMENT) / MEGABYTE
    for name, peak in (("reindex", built.peak_bytes), ("sync", night.peak_bytes)):
        yield Figure(f"client memory, {name} of 500k", peak / MEGABYTE, "MB", at_most=limit)
