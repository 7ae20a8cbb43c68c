"""What the extractor's tests share: sources that are closed, copies of the recorded libraries."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Protocol

import pytest

from indexer.events import Emit, nobody
from indexer.extractor.api import ApiSource
from indexer.extractor.graphql import StashClient
from indexer.retries import ONCE, Patience
from tests.contract.recordings import RECORDINGS


class OpenSource(Protocol):
    """Opens a source for a test; it gives up at once unless told otherwise."""

    def __call__(
        self,
        url: str,
        key: str | None = None,
        *,
        patience: Patience = ONCE,
        emit: Emit = nobody,
        timeout: float = 10,
        page_size: int = 50,
    ) -> ApiSource:
        """Open it."""


@pytest.fixture
def open_source() -> Iterator[OpenSource]:
    """Opens sources and closes them when the test is over."""
    with ExitStack() as stack:

        def open_one(
            url: str,
            key: str | None = None,
            *,
            patience: Patience = ONCE,
            emit: Emit = nobody,
            timeout: float = 10,
            page_size: int = 50,
        ) -> ApiSource:
            client = StashClient(url, key, patience=patience, emit=emit, timeout=timeout)
            return stack.enter_context(closing(ApiSource(client, page_size=page_size)))

        yield open_one


@pytest.fixture
def recorded_library(tmp_path: Path) -> Callable[[str], Path]:
    """Gives a version's recorded database as a copy that a server can open."""

    def copy(version: str) -> Path:
        target = tmp_path / f"{version}.sqlite"
        target.write_bytes((RECORDINGS / version / "stash.sqlite").read_bytes())
        return target

    return copy
