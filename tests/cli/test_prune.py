"""`indexer prune`."""

import pytest

from tests.cli.conftest import Indexer


@pytest.mark.usefixtures("two_servers")
def test_dropped(indexer: Indexer, alias_prefix: str) -> None:
    """What was dropped is shown with the reason, then there is nothing more to drop."""
    for _ in range(2):
        assert indexer("reindex", "performers").code == 0
    (spare,) = indexer("status", "--json").of("performers")["spare"]
    assert indexer("prune").out == "Nothing was dropped.\n"
    outcome = indexer("prune", "performers", "--keep", "0")
    assert outcome.code == 0, outcome.err
    assert outcome.out.splitlines()[1].split()[:2] == [
        f"{alias_prefix}performers",
        spare["collection"],
    ]
    assert outcome.out.splitlines()[1].endswith("retired, beyond the 0 to keep")
    assert indexer("status", "--json").of("performers")["spare"] == []


@pytest.mark.usefixtures("two_servers")
def test_json(indexer: Indexer) -> None:
    """With --json the same is one object, reasons by collection."""
    for _ in range(2):
        assert indexer("reindex", "performers").code == 0
    outcome = indexer("prune", "performers", "--keep", "0", "--json")
    assert outcome.code == 0
    (entry,) = outcome.json["collections"]
    assert list(entry["dropped"].values()) == ["retired, beyond the 0 to keep"]
    assert entry["state"] == "live"
    assert indexer("prune", "scenes", "--json").of("scenes")["state"] == "absent"


@pytest.mark.usefixtures("two_servers")
def test_a_held_alias(indexer: Indexer) -> None:
    """An alias that is held keeps what was live before."""
    for _ in range(2):
        assert indexer("reindex", "performers").code == 0
    assert indexer("rollback", "performers").code == 0
    assert indexer("prune", "--keep", "0").out == "Nothing was dropped.\n"
