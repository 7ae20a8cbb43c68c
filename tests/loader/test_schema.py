"""Creating collections: what was sent is what the server has, or there is none."""

from typing import Any

import pytest

from indexer.errors import NameTaken, TypesenseError
from indexer.loader.aliases import swap
from indexer.loader.answers import Refused
from indexer.loader.catalog import collection
from indexer.loader.schema import create_collection, differences
from indexer.loader.server import Typesense
from tests.loader.documents import FIELDS
from tests.typesense.proxy import CutAnswer, FaultyProxy

FULL: dict[str, Any] = {
    "fields": [
        {"name": "title", "type": "string", "sort": True},
        {"name": "paths", "type": "string[]", "facet": True, "optional": True},
        {"name": "size", "type": "int64", "sort": False},
        {"name": "seconds", "type": "int32[]", "index": False, "optional": True},
        {"name": "rate", "type": "float", "facet": True, "optional": True},
        {"name": "lit", "type": "bool"},
        {"name": "made", "type": "int64"},
    ],
    "default_sorting_field": "made",
    "token_separators": ["-", "_", ".", "/", "\\"],
}


def test_every_option_of_a_full_schema_comes_back(server: Typesense, alias: str) -> None:
    """All kinds of fields that specs use are taken by the server as they were sent."""
    create_collection(server, {"name": alias, **FULL})
    found = collection(server, alias)
    assert found is not None
    assert found.num_documents == 0
    assert [field["name"] for field in found.fields] == [field["name"] for field in FULL["fields"]]


def test_a_dropped_option_removes_the_collection(server: Typesense, alias: str) -> None:
    """An option that the server drops silently is an error that names it; nothing stays."""
    fields = [{"name": "title", "type": "string", "lustre": True}]
    with pytest.raises(TypesenseError, match="field title: lustre was dropped"):
        create_collection(server, {"name": alias, "fields": fields, "wick": 1})
    assert collection(server, alias) is None


def test_differences_name_field_and_option() -> None:
    """Missing fields, dropped options and other values are told; defaults added are not."""
    sent = {"name": "a", "fields": [{"name": "x", "sort": True}, {"name": "y"}], "metadata": {}}
    echoed = {"name": "a", "fields": [{"name": "x", "sort": False, "facet": False}]}
    assert list(differences(sent, echoed)) == [
        "collection: metadata was dropped",
        "field x: sort sent True, got False",
        "field y: missing",
    ]


def test_a_bad_schema_tells_the_servers_reason(server: Typesense, alias: str) -> None:
    """A schema that the server refuses is an error with the server's own words."""
    fields = [{"name": "years", "type": "int32[]", "sort": True}]
    with pytest.raises(Refused, match="years"):
        create_collection(server, {"name": alias, "fields": fields})


def test_an_aliass_name_is_refused(server: Typesense, alias: str, lanterns: str) -> None:
    """A collection never gets an alias's name: it would hide what people search."""
    swap(server, alias, lanterns, None)
    with pytest.raises(NameTaken, match="has an alias") as caught:
        create_collection(server, {"name": alias, "fields": FIELDS})
    assert caught.value.exit_code == 2
    assert collection(server, alias) is None


def test_a_lost_answer_is_no_conflict(
    proxy: FaultyProxy, through_proxy: Typesense, alias: str
) -> None:
    """Created, answer lost, tried again: what is found there is ours."""
    proxy.fail(CutAnswer(0, on="/collections", method="POST"))
    create_collection(through_proxy, {"name": alias, "fields": FIELDS})
    assert collection(through_proxy, alias) is not None


def test_a_collection_that_is_there_is_a_conflict(server: Typesense, lanterns: str) -> None:
    """A collection of that name that somebody else made is an error, and stays."""
    with pytest.raises(Refused, match="already exists"):
        create_collection(server, {"name": lanterns, "fields": FIELDS})
    assert collection(server, lanterns) is not None
