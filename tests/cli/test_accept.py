"""`indexer accept`."""

import pytest

from tests.cli.conftest import Indexer


@pytest.mark.usefixtures("two_servers")
def test_accepted(indexer: Indexer, refusing_specs: str, alias_prefix: str) -> None:
    """What a gate refused goes live after a person accepts it, who sees what the gate saw."""
    assert indexer("sync", "--collections-dir", refusing_specs).code == 4
    refused = indexer("status", "--collections-dir", refusing_specs)
    assert refused.out.splitlines()[2].endswith("refused")
    outcome = indexer("accept", "tunes", "--collections-dir", refusing_specs)
    assert outcome.code == 0, outcome.err
    assert "saw 40, limit 100000" in outcome.err
    assert f"{alias_prefix}tunes: nothing -> {alias_prefix}tunes_2" in outcome.out


@pytest.mark.usefixtures("two_servers")
def test_nothing_was_refused(indexer: Indexer) -> None:
    """Where nothing was refused there is nothing to accept: exit code 2."""
    outcome = indexer("accept", "performers", "--json")
    assert outcome.code == 2
    assert "no refused collection" in outcome.json["error"]["message"]
