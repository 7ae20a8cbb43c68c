"""Searches over 100,000 scenes, as pages ask them: by the presets that come along.

The limits are those of one person who searches on a server that does nothing else. Where
STASH_TEST_URL names a Stash, its own answer to two words is timed in the same run.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import httpx

from indexer.events import nobody
from indexer.loader.server import Typesense
from indexer.pipeline.reindex import reindex
from indexer.pipeline.run import Run
from indexer.shipped import shipped_collections
from indexer.transformer.presets import with_tuning
from tests.bench.figure import Figure
from tests.bench.records import CAST
from tests.bench.servers import connection, typesense
from tests.bench.source import GeneratedSource
from tests.bench.specs import shipped_specs
from tests.stash.words import NOUNS
from tests.typesense.server import TypesenseServer

SCENES = 100_000
COLLECTIONS = ("scenes", "suggestions")
ROUNDS = 50
WARM_UP = 5
MAX_SPREAD = 2.0
TOO_SHORT = 5.0
"""Milliseconds below which a spread tells more of the machine than of the search."""
MILLISECONDS = 1_000
FACETS = 10
SORT_BY_TITLE = "title_sort:asc,title_sort_2:asc,title_sort_3:asc"

Parameters: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One way of asking: what differs from round to round, and its limit in milliseconds."""

    name: str
    collection: str
    preset: str
    parameters: Callable[[int], Parameters]
    at_most: float


def _two_words(at: int) -> str:
    return f"{NOUNS[at % len(NOUNS)]} {NOUNS[(at * 7 + 3) % len(NOUNS)]}"


QUESTIONS = (
    Question("browse, 10 facets", "scenes", "browse", lambda _: {"q": "*"}, 100),
    Question(
        "browse, 10 facets, from the cache",
        "scenes",
        "browse",
        lambda _: {"q": "*", "use_cache": "true"},
        5,
    ),
    Question(
        "two words over all fields, 10 facets",
        "scenes",
        "browse",
        lambda at: {"q": _two_words(at)},
        60,
    ),
    Question(
        "drill-down by tag and year, 10 facets",
        "scenes",
        "browse",
        lambda at: {"q": "*", "filter_by": f"tag_ids:={1 + at % CAST.tags} && year:>=2010"},
        50,
    ),
    Question(
        "suggestions, first letter",
        "suggestions",
        "suggest",
        lambda at: {"q": chr(ord("a") + at % 26)},
        10,
    ),
    Question(
        "sort by title",
        "scenes",
        "card",
        lambda at: {"q": "*", "sort_by": SORT_BY_TITLE, "page": str(1 + at % 5)},
        20,
    ),
)


def figures() -> Iterator[Figure]:
    """Yield the middle of each question's times, and how far the slowest are from it."""
    with typesense() as server:
        _index(server)
        with connection(server) as client:
            for question in QUESTIONS:
                times = [_ask(client, question, at) for at in range(-WARM_UP, ROUNDS)][WARM_UP:]
                yield from _shown(question.name, times, question.at_most)
    yield from _stash()


def _index(server: TypesenseServer) -> None:
    specs = with_tuning(shipped_specs(), shipped_collections())
    with (
        TemporaryDirectory() as directory,
        Typesense(server.url, server.api_key) as loader,
    ):
        source = GeneratedSource(SCENES)
        run = Run(source, loader, specs, nobody, Path(directory), datetime.now(UTC))
        report = reindex(run, COLLECTIONS)
        if report.exit_code:
            raise RuntimeError(f"The library was not indexed: {report.as_json()}")


def _ask(client: httpx.Client, question: Question, at: int) -> float:
    """Return the milliseconds until the whole answer was there."""
    parameters = {"preset": f"{question.collection}_{question.preset}", **question.parameters(at)}
    path = f"/collections/{question.collection}/documents/search"
    start = time.perf_counter()
    answer = client.get(path, params=parameters).raise_for_status()
    taken = (time.perf_counter() - start) * MILLISECONDS
    if "facets" in question.name and len(answer.json()["facet_counts"]) != FACETS:
        raise RuntimeError(f"{question.name}: there are not {FACETS} facets.")
    return taken


def _shown(name: str, times: list[float], at_most: float | None) -> Iterator[Figure]:
    middle = statistics.median(times)
    late = statistics.quantiles(times, n=20)[-1]
    yield Figure(name, middle, "ms", at_most=at_most)
    yield Figure(f"{name}: p95 / p50", late / max(middle, TOO_SHORT), "", at_most=MAX_SPREAD)


def _stash() -> Iterator[Figure]:
    url = os.environ.get("STASH_TEST_URL", "").rstrip("/").removesuffix("/graphql")
    if not url:
        sys.stderr.write("STASH_TEST_URL names no Stash to compare with.\n")
        return
    key = os.environ.get("STASH_TEST_API_KEY")
    query = (
        "query($q: String) { findScenes(filter: {q: $q, per_page: 24}) { count scenes { id } } }"
    )
    with httpx.Client(
        headers={"ApiKey": key} if key else {}, timeout=60, trust_env=False
    ) as client:
        times = []
        for at in range(ROUNDS // 5):
            body = {"query": query, "variables": {"q": _two_words(at)}}
            start = time.perf_counter()
            client.post(f"{url}/graphql", json=body).raise_for_status()
            times.append((time.perf_counter() - start) * MILLISECONDS)
    yield Figure("Stash: two words, no facets", statistics.median(times), "ms")
