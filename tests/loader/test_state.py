"""Shelves: made on first use, and exact where the server is not."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.errors import TypesenseError
from indexer.loader.catalog import list_collections
from indexer.loader.registry import held, standing
from indexer.loader.runs import last_good, last_runs
from indexer.loader.server import Typesense
from indexer.loader.state import Shelf, change, exactly, find, read, remove, write
from tests.typesense.choice import RunningTypesense
from tests.typesense.fixtures import StartTypesense


@pytest.fixture
def shelf(alias: str) -> Shelf:
    """A shelf of the test's own that isn't there yet."""
    return Shelf(f"{alias}_shelf", {"alias": "string"})


def test_a_new_server_reads_as_empty(private_typesense: StartTypesense) -> None:
    """Where nothing was ever written nothing is found, and reading makes no collection."""
    own = private_typesense()
    with Typesense(own.url, own.api_key) as server:
        assert standing(server, "lanterns") == []
        assert held(server, "lanterns") is None
        assert last_good(last_runs(server, "lanterns")) is None
        assert list_collections(server) == []


def test_a_missing_shelf(server: Typesense, shelf: Shelf) -> None:
    """On a shelf that isn't there nothing is found, changed or removed."""
    assert read(server, shelf, "one") is None
    assert find(server, shelf, "alias", "lanterns") == []
    assert not change(server, shelf, "one", alias="lanterns")
    assert remove(server, shelf, exactly("id", "one")) == 0


def test_two_runs_make_it_at_once(
    typesense: RunningTypesense, server: Typesense, shelf: Shelf
) -> None:
    """Two runs that both write the first document both succeed."""

    def put(name: str) -> None:
        with Typesense(typesense.url, typesense.api_key) as own:
            write(own, shelf, {"id": name, "alias": "lanterns"})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(put, ["one", "two"]))
    assert {each["id"] for each in find(server, shelf, "alias", "lanterns")} == {"one", "two"}


def test_what_is_found_is_exact(server: Typesense, shelf: Shelf) -> None:
    """To the server "a_b", "a-b", "AB" and "ab" are one word; here each finds itself only."""
    names = ["a_b", "a-b", "AB", "ab"]
    for name in names:
        write(server, shelf, {"id": f"alias:{name}", "alias": name})
    for name in names:
        assert find(server, shelf, "alias", name) == [{"id": f"alias:{name}", "alias": name}]
        assert remove(server, shelf, exactly("id", f"alias:{name}")) == 1


@pytest.mark.parametrize("value", ["", "a b", "a`b", "a,b", "ö", "a]"])
def test_odd_values_are_refused(value: str) -> None:
    """What could end a filter early is never asked."""
    with pytest.raises(TypesenseError, match="no id"):
        exactly("id", value)
