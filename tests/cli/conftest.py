"""What the tests of the commands share: a way to run them, and two servers to run them on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import httpx
import orjson
import pytest

from indexer.cli import main
from indexer.loader import settling
from tests.stash import edits
from tests.stash.server import StashServer
from tests.typesense.choice import RunningTypesense


class Outcome(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        return orjson.loads(self.out)

    def of(self, name: str) -> Any:
        """One collection's part of it."""
        (found,) = [each for each in self.json["collections"] if each["name"] == name]
        return found


Indexer: TypeAlias = Callable[..., Outcome]

LIBRARY = ("scenes", "performers")
"""The collections of the fixture `library`."""

SPEC = """alias = "tunes"
record = "performer"
[fields.name]
type = "string"
from = "name"
default = "Performer {id}"
"""
REFUSED = """[[canaries]]
q = "*"
min_found = 100000
"""


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the server more often: the commands are many here, the libraries small."""
    monkeypatch.setattr(settling, "BETWEEN_LOOKS", 0.05)


@pytest.fixture
def indexer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Indexer:
    """Run the program in an empty directory: `indexer("status", "--json")`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = main(arguments)
        out, err = capfd.readouterr()
        return Outcome(code, out, err)

    return run


@pytest.fixture
def two_servers(
    stash: StashServer,
    typesense: RunningTypesense,
    alias_prefix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> StashServer:
    """Name a small Stash and the shared Typesense in the environment; the Stash is returned."""
    monkeypatch.setenv("STASH_URL", stash.url)
    monkeypatch.setenv("TYPESENSE_URL", typesense.url)
    monkeypatch.setenv("TYPESENSE_API_KEY", typesense.api_key)
    monkeypatch.setenv("INDEXER_ALIAS_PREFIX", alias_prefix)
    monkeypatch.setenv("INDEXER_RETRY_SECONDS", "10")
    return stash


@pytest.fixture
def library(two_servers: StashServer, small_library: Path, indexer: Indexer) -> str:
    """An indexed library; the name of a performer whose one scene is about a zeppelin."""
    name = "Odalys Quennell"
    performer = edits.add_performer(small_library, name)
    edits.add_scene(small_library, title="The zeppelin ascends", performers=[performer], tags=[1])
    assert two_servers.url
    assert indexer("reindex", *LIBRARY).code == 0
    return name


@pytest.fixture
def http(typesense: RunningTypesense) -> Iterator[httpx.Client]:
    """The shared Typesense, to be looked at and changed behind the program's back."""
    headers = {"X-TYPESENSE-API-KEY": typesense.api_key}
    with httpx.Client(base_url=typesense.url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def plain_specs(tmp_path: Path) -> str:
    """A directory with the spec of one small collection, `tunes`."""
    return _specs(tmp_path / "plain", SPEC)


@pytest.fixture
def refusing_specs(tmp_path: Path) -> str:
    """The same, with a canary that refuses."""
    return _specs(tmp_path / "refusing", SPEC + REFUSED)


def _specs(directory: Path, spec: str) -> str:
    directory.mkdir()
    (directory / "tunes.toml").write_text(spec)
    return str(directory)
