"""What the loader's tests share: a connection, a proxy that fails, and collections to fill."""

from collections.abc import Iterator

import pytest

from indexer.events import Event
from indexer.loader.server import Typesense
from indexer.retries import Patience
from tests.loader.documents import new_collection
from tests.typesense.choice import RunningTypesense
from tests.typesense.proxy import FaultyProxy

PATIENCE = Patience(20)


@pytest.fixture
def events() -> list[Event]:
    """All that was told during the test."""
    return []


@pytest.fixture
def server(typesense: RunningTypesense, events: list[Event]) -> Iterator[Typesense]:
    """A connection to the shared server."""
    with Typesense(
        typesense.url, typesense.api_key, patience=PATIENCE, emit=events.append
    ) as server:
        yield server


@pytest.fixture
def proxy(typesense: RunningTypesense) -> Iterator[FaultyProxy]:
    """A proxy in front of the shared server."""
    with FaultyProxy(typesense.url) as proxy:
        yield proxy


@pytest.fixture
def through_proxy(
    proxy: FaultyProxy, typesense: RunningTypesense, events: list[Event]
) -> Iterator[Typesense]:
    """A connection to the shared server by way of the proxy."""
    with Typesense(proxy.url, typesense.api_key, patience=PATIENCE, emit=events.append) as server:
        yield server


@pytest.fixture
def alias(alias_prefix: str) -> str:
    """An alias name that no other test has; nothing is behind it yet."""
    return f"{alias_prefix}lanterns"


@pytest.fixture
def lanterns(server: Typesense, alias: str) -> str:
    """A new, empty physical collection for that alias, with the fields of documents.FIELDS."""
    return new_collection(server, alias)
