"""The connection: what goes wrong comes out in plain words, without the key."""

import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import partial
from time import sleep

import pytest

from indexer.errors import TypesenseError, UnexpectedAnswer
from indexer.events import Event, Retrying
from indexer.loader.catalog import list_aliases
from indexer.loader.delete import delete_documents
from indexer.loader.drop import drop_collection
from indexer.loader.export import export_documents, stored_documents
from indexer.loader.keys import may_search
from indexer.loader.locks import LOCKS
from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.loader.state import Shelf, exactly, find, read, remove, write, write_once
from indexer.retries import ONCE
from tests.loader.documents import load, many, new_collection
from tests.typesense.choice import RunningTypesense
from tests.typesense.proxy import (
    IMPORT,
    MANY,
    Answer,
    CutAnswer,
    Fault,
    FaultyProxy,
    Meanwhile,
    ReplaceAnswer,
)

KEY = "an-obviously-fake-key"


@pytest.fixture
def silent_url() -> Iterator[str]:
    """The address of something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def dead_url() -> str:
    """An address of this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def failure(url: str, timeout: float = 5) -> TypesenseError:
    """What comes of asking the server at this address, once."""
    with (
        Typesense(url, KEY, patience=ONCE, timeout=timeout) as server,
        pytest.raises(TypesenseError) as caught,
    ):
        server.check_key()
    assert caught.value.exit_code == 6
    assert caught.value.hint
    assert KEY not in f"{caught.value!r} {caught.value.message} {caught.value.hint}"
    return caught.value


def test_a_good_key_passes(server: Typesense) -> None:
    """With the right key the check says nothing."""
    server.check_key()


def test_a_wrong_key_is_told_at_once(typesense: RunningTypesense) -> None:
    """A wrong key is named as the cause, not shown, and not tried again."""
    error = failure(typesense.url)
    assert "refuses the API key" in error.message
    assert "TYPESENSE_API_KEY" in error.hint
    assert not error.transient


def test_nobody_listens(dead_url: str) -> None:
    """A refused connection names the address, and may pass."""
    error = failure(dead_url)
    assert f"Typesense at {dead_url} can't be reached" in error.message
    assert error.transient


def test_reach(dead_url: str, typesense: RunningTypesense, proxy: FaultyProxy) -> None:
    """Whatever answers is reached, ready or not; where nobody does, one try is enough."""
    events: list[Event] = []
    proxy.fail(Answer(503, b"{}", on="/health"))
    for url in (typesense.url, proxy.url):
        with Typesense(url, KEY, emit=events.append) as server:
            server.reach()
    with (
        Typesense(dead_url, KEY, emit=events.append) as server,
        pytest.raises(TypesenseError, match="can't be reached"),
    ):
        server.reach()
    assert events == []


def test_an_unknown_host() -> None:
    """A host name that doesn't resolve names the address."""
    error = failure("http://typesense.invalid:8108")
    assert "Typesense at http://typesense.invalid:8108 can't be reached" in error.message


def test_no_answer_in_time(silent_url: str) -> None:
    """A server that doesn't answer is told apart from one that isn't there, and may pass."""
    error = failure(silent_url, timeout=0.1)
    assert "didn't answer in time" in error.message
    assert error.transient


def test_what_takes_long_gets_its_time(
    proxy: FaultyProxy, typesense: RunningTypesense, alias: str
) -> None:
    """Where a read is out of time, an import, an export, deletes and changes of schema are not."""
    slow = [("/collections$", "POST"), ("", "DELETE"), (IMPORT, ""), ("/export", "")]
    late = partial(sleep, 0.8)
    with Typesense(proxy.url, typesense.api_key, patience=ONCE, timeout=0.4) as server:
        proxy.fail(*(Meanwhile(late, on=on, method=method, times=MANY) for on, method in slow))
        proxy.fail(Meanwhile(late, on="/debug"), Meanwhile(late, on=LOCKS.path))
        name = new_collection(server, alias, many(2))
        assert len(list(export_documents(server, name))) == 2
        assert delete_documents(server, name, ["main-1", "main 2"]) == 1
        drop_collection(server, name, alias)
        for quick in (server.version, partial(write_once, server, LOCKS, {"id": alias})):
            with pytest.raises(TypesenseError, match="didn't answer in time"):
                quick()


def test_a_login_in_the_address_is_not_shown() -> None:
    """R22: User and password of the address are in no error and no repr."""
    url = "https://keeper:hidden-word@typesense.invalid/search"
    assert failure(url).message.startswith("Typesense at https://typesense.invalid/search can't")
    with Typesense(url, KEY) as server:
        assert repr(server) == "Typesense('https://typesense.invalid/search')"


@pytest.mark.parametrize("body", [b"<html>Harbour</html>", b"[]", b"{}"])
def test_something_else_answers(proxy: FaultyProxy, through_proxy: Typesense, body: bytes) -> None:
    """What answers with 200 and is no Typesense is an error, not a crash."""
    through_proxy.patience = ONCE
    proxy.fail(ReplaceAnswer(body, on="/debug", times=2))
    with pytest.raises(UnexpectedAnswer, match="answered"):
        through_proxy.version()
    with pytest.raises(UnexpectedAnswer, match="answered"):
        through_proxy.member(through_proxy.ask("GET", "/debug"), "version")


ANSWERS: dict[str, Callable[[Typesense, str], object]] = {
    "a document": lambda server, name: read(server, _shelf(name), "main-1"),
    "documents": lambda server, name: find(server, _shelf(name), "title", "Quay"),
    "a write": lambda server, name: write(server, _shelf(name), {"id": "quay", "title": "Quay"}),
    "a removal": lambda server, name: remove(server, _shelf(name), exactly("id", "main-1")),
    "stored ones": lambda server, name: stored_documents(server, name, ["main-1"]),
    "a search": lambda server, name: search(server, name, {"q": "*"}),
    "an admin call": lambda server, _name: list_aliases(server),
}


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
def test_a_page_in_place_of_an_answer(
    proxy: FaultyProxy,
    through_proxy: Typesense,
    events: list[Event],
    lanterns: str,
    ask: Callable[[Typesense, str], object],
) -> None:
    """R12: one page of what stands in front costs one more try, whatever was asked for."""
    load(through_proxy, lanterns, many(1))
    proxy.fail(ReplaceAnswer(b"<html>Back soon</html>", on="/"))
    ask(through_proxy, lanterns)
    assert [type(event) for event in events] == [Retrying]


def _shelf(name: str) -> Shelf:
    return Shelf(name, {"title": "string"})


def test_no_typesense_is_not_waited_for(proxy: FaultyProxy, events: list[Event]) -> None:
    """An address where web pages are is wrong, and told at once."""
    proxy.fail(ReplaceAnswer(b"<html>Harbour</html>", on="/health"))
    with (
        Typesense(proxy.url, KEY, emit=events.append) as server,
        pytest.raises(UnexpectedAnswer, match="no JSON object"),
    ):
        server.reach()
    assert events == []


def test_a_refusal_that_quotes_the_request(proxy: FaultyProxy) -> None:
    """R22: What repeats the headers it was sent brings neither key nor password into a message."""
    sent = b64encode(b"keeper:hidden-word").decode()
    page = f"X-TYPESENSE-API-KEY: {KEY}\nAuthorization: Basic {sent}\nhttp://keeper:hidden-word@"
    proxy.fail(Answer(400, page.encode(), on="/aliases"))
    message = failure(proxy.url.replace("//", "//keeper:hidden-word@")).message
    assert message.endswith("X-TYPESENSE-API-KEY: *** Authorization: Basic *** http://keeper:***@")


def test_another_key_than_ours_is_not_quoted(proxy: FaultyProxy, through_proxy: Typesense) -> None:
    """R22: A key that is tried for somebody who searches stays out of messages as well."""
    proxy.fail(Answer(400, f"bad key {KEY}".encode(), on="/search"))
    with pytest.raises(TypesenseError) as caught:
        may_search(through_proxy, KEY, "lanterns")
    assert caught.value.message.endswith("bad key ***")


def test_a_page_instead_of_a_refusal_is_cut_short(proxy: FaultyProxy) -> None:
    """An error page of something in front of the server is quoted by its start only."""
    proxy.fail(Answer(404, b"<html>" + b"x" * 5_000, on="/aliases"))
    assert len(failure(proxy.url).message) < 500


@pytest.mark.parametrize(
    "fault",
    [
        Answer(503, b'{"message": "Not Ready or Lagging"}', on="/aliases"),
        CutAnswer(5, on="/aliases"),
    ],
    ids=["unready", "cut"],
)
def test_admin_calls_are_tried_again(
    proxy: FaultyProxy, through_proxy: Typesense, events: list[Event], fault: Fault
) -> None:
    """Admin calls outlive a server that is unready for a moment, and tell so."""
    proxy.fail(fault)
    assert isinstance(list_aliases(through_proxy), dict)
    assert [type(event) for event in events] == [Retrying]


def test_the_package_does_not_retry_by_itself(proxy: FaultyProxy) -> None:
    """Asked once means one request: nothing but retries.py tries again."""
    proxy.fail(Answer(503, b"{}", on="/aliases", times=MANY))
    failure(proxy.url)
    assert len(proxy.seen) == 1


def test_version_and_memory(server: Typesense, typesense: RunningTypesense) -> None:
    """Version and memory are the server's own."""
    assert server.version() == typesense.version
    memory = server.memory()
    assert 0 < memory.memory_used < memory.memory_total
    assert 0 < memory.disk_used < memory.disk_total
