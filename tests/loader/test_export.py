"""Exports: every document, whole; or an error, never silently fewer."""

import orjson
import pytest

from indexer.errors import TypesenseError, UnexpectedAnswer
from indexer.loader.export import export_documents
from indexer.loader.server import Typesense
from tests.loader.documents import lantern, load, many
from tests.typesense.proxy import Answer, CutAnswer, FaultyProxy, LoseLines


def test_documents_come_back_as_sent(server: Typesense, lanterns: str) -> None:
    """Each document comes once, whole, also those whose text holds line breaks."""
    documents = [*many(2_500), lantern(2_501, title="two\nlines \u2028 " + "wick " * 50_000)]
    load(server, lanterns, documents)
    exported = [orjson.loads(line) for line in export_documents(server, lanterns)]
    sent = {document.id: orjson.loads(document.body) for document in documents}
    assert len(exported) == len(sent)
    assert {each["id"]: each for each in exported} == sent


def test_an_empty_collection(server: Typesense, lanterns: str) -> None:
    """An empty collection has no lines, not an empty one."""
    assert list(export_documents(server, lanterns)) == []


def test_a_cut_connection_is_an_error(
    proxy: FaultyProxy, through_proxy: Typesense, lanterns: str
) -> None:
    """An export that breaks off is an error, not a shorter list."""
    load(through_proxy, lanterns, many(100))
    proxy.fail(CutAnswer(1_000, on="/export"))
    with pytest.raises(TypesenseError, match="broke") as caught:
        list(export_documents(through_proxy, lanterns))
    assert caught.value.transient


def test_a_short_answer_is_an_error(
    proxy: FaultyProxy, through_proxy: Typesense, lanterns: str
) -> None:
    """An export that looks whole and lacks a document is an error with both counts."""
    load(through_proxy, lanterns, many(100))
    proxy.fail(LoseLines(1, on="/export"))
    with pytest.raises(UnexpectedAnswer, match="sent 99 of the 100 documents"):
        list(export_documents(through_proxy, lanterns))


def test_a_refusal_is_an_error(proxy: FaultyProxy, through_proxy: Typesense, lanterns: str) -> None:
    """An error body is not taken for a document."""
    proxy.fail(Answer(503, b'{"message": "Not Ready or Lagging"}', on="/export"))
    with pytest.raises(TypesenseError, match="Not Ready or Lagging"):
        list(export_documents(through_proxy, lanterns))


def test_a_missing_collection(server: Typesense, alias: str) -> None:
    """A collection that isn't there is an error, not an empty list."""
    with pytest.raises(TypesenseError, match=f"has no collection {alias}"):
        list(export_documents(server, alias))
