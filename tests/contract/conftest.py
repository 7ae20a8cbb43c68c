"""Recorded servers, and the Stash at hand."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.recordings import RECORDED_KEY, RECORDINGS
from tests.stash.library import build_library
from tests.stash.server import StashServer

Recorded = Callable[[str], StashServer]
"""From a release to a stand-in over the database recorded with it."""


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    """Stand-ins over copies of the recorded databases, one for each release asked for."""
    running: dict[str, StashServer] = {}
    with ExitStack() as stack:

        def serve(release: str) -> StashServer:
            if release not in running:
                copy = tmp_path_factory.mktemp("recorded") / "stash.sqlite"
                shutil.copyfile(RECORDINGS / release / "stash.sqlite", copy)
                server = StashServer(copy, api_key=RECORDED_KEY)
                running[release] = stack.enter_context(server)
            return running[release]

        yield serve


@dataclass(frozen=True)
class Stash:
    """A Stash to ask: the stand-in, or a real one."""

    url: str
    key: str | None

    def ask(self, query: str, **variables: Any) -> httpx.Response:
        """The answer to a query."""
        headers = {"Accept": "application/json"} | ({"ApiKey": self.key} if self.key else {})
        body = {"query": query, "variables": variables}
        return httpx.post(f"{self.url}/graphql", json=body, headers=headers, timeout=60)

    def data(self, query: str, **variables: Any) -> Any:
        """The data of an answer that must have no errors."""
        content = self.ask(query, **variables).json()
        assert "errors" not in content, content["errors"]
        return content["data"]


@pytest.fixture(scope="session")
def stand_in_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small library with everything that is hard to read."""
    database = tmp_path_factory.mktemp("library") / "stash.sqlite"
    build_library(database, scenes=120, performers=30, hard=True)
    return database


@pytest.fixture(
    params=["stand-in", *(["real"] if os.environ.get("STASH_TEST_URL") else [])],
)
def any_stash(request: pytest.FixtureRequest, stand_in_library: Path) -> Iterator[Stash]:
    """The stand-in, and the real Stash that STASH_TEST_URL and STASH_TEST_API_KEY name."""
    if request.param == "real":
        url = os.environ["STASH_TEST_URL"].rstrip("/").removesuffix("/graphql")
        yield Stash(url, os.environ.get("STASH_TEST_API_KEY"))
        return
    with StashServer(stand_in_library, api_key="made-up-key") as server:
        yield Stash(server.url, "made-up-key")
