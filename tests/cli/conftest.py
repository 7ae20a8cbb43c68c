"""What the tests of the commands share: a way to run them, and two servers to run them on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import orjson
import pytest

from indexer.cli import main
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


Indexer: TypeAlias = Callable[..., Outcome]


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
