"""Pruning: only what was made for this alias, and never what an alias points at."""

import pytest

from indexer.errors import TypesenseError
from indexer.loader.aliases import swap
from indexer.loader.catalog import collection, list_collections
from indexer.loader.prune import drop_collection, prune, spare_collections
from indexer.loader.schema import create_collection
from indexer.loader.server import Typesense
from tests.loader.documents import FIELDS, new_collection
from tests.typesense.proxy import CutAnswer, FaultyProxy


def there(server: Typesense, alias: str) -> set[str]:
    """The names of all collections that start with the alias's."""
    return {each.name for each in list_collections(server) if each.name.startswith(alias)}


def test_spare_ones_come_newest_first(server: Typesense, alias: str) -> None:
    """Spare collections are the alias's own, without the live one, newest first."""
    names = [new_collection(server, alias, hour=hour) for hour in (3, 1, 2)]
    swap(server, alias, names[2], None)
    new_collection(server, f"{alias}_old")
    assert [each.name for each in spare_collections(server, alias)] == names[:2]


def test_the_newest_spare_ones_are_kept(server: Typesense, alias: str) -> None:
    """All but the newest `keep` spare ones go; the live one stays, however old."""
    names = [new_collection(server, alias, hour=hour) for hour in range(4)]
    swap(server, alias, names[0], None)
    assert prune(server, alias, 1) == [names[2], names[1]]
    assert there(server, alias) == {names[0], names[3]}
    assert prune(server, alias, 0) == [names[3]]


def test_what_is_protected_stays_beside_those_kept(server: Typesense, alias: str) -> None:
    """A protected collection neither goes nor counts among those kept."""
    names = [new_collection(server, alias, hour=hour) for hour in range(3)]
    assert prune(server, alias, 1, {names[2]}) == [names[0]]
    assert there(server, alias) == {names[1], names[2]}


def test_other_peoples_collections_stay(server: Typesense, alias: str) -> None:
    """What is not named as this program names them is never pruned, nor another alias's."""
    mine = new_collection(server, alias)
    other = new_collection(server, f"{alias}_old")
    create_collection(server, {"name": f"{alias}_backup", "fields": FIELDS})
    assert prune(server, alias, 0) == [mine]
    assert there(server, alias) == {other, f"{alias}_backup"}


def test_another_aliass_target_stays(server: Typesense, alias: str, lanterns: str) -> None:
    """A collection that any alias points at, also one of another name, is not spare."""
    swap(server, f"{alias}_pinned", lanterns, None)
    assert prune(server, alias, 0) == []
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
