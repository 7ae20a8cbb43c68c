"""Dropping: only what was made for this alias, and never what an alias points at."""

from pathlib import Path

import pytest

from indexer.errors import TypesenseError
from indexer.loader.aliases import swap
from indexer.loader.catalog import collection, list_collections
from indexer.loader.drop import drop_collection
from indexer.loader.identity import this_run
from indexer.loader.locks import hold
from indexer.loader.server import Typesense
from indexer.retries import Patience
from tests.loader.documents import new_collection
from tests.typesense.fixtures import StartTypesense
from tests.typesense.proxy import CutAnswer, FaultyProxy


def test_another_aliass_target_stays(server: Typesense, alias: str, lanterns: str) -> None:
    """A collection that any alias points at, also one of another name, is not dropped."""
    swap(server, f"{alias}_pinned", lanterns, None)
    with pytest.raises(TypesenseError, match=f"alias {alias}_pinned points at it"):
        drop_collection(server, lanterns, alias)
    assert collection(server, lanterns) is not None


def test_only_physical_names_are_dropped(server: Typesense, alias: str, lanterns: str) -> None:
    """Neither the alias itself nor another alias's collection can be dropped by name."""
    swap(server, alias, lanterns, None)
    for name in (alias, new_collection(server, f"{alias}_old")):
        with pytest.raises(TypesenseError, match="no collection made for the alias"):
            drop_collection(server, name, alias)
    assert collection(server, lanterns) is not None


def test_by_hand_on_a_full_disk(private_typesense: StartTypesense, tmp_path: Path) -> None:
    """R19: where no lock can be written a person can still drop, and the error sends there."""
    typesense = private_typesense()
    with Typesense(typesense.url, typesense.api_key, patience=Patience(20)) as server:
        spare = new_collection(server, "lanterns")
        # Without a snapshot the server replays its log when it starts, and refuses that as well.
        snapshot = {"snapshot_path": str(tmp_path / "snapshot")}
        server.request("POST", "/operations/snapshot", params=snapshot)
        typesense.flags["disk-used-max-percentage"] = "1"
        typesense.restart()
        with (
            pytest.raises(TypesenseError, match="disk is used up") as caught,
            hold(server, "lanterns", this_run()),
        ):
            pass
        assert "docs/operations.md" in caught.value.hint
        server.request("DELETE", f"/collections/{spare}")
        assert list_collections(server) == []


def test_dropping_what_is_gone_is_done(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str, lanterns: str
) -> None:
    """Dropped, answer lost, tried again: gone is what was wanted."""
    proxy.fail(CutAnswer(0, on=lanterns, method="DELETE"))
    drop_collection(through_proxy, lanterns, alias)
    assert collection(through_proxy, lanterns) is None
