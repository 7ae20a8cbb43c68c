"""Imports: complete, bounded, and true to every line of every answer."""

import time
from collections.abc import Iterator
from itertools import islice

import orjson
import pytest

from indexer.documents import Document
from indexer.errors import TypesenseError, UnexpectedAnswer
from indexer.events import Event, Retrying
from indexer.loader.answers import Refused
from indexer.loader.bulk import import_documents
from indexer.loader.server import Typesense
from indexer.loader.settling import settled
from indexer.retries import Patience
from tests.loader.documents import lantern, load, many, new_collection, stored_ids
from tests.typesense.choice import RunningTypesense
from tests.typesense.fixtures import StartTypesense
from tests.typesense.proxy import (
    IMPORT,
    MANY,
    Answer,
    CutAnswer,
    CutRequest,
    Fault,
    FaultyProxy,
    LimitBody,
    LoseLines,
    ReplaceAnswer,
    StatusZero,
)

LAGGING = b'{ "message": "Not Ready or Lagging"}'


def test_all_documents_arrive(server: Typesense, lanterns: str) -> None:
    """Every document of several requests is stored, once."""
    assert sum(each.loaded for each in import_documents(server, lanterns, many(450))) == 450
    assert len(stored_ids(server, lanterns)) == 450


def test_nothing_to_import(server: Typesense, lanterns: str) -> None:
    """No documents: no request, no outcome."""
    assert list(import_documents(server, lanterns, [])) == []


def test_a_document_is_replaced_whole(server: Typesense, lanterns: str) -> None:
    """A document that comes again replaces the stored one, fields that it lacks included."""
    load(server, lanterns, [lantern(1, year=1990)])
    load(server, lanterns, [lantern(1)])
    found = server.request("GET", f"/collections/{lanterns}/documents/main-1")
    assert orjson.loads(found) == {"id": "main-1", "title": "Lantern 1"}


def test_requests_are_capped_by_count(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """No request carries more documents than allowed."""
    outcomes = list(import_documents(through_proxy, lanterns, many(25), max_count=10))
    assert [outcome.loaded for outcome in outcomes] == [10, 10, 5]
    assert len(proxy.requests(IMPORT)) == 3


def test_requests_are_capped_by_bytes(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """R14: no request carries more bytes than allowed, but a single document that alone does."""
    documents = [*many(30), lantern(31, title="lantern " * 100), lantern(32)]
    outcomes = list(import_documents(through_proxy, lanterns, documents, max_bytes=400))
    assert sum(outcome.loaded for outcome in outcomes) == 32
    sizes = [seen.size for seen in proxy.requests(IMPORT)]
    assert [size for size in sizes if size > 400] == [len(documents[30].body)]


def test_the_window_bounds_requests_under_way(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """Two requests are under way at once, never three."""
    proxy.slow_seconds = 0.05
    list(import_documents(through_proxy, lanterns, many(80), max_count=10))
    assert proxy.most_at_once == 2


def test_documents_are_pulled_as_needed(server: Typesense, lanterns: str) -> None:
    """R14: when the first outcome is there, only what is under way and the next were pulled."""
    pulled = 0

    def counted() -> Iterator[Document]:
        nonlocal pulled
        for document in many(1_000):
            pulled += 1
            yield document

    outcomes = import_documents(server, lanterns, counted(), max_count=10)
    next(outcomes)
    assert pulled == 31  # two under way, one ready, and the document that showed it is full
    outcomes.close()
    assert pulled == 31


def test_a_consumer_that_stops_ends_the_import(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """After the consumer stopped, no request is under way and none follows."""
    proxy.slow_seconds = 0.05
    outcomes = import_documents(through_proxy, lanterns, many(1_000), max_count=10)
    assert len(list(islice(outcomes, 1))) == 1
    outcomes.close()
    sent = len(proxy.requests(IMPORT))
    assert sent <= 3
    assert len(stored_ids(through_proxy, lanterns)) == sent * 10


def test_a_stop_ends_retries(
    through_proxy: Typesense, proxy: FaultyProxy, events: list[Event], lanterns: str
) -> None:
    """A source that fails ends the import, also one whose request is being tried again."""
    proxy.fail(Answer(503, LAGGING, times=MANY))

    def failing() -> Iterator[Document]:
        yield from many(10)
        while not events:  # until the first request is being tried again
            time.sleep(0.01)
        raise TypesenseError("The source broke.", "Mend it.")

    with pytest.raises(TypesenseError, match="The source broke"):
        list(import_documents(through_proxy, lanterns, failing(), max_count=9))
    assert len(events) < 6


def test_refused_documents_are_told_apart(server: Typesense, lanterns: str) -> None:
    """A refused document comes back with its place, id, reason and bytes; the others load."""
    documents = [lantern(1), lantern(2, year="late"), lantern(3), lantern(4, title=None)]
    outcomes = list(import_documents(server, lanterns, documents, max_count=3))
    assert [outcome.loaded for outcome in outcomes] == [2, 0]
    refused = [each for outcome in outcomes for each in outcome.refused]
    assert [(each.position, each.id, each.code) for each in refused] == [
        (1, "main-2", 400),
        (3, "main-4", 400),
    ]
    assert "year" in refused[0].error
    assert refused[0].body == documents[1].body
    assert "late" not in refused[0].error


def test_an_alias_is_refused(server: Typesense, alias: str) -> None:
    """Nothing is imported under a name that is not a physical collection's."""
    with pytest.raises(TypesenseError, match="not the name of a physical collection"):
        list(import_documents(server, alias, many(1)))


def test_a_missing_collection_ends_the_import(server: Typesense, lanterns: str) -> None:
    """A collection that isn't there is an error at once, with the server's word."""
    name = f"{lanterns[:-4]}gone"
    with pytest.raises(Refused, match="Not Found"):
        list(import_documents(server, name, many(1)))


@pytest.mark.parametrize(
    "fault",
    [
        Answer(503, LAGGING, times=2),
        Answer(429, b"Too Many Requests", times=2),
        Answer(408, b"<html>Request Timeout</html>", times=2),
        Answer(502, b"<html>Bad Gateway</html>"),
        CutRequest(after=1_000),
        CutAnswer(after=0),
        CutAnswer(after=40),
        LoseLines(1, times=2),
        ReplaceAnswer(b"not\njson\n" * 50),
        StatusZero(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_what_passes_is_tried_again(
    fault: Fault,
    through_proxy: Typesense,
    proxy: FaultyProxy,
    events: list[Event],
    lanterns: str,
) -> None:
    """R12: whatever happens to a request on its way, in the end all documents are there, once."""
    proxy.fail(fault)
    outcomes = list(import_documents(through_proxy, lanterns, many(300), max_count=100))
    assert [outcome.loaded for outcome in outcomes] == [100, 100, 100]
    assert len(stored_ids(through_proxy, lanterns)) == 300
    assert any(isinstance(event, Retrying) for event in events)


def test_three_short_answers_end_the_import(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """R11: fewer lines than documents, three times: exit code 6, the message has both counts."""
    proxy.fail(LoseLines(2, times=MANY))
    with pytest.raises(UnexpectedAnswer, match="50 documents with 48 lines") as caught:
        list(import_documents(through_proxy, lanterns, many(50)))
    assert caught.value.exit_code == 6
    assert not caught.value.transient
    assert len(proxy.requests(IMPORT)) == 3


def test_patience_ends(typesense: RunningTypesense, proxy: FaultyProxy, lanterns: str) -> None:
    """A server that stays unready for longer than the patience is an error with its reason."""
    proxy.fail(Answer(503, LAGGING, times=MANY))
    with (
        Typesense(proxy.url, typesense.api_key, patience=Patience(0.2)) as server,
        pytest.raises(TypesenseError, match="Not Ready or Lagging") as caught,
    ):
        list(import_documents(server, lanterns, many(5)))
    assert caught.value.exit_code == 6


def test_too_large_requests_are_halved(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """R13: a limit on bodies in front of the server costs smaller requests, and no document."""
    proxy.fail(LimitBody(1_000, times=MANY))
    outcomes = list(import_documents(through_proxy, lanterns, many(100), max_count=50))
    assert [outcome.loaded for outcome in outcomes] == [50, 50]
    assert len(stored_ids(through_proxy, lanterns)) == 100


def test_a_document_too_large_alone_is_refused(
    through_proxy: Typesense, proxy: FaultyProxy, lanterns: str
) -> None:
    """R13: a document that alone is too large is refused with its place; its neighbours load."""
    proxy.fail(LimitBody(1_000, times=MANY))
    documents = [*many(6), lantern(7, title="wick " * 400), lantern(8)]
    [outcome] = list(import_documents(through_proxy, lanterns, documents))
    assert outcome.loaded == 7
    assert [(each.position, each.id, each.code) for each in outcome.refused] == [(6, "main-7", 413)]


def test_a_full_disk_is_no_matter_of_documents(private_typesense: StartTypesense) -> None:
    """A server without disk is an error at once, exit code 6, that says what to do."""
    full = private_typesense(disk_used_max_percentage="1")
    name = "scenes_20261123T031500Z_4f2a9c1e_k3x9"
    with (
        Typesense(full.url, full.api_key) as server,
        pytest.raises(TypesenseError, match="disk is used up") as caught,
    ):
        list(import_documents(server, name, many(5)))
    assert caught.value.exit_code == 6
    assert "disk" in caught.value.hint


def test_a_crash_of_the_server_loses_nothing(private_typesense: StartTypesense) -> None:
    """The server is killed half-way and starts again: in the end all documents are there, once."""
    own = private_typesense()

    def with_a_crash() -> Iterator[Document]:
        for number, document in enumerate(many(6_000)):
            if number == 3_000:
                own.kill9()
                own.launch()
            yield document

    with Typesense(own.url, own.api_key) as server:
        name = new_collection(server, "lanterns")
        outcomes = list(import_documents(server, name, with_a_crash(), max_count=500))
        assert sum(outcome.loaded for outcome in outcomes) == 6_000
        settled(server, name)
        assert len(stored_ids(server, name)) == 6_000
