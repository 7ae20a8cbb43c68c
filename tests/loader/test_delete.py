"""Deletes: exactly the ids named, whatever characters they hold."""

import pytest

from indexer.errors import TypesenseError
from indexer.loader.delete import delete_documents
from indexer.loader.server import Typesense
from tests.loader.documents import lantern, load, many, stored_ids
from tests.typesense.proxy import CutAnswer, FaultyProxy

ODD_IDS = ["a,b", "x]y", "2 && 3", "a||b", "(p)", "ünï/x", "id:=main-1", "back`tick", " ", "*"]


def test_only_the_ids_named_go(server: Typesense, lanterns: str) -> None:
    """The named documents go, those whose ids begin alike stay, and the number is exact."""
    load(server, lanterns, many(20))
    assert delete_documents(server, lanterns, ["main-1", "main-20", "main-77"]) == 2
    assert stored_ids(server, lanterns) == {f"main-{number}" for number in range(2, 20)}


@pytest.mark.parametrize("odd", ODD_IDS)
def test_odd_ids_go_exactly(server: Typesense, lanterns: str, odd: str) -> None:
    """An id is never read as a filter: it goes alone, and all others stay."""
    load(server, lanterns, [lantern(1), *(lantern(0, id=each) for each in ODD_IDS)])
    assert delete_documents(server, lanterns, [odd]) == 1
    assert delete_documents(server, lanterns, [odd]) == 0
    assert stored_ids(server, lanterns) == {"main-1", *ODD_IDS} - {odd}


def test_many_ids_go_in_several_requests(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """More ids than one request may name are spread over several."""
    load(through_proxy, lanterns, many(3_000))
    ids = [f"main-{number}" for number in range(1, 3_000)]
    assert delete_documents(through_proxy, lanterns, iter(ids)) == 2_999
    requests = proxy.requests(lanterns, "DELETE")
    assert len(requests) > 1
    assert max(len(request.path) for request in requests) < 40_000
    assert stored_ids(through_proxy, lanterns) == {"main-3000"}


def test_no_ids(server: Typesense, lanterns: str) -> None:
    """Nothing named, nothing deleted."""
    load(server, lanterns, many(3))
    assert delete_documents(server, lanterns, []) == 0
    assert len(stored_ids(server, lanterns)) == 3


def test_a_lost_answer_deletes_no_more(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """Deleted, answer lost, tried again: nothing else goes, and none is counted twice."""
    load(through_proxy, lanterns, many(5))
    proxy.fail(CutAnswer(0, on=lanterns, method="DELETE"))
    assert delete_documents(through_proxy, lanterns, ["main-1"]) == 0
    assert len(stored_ids(through_proxy, lanterns)) == 4


def test_an_alias_is_refused(server: Typesense, alias: str) -> None:
    """Nothing is deleted by way of an alias."""
    with pytest.raises(TypesenseError, match="not the name of a physical collection"):
        delete_documents(server, alias, ["main-1"])
