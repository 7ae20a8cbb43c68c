"""Memory: the client's, which must not grow with the library, and the server's.

One process reindexes a library of 50,000 scenes, and then one of 200,000 over it: each through
all that a run does, the second also reading what is live. The server's memory is what it gained.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence

from tests.bench.figure import Figure
from tests.bench.records import CAST
from tests.bench.servers import connection, typesense
from tests.typesense.server import TypesenseServer

SMALL = 50_000
LARGE = 200_000
PER = 100_000
MEGABYTE = 1_000_000
MAX_MEGABYTES = 150.0
MAX_GROWTH = 1.15
SECONDS = 1500.0


def figures() -> Iterator[Figure]:
    """Yield what client and server need for libraries of both sizes."""
    with typesense() as server:
        empty = _server_memory(server)
        small, large = _client_memory(server, [SMALL, LARGE])
        gained = _server_memory(server) - empty
    documents = SMALL + LARGE + 2 * CAST.performers
    yield Figure("client memory, 200k scenes", large / MEGABYTE, "MB", at_most=MAX_MEGABYTES)
    yield Figure("client memory, 200k / 50k scenes", large / small, "", at_most=MAX_GROWTH)
    yield Figure(
        "server memory", gained / documents * PER / MEGABYTE, "MB per 100k documents, as shipped"
    )


def _client_memory(server: TypesenseServer, sizes: Sequence[int]) -> list[int]:
    """Return the most bytes that the client has had until the end of each run."""
    arguments = [server.url, server.api_key, *map(str, sizes)]
    client = subprocess.run(
        [sys.executable, "-m", "tests.bench.client", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    return [int(line) for line in client.stdout.split()]


def _server_memory(server: TypesenseServer) -> int:
    """Return the server's own count of its resident bytes."""
    with connection(server) as client:
        metrics = client.get("/metrics.json").raise_for_status().json()
    return int(metrics["typesense_memory_resident_bytes"])
