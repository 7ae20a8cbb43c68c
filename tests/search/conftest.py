"""What the searches share: the library, indexed once."""

from collections.abc import Iterator

import pytest

from indexer.loader.server import Typesense
from tests.search.library import Shelves, shelved
from tests.typesense.choice import RunningTypesense


@pytest.fixture(scope="session")
def shelves(typesense: RunningTypesense) -> Iterator[Shelves]:
    """The library, searchable as pages search it."""
    with Typesense(typesense.url, typesense.api_key) as server, shelved(server) as shelves:
        yield shelves
