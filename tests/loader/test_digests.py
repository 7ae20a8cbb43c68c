"""Digests: exact for every document, and small."""

import hashlib
import tracemalloc

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents import Document, Numbering
from indexer.errors import TypesenseError, UnexpectedAnswer
from indexer.loader.digests import Rows, cut, digest_of, number_of, read_digests, row
from indexer.loader.server import Typesense
from indexer.retries import ONCE
from tests.loader.documents import load, new_collection
from tests.typesense.proxy import CutAnswer, FaultyProxy, ReplaceAnswer

MAIN = Numbering.in_id("main")
NASTY = [
    '"digest":"000000000000000000000000"',
    '{"digest":"000000000000000000000000","id":"main-7"}',
    ',"id":"main-8","digest":"',
    '\\"digest\\":\\"\\',
    'digest":"',
    "Łódź ⚓ \u2028 \x00 \x1f",
    "",
]


def digest(number: int) -> bytes:
    """Some 12 bytes, each number's own."""
    return hashlib.blake2b(b"%d" % number, digest_size=12).digest()


def sealed(number: int, **values: object) -> Document:
    """A document with that stash id and digest; `values` are set besides, or in their place."""
    content = {
        "id": f"main-{number}",
        "stash_id": number,
        "title": f"Lantern {number}",
        "digest": digest(number).hex(),
        **values,
    }
    return Document(str(content["id"]), orjson.dumps(content))


def test_every_document_is_there(server: Typesense, alias: str) -> None:
    """All stash ids come in ascending order, as numbers, each with its own digest."""
    numbers = [*range(300, 0, -1), 10**12, 2**40, 999_999_999_999_999_999]
    name = new_collection(server, alias, map(sealed, numbers))
    found = read_digests(server, name, MAIN)
    assert [number_of(each) for each in found.rows] == sorted(numbers)
    assert [digest_of(each) for each in found.rows] == [digest(each) for each in sorted(numbers)]
    assert found.strange == []


def test_texts_that_look_like_digests(server: Typesense, alias: str) -> None:
    """Whatever a document's texts hold, the digest and id are its own."""
    documents = [
        sealed(number, title=text, a=text, z=[text, "digest", "id"])
        for number, text in enumerate(NASTY, start=1)
    ]
    name = new_collection(server, alias, documents)
    found = read_digests(server, name, MAIN)
    assert list(found.rows) == [row(number, digest(number)) for number in range(1, len(NASTY) + 1)]
    assert found.strange == []


@given(
    number=st.integers(1, 10**18 - 1),
    texts=st.dictionaries(st.text(max_size=9), st.one_of(st.text(), st.sampled_from(NASTY))),
    last=st.booleans(),
)
def test_any_texts_in_any_order(number: int, texts: dict[str, str], last: bool) -> None:  # noqa: FBT001
    """Parsing says the same as cutting, for any texts and with the names in any order."""
    texts = {name: text for name, text in texts.items() if name not in {"id", "digest"}}
    ours = {"id": f"main-{number}", "digest": digest(number).hex()}
    line = orjson.dumps({**texts, **ours} if last else {**ours, **texts})
    assert cut(line, MAIN) == row(number, digest(number))


@pytest.mark.parametrize(
    "values",
    [
        {"id": "other-1"},
        {"id": "main-01"},
        {"id": "main-0"},
        {"id": "main-"},
        {"id": "main-1x"},
        {"id": "main--1"},
        {"id": "main-¹"},
        {"id": 'main-1"2'},
        {"id": "main-" + "9" * 30},
        {"id": "lantern ⚓"},
    ],
    ids=str,
)
def test_strange_documents(server: Typesense, alias: str, values: dict[str, object]) -> None:
    """A foreign id: it is listed, in full, and has no row."""
    document = sealed(1, **values)
    name = new_collection(server, alias, [document, sealed(2)])
    found = read_digests(server, name, MAIN)
    assert list(found.strange) == [document.id]
    assert list(found.rows) == [row(2, digest(2))]


@pytest.mark.parametrize("value", ["", "00", "g" * 24, " 0" * 12, "0" * 26, 7], ids=repr)
def test_digests_that_are_none(server: Typesense, alias: str, value: object) -> None:
    """A document whose digest is none is no stranger: it has a row that equals no other's."""
    name = new_collection(server, alias, [sealed(1, digest=value), sealed(2)])
    found = read_digests(server, name, MAIN)
    assert list(found.rows) == [row(1, bytes(12)), row(2, digest(2))]
    assert found.strange == []


def test_documents_without_a_digest(server: Typesense, alias: str) -> None:
    """So has a document made before there were digests."""
    name = new_collection(server, alias, [Document("main-1", b'{"id":"main-1","title":"Lantern"}')])
    assert list(read_digests(server, name, MAIN).rows) == [row(1, bytes(12))]


def test_an_empty_collection(server: Typesense, lanterns: str) -> None:
    """An empty collection has no digests."""
    found = read_digests(server, lanterns, MAIN)
    assert (list(found.rows), list(found.strange)) == ([], [])


def test_memory_a_document(server: Typesense, lanterns: str) -> None:
    """Reading 50,000 documents takes at most 120 bytes each, at its peak and with everything."""
    count = 50_000
    load(server, lanterns, map(sealed, range(1, count + 1)))
    read_digests(server, lanterns, MAIN)  # what is made once: connections, imports
    tracemalloc.start()
    try:
        found = read_digests(server, lanterns, MAIN)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.rows) == count
    assert peak / count <= 120


def test_an_export_that_breaks_off(
    proxy: FaultyProxy, through_proxy: Typesense, lanterns: str
) -> None:
    """Half an export is begun anew, and settled before each time; nothing is there twice."""
    load(through_proxy, lanterns, map(sealed, range(1, 50)))
    proxy.seen.clear()
    proxy.fail(CutAnswer(700, on="/export", times=2))
    found = read_digests(through_proxy, lanterns, MAIN)
    assert list(found.rows) == [row(number, digest(number)) for number in range(1, 50)]
    assert len(proxy.requests("/export")) == 3
    assert len(proxy.requests("/status")) >= 3 * 2


def test_a_broken_export(
    proxy: FaultyProxy, through_proxy: Typesense, server: Typesense, lanterns: str
) -> None:
    """Half an export for good, or one with an error between its lines, gives no digests at all."""
    load(server, lanterns, map(sealed, range(1, 50)))
    through_proxy.patience = ONCE
    proxy.fail(CutAnswer(700, on="/export"))
    with pytest.raises(TypesenseError, match="broke"):
        read_digests(through_proxy, lanterns, MAIN)
    for body in (b'{"error": "no lantern"}', b'{"id":"main-1","digest":"00', b"[]"):
        proxy.fail(ReplaceAnswer(body, on="/export"))
        with pytest.raises(UnexpectedAnswer, match=r"no document|no JSON object"):
            read_digests(through_proxy, lanterns, MAIN)


def test_rows_of_several_parts() -> None:
    """Parts that overlap become one ascending list, with doubles, that can be looked into."""
    parts = [[1, 4, 7], [], [2, 4, 9], [3]]
    rows = Rows(b"".join(row(number, digest(number)) for number in part) for part in parts)
    numbers = [1, 2, 3, 4, 4, 7, 9]
    assert [number_of(each) for each in rows] == numbers
    assert [digest_of(each) for each in rows] == [digest(number) for number in numbers]
    assert len(rows) == len(numbers)
    assert [number for number in range(12) if rows.has(number)] == [1, 2, 3, 4, 7, 9]
    assert not Rows([])
    assert not Rows([]).has(1)
