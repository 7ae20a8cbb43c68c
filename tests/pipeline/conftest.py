"""What the pipeline's tests share: a world of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.loader import settling
from indexer.pipeline.reindex import reindex
from tests.pipeline.world import PERFORMERS, SCENES, World, open_world, shipped_specs
from tests.stash.library import build_library
from tests.typesense.choice import RunningTypesense


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the server more often: its tests here are many, its libraries small."""
    monkeypatch.setattr(settling, "BETWEEN_LOOKS", 0.05)


@pytest.fixture(scope="session")
def tiny_library_built(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a small library."""
    path = tmp_path_factory.mktemp("tiny") / "stash.sqlite"
    build_library(path, scenes=SCENES, performers=PERFORMERS)
    return path.read_bytes()


@pytest.fixture
def tiny_library(tiny_library_built: bytes, tmp_path: Path) -> Path:
    """A copy of it, the test's own to change."""
    path = tmp_path / "tiny.sqlite"
    path.write_bytes(tiny_library_built)
    return path


@pytest.fixture
def world(
    tiny_library: Path, typesense: RunningTypesense, alias_prefix: str, tmp_path: Path
) -> Iterator[World]:
    """The small library, and the shared Typesense behind a proxy; nothing is indexed yet."""
    specs, letters = shipped_specs(alias_prefix), tmp_path / "dead"
    with open_world(tiny_library, typesense.url, typesense.api_key, specs, letters) as world:
        yield world


@pytest.fixture
def indexed(world: World) -> World:
    """The same, its scenes indexed; requests and events begin anew."""
    report = reindex(world.run(), ["scenes"])
    assert report.exit_code == 0, report.first_error
    world.proxy.seen.clear()
    world.events.clear()
    return world
