"""What a command opens it closes, however it ends."""

import gc
import warnings

import pytest

from tests.cli.conftest import Indexer
from tests.stash.server import StashServer

COMMANDS = [
    ("reindex", "performers"),
    ("sync", "performers"),
    ("verify", "performers", "--deep"),
    ("status",),
    ("doctor",),
    ("search", "performers", "lantern"),
    ("documents", "performers", "--limit", "1"),
    ("extract", "--out", "library.jsonl.zst"),
]


def left_by(indexer: Indexer, *arguments: str) -> list[str]:
    """What a command leaves to the collector that should have been closed."""
    gc.collect()
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        indexer(*arguments)
        gc.collect()
    return [str(each.message) for each in found if each.category is ResourceWarning]


@pytest.mark.usefixtures("two_servers")
def test_closed_at_the_end(indexer: Indexer) -> None:
    """No command leaves a connection or a file open."""
    for arguments in COMMANDS:
        assert left_by(indexer, *arguments) == []


def test_closed_after_a_failure(indexer: Indexer, two_servers: StashServer) -> None:
    """Nor does one that ends because a server is away."""
    assert indexer("reindex", "performers").code == 0
    two_servers.stop()
    for arguments in COMMANDS:
        assert left_by(indexer, *arguments, *_at_once(arguments)) == []


def _at_once(arguments: tuple[str, ...]) -> tuple[str, ...]:
    return ("--retry-seconds", "0") if arguments[0] in {"reindex", "sync", "verify"} else ()
