"""Dropping: only what was made for this alias, and never what an alias points at."""

import pytest

from indexer.errors import TypesenseError
from indexer.loader.aliases import swap
from indexer.loader.catalog import collection
from indexer.loader.drop import drop_collection
from indexer.loader.server import Typesense
from tests.loader.documents import new_collection
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


def test_dropping_what_is_gone_is_done(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str, lanterns: str
) -> None:
    """Dropped, answer lost, tried again: gone is what was wanted."""
    proxy.fail(CutAnswer(0, on=lanterns, method="DELETE"))
    drop_collection(through_proxy, lanterns, alias)
    assert collection(through_proxy, lanterns) is None
