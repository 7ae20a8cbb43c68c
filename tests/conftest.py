"""What every test may ask for: a real Typesense, a stand-in Stash, a clean environment."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stash.library import build_library
from tests.stash.server import StashServer

pytest_plugins = ["tests.left_out", "tests.contract.absent", "tests.typesense.fixtures"]

_SETTINGS = ("STASH_", "TYPESENSE_", "INDEXER_")
_OF_THE_TESTS = ("STASH_RECORDINGS", "STASH_TEST_", "TYPESENSE_TEST_")


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of the program under test."""
    for name in list(os.environ):
        if name.startswith(_SETTINGS) and not name.startswith(_OF_THE_TESTS):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def uncovered_programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the programs that a test starts be measured only where it is: it takes twice the time.

    `no_cover` is for what is long and whose lines others cover.
    """
    if request.node.get_closest_marker("no_cover"):
        for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def built_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Stash database of 200 scenes and 40 performers that nobody may change."""
    path = tmp_path_factory.mktemp("library") / "stash.sqlite"
    build_library(path, scenes=200, performers=40)
    return path


@pytest.fixture
def small_library(built_library: Path, tmp_path: Path) -> Path:
    """A copy of the small library, the test's own to change."""
    return Path(shutil.copy(built_library, tmp_path / "stash.sqlite"))


@pytest.fixture
def stash(small_library: Path) -> Iterator[StashServer]:
    """A stand-in Stash that serves the small library."""
    with StashServer(small_library) as server:
        yield server
