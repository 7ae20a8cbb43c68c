"""Presets: which of a server's are an alias's own."""

import pytest

from indexer.loader.presets import Presets, live_presets


@pytest.mark.parametrize("alias", ["lamps", "quay--lamps", "quay--_lamps--"])
def test_live(alias: str) -> None:
    """Those of the alias are known by its collections, whatever dashes its name has."""
    of_collection = f"{alias}_20261123T031500Z_4f2a9c1e_k3x9--browse"
    every: Presets = {of_collection: {"q": "1"}, f"{alias}_browse": {"q": "2"}, f"{alias}_mine": {}}
    assert live_presets(every, alias) == {"browse": {"q": "2"}}
    assert live_presets(every, "other") == {}
