"""Moving an alias: right before it everything is looked at again, and after it, read back."""

from collections.abc import Callable

import orjson
import pytest

from indexer.errors import AliasMoved, NameTaken, TypesenseError
from indexer.events import Event, Warned
from indexer.loader.aliases import check_name_free, swap
from indexer.loader.catalog import collection, list_aliases, resolve
from indexer.loader.schema import create_collection
from indexer.loader.server import Typesense
from indexer.retries import ONCE, Patience
from tests.loader.documents import FIELDS, lantern, many, new_collection
from tests.typesense.choice import RunningTypesense
from tests.typesense.proxy import MANY, Answer, CutAnswer, Fault, FaultyProxy, Meanwhile


def found(server: Typesense, alias: str) -> int:
    """How many documents a cached search on the alias finds."""
    params = {"q": "*", "use_cache": "true"}
    answer = server.request("GET", f"/collections/{alias}/documents/search", params=params)
    return int(orjson.loads(answer)["found"])


def put(server: Typesense, alias: str, target: str) -> None:
    """Point an alias somewhere, as somebody else would."""
    body = orjson.dumps({"collection_name": target})
    server.request("PUT", f"/aliases/{alias}", content=body)


def at_look(count: int, act: Callable[[], object]) -> Fault:
    """Do something right before the alias is looked at for the count-th time."""
    looks = 0

    def look() -> None:
        nonlocal looks
        looks += 1
        if looks == count:
            act()

    return Meanwhile(look, on="/aliases/", method="GET", times=MANY)


def test_the_first_swap_makes_the_alias(server: Typesense, alias: str, lanterns: str) -> None:
    """An alias that wasn't there points at the new collection."""
    assert resolve(server, alias) is None
    swap(server, alias, lanterns, None)
    assert resolve(server, alias) == lanterns
    assert list_aliases(server)[alias] == lanterns


def test_searches_see_the_new_collection(server: Typesense, alias: str, lanterns: str) -> None:
    """After a swap searches answer from the new collection, cached ones as well."""
    swap(server, alias, lanterns, None)
    assert found(server, alias) == 0
    swap(server, alias, new_collection(server, alias, many(3)), lanterns)
    assert found(server, alias) == 3


def test_an_alias_that_moved_is_left_alone(server: Typesense, alias: str, lanterns: str) -> None:
    """An alias that isn't where it was at launch stays as it is; exit code 7."""
    other = new_collection(server, alias)
    put(server, alias, other)
    for expected in (None, f"{other}-before"):
        with pytest.raises(AliasMoved, match=f"points at {other}") as caught:
            swap(server, alias, lanterns, expected)
        assert caught.value.exit_code == 7
    assert resolve(server, alias) == other


def test_it_looks_again_before_it_tries_again(
    proxy: FaultyProxy, through_proxy: Typesense, server: Typesense, alias: str, lanterns: str
) -> None:
    """Somebody moves the alias while a failed move waits to be tried again: theirs stays."""
    other = new_collection(server, alias)
    proxy.fail(
        Answer(503, b"{}", on="/aliases/", method="PUT"),
        at_look(2, lambda: put(server, alias, other)),
    )
    with pytest.raises(AliasMoved):
        swap(through_proxy, alias, lanterns, None)
    assert resolve(server, alias) == other
    assert len(proxy.requests("/aliases/", "PUT")) == 1


def test_it_reads_back(
    proxy: FaultyProxy, through_proxy: Typesense, server: Typesense, alias: str, lanterns: str
) -> None:
    """R4: somebody moves the alias right after the swap: that is told, and theirs stays."""
    other = new_collection(server, alias)
    proxy.fail(at_look(2, lambda: put(server, alias, other)))
    with pytest.raises(AliasMoved):
        swap(through_proxy, alias, lanterns, None)
    assert resolve(server, alias) == other


def test_a_lost_answer_is_a_swap(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str, lanterns: str
) -> None:
    """Moved, answer lost: the next look finds it done and moves nothing."""
    proxy.fail(CutAnswer(0, on="/aliases/", method="PUT"))
    swap(through_proxy, alias, lanterns, None)
    assert resolve(through_proxy, alias) == lanterns
    assert len(proxy.requests("/aliases/", "PUT")) == 1


def test_a_target_that_is_gone_is_refused(
    typesense: RunningTypesense, server: Typesense, alias: str, lanterns: str
) -> None:
    """An alias never moves to a collection that isn't there."""
    swap(server, alias, lanterns, None)
    with (
        Typesense(typesense.url, typesense.api_key, patience=ONCE) as hurried,
        pytest.raises(TypesenseError, match="has no collection"),
    ):
        swap(hurried, alias, f"{lanterns[:-4]}gone", lanterns)
    assert resolve(server, alias) == lanterns


def test_a_cache_that_cannot_be_cleared_is_a_warning(
    typesense: RunningTypesense, proxy: FaultyProxy, events: list[Event], alias: str, lanterns: str
) -> None:
    """A swap stands even where the cache can't be cleared after it; that is told."""
    proxy.fail(Answer(500, b"{}", on="/cache/clear", times=MANY))
    with Typesense(
        proxy.url, typesense.api_key, patience=Patience(0.1), emit=events.append
    ) as server:
        swap(server, alias, lanterns, None)
        assert resolve(server, alias) == lanterns
    assert [type(event) for event in events if isinstance(event, Warned)] == [Warned]


def test_a_free_name_passes(server: Typesense, alias: str, lanterns: str) -> None:
    """A name is free that nobody has, and also one that is an alias already."""
    check_name_free(server, alias)
    swap(server, alias, lanterns, None)
    check_name_free(server, alias)


def test_a_real_collection_takes_the_name(server: Typesense, alias: str, lanterns: str) -> None:
    """A real collection of the alias's name stops the check and the swap; exit code 2."""
    create_collection(server, {"name": alias, "fields": FIELDS})
    with pytest.raises(NameTaken, match=f"has a collection {alias}") as caught:
        check_name_free(server, alias)
    assert caught.value.exit_code == 2
    with pytest.raises(NameTaken):
        swap(server, alias, lanterns, None)
    assert resolve(server, alias) is None


def test_an_alias_is_not_taken_for_a_collection(
    server: Typesense, alias: str, lanterns: str
) -> None:
    """Asked by an alias's name there is no collection; by its own name, with its count."""
    new = new_collection(server, alias, [lantern(1)])
    swap(server, alias, new, None)
    assert collection(server, alias) is None
    real = collection(server, new)
    assert real is not None
    assert (real.name, real.num_documents) == (new, 1)
    assert real.created_at > 1_700_000_000
    assert collection(server, f"{lanterns}x") is None
