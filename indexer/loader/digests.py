"""What a collection holds, as numbers and digests alone: what a reconcile compares.

A document's number is its record's id: the stash id, or for suggestions one of their own.
"""

import re
from binascii import Error as NotHex
from binascii import unhexlify
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import merge

from indexer.documents import DIGEST_BYTES, DIGEST_FIELD, Numbering
from indexer.loader.export import export_documents
from indexer.loader.server import Typesense
from indexer.loader.settling import settled

NUMBER_BYTES = 8
ROW_BYTES = NUMBER_BYTES + DIGEST_BYTES
LARGEST_NUMBER = 10**18 - 1
"""The largest of 18 digits: any number of so many fits into 8 bytes."""
ROWS_A_PART = 16_384
"""So many rows are sorted at a time; as objects of their own they take four times the memory."""

_DIGEST = b'"%b":"' % DIGEST_FIELD.encode()
_NO_DIGEST = bytes(DIGEST_BYTES)
_HEX_LENGTH = 2 * DIGEST_BYTES
_BEFORE_A_NAME = b"{,"
_NUMBER = re.compile(rb"([1-9][0-9]{0,17})(.)")


class Rows:
    """Rows, ascending, 20 bytes each: in parts that are merged as they are read."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        """Take parts that are ascending in themselves, each rows one behind the other."""
        self._parts = tuple(parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts)) // ROW_BYTES

    def __iter__(self) -> Iterator[bytes]:
        return merge(*map(_cut_up, self._parts))

    def has(self, number: int) -> bool:
        """Say whether there is a row of a number."""
        first = row(number, b"")
        for part in self._parts:
            at = bisect_left(range(len(part) // ROW_BYTES), first, key=partial(_row_at, part))
            if _row_at(part, at).startswith(first):
                return True
        return False


@dataclass(frozen=True)
class Digests:
    """A collection's documents. About 20 bytes each.

    rows     20 bytes a document, ascending by number: see number_of() and digest_of(). A number
             may be there twice: writes through an alias can double a document.
    strange  ids of documents that don't tell their number
    """

    rows: Rows
    strange: Sequence[str]


def row(number: int, digest: bytes) -> bytes:
    """Return the row of a number and its 12 bytes of digest; rows sort as the numbers do."""
    return number.to_bytes(NUMBER_BYTES, "big") + digest


def number_of(row: bytes) -> int:
    """Return a row's number."""
    return int.from_bytes(row[:NUMBER_BYTES], "big")


def digest_of(row: bytes) -> bytes:
    """Return a row's digest, 12 bytes."""
    return row[NUMBER_BYTES:]


def read_digests(server: Typesense, collection: str, numbering: Numbering) -> Digests:
    """Read the number and digest of every document, once the collection is settled.

    An export that breaks off is begun anew, as long as the server's patience lasts.

    Raises:
        UnexpectedAnswer: other documents came than the collection has, while nobody changed it,
            or something else than a document.
        TypesenseError: there is no such collection, or Typesense fails.
    """
    parts: list[bytes] = []
    strange: list[str] = []

    def read() -> None:
        parts.clear()  # before the second try, not after it: a library is held once
        strange.clear()
        settled(server, collection)
        rows: list[bytes] = []
        for line in export_documents(server, collection):
            found = cut(line, numbering)
            whole = found is not None and digest_of(found) != _NO_DIGEST
            document_id = "" if whole else _id_of(server, line)
            if found is None:
                strange.append(document_id)
            else:
                rows.append(found)
            if len(rows) == ROWS_A_PART:
                parts.append(b"".join(sorted(rows)))
                rows.clear()
        parts.append(b"".join(sorted(rows)))

    server.patiently(f"reading {collection}", read)
    return Digests(Rows(parts), strange)


def _cut_up(part: bytes) -> Iterator[bytes]:
    return (part[at : at + ROW_BYTES] for at in range(0, len(part), ROW_BYTES))


def _row_at(part: bytes, at: int) -> bytes:
    return part[at * ROW_BYTES : (at + 1) * ROW_BYTES]


def cut(line: bytes, numbering: Numbering) -> bytes | None:
    """Return the row of one document's JSON, without parsing it; None for a strange document.

    A quote inside a text is escaped, so `"digest":"` can only be a name and the start of its text.
    """
    number = number_in(line, numbering)
    return None if number is None else row(number, _digest_in(line))


def _digest_in(line: bytes) -> bytes:
    """Return the digest of one document's JSON; zeros, which no document has, where it has none."""
    digest = _text(line, _DIGEST)
    if digest is None or len(digest) != _HEX_LENGTH:
        return _NO_DIGEST
    try:
        return unhexlify(digest)
    except NotHex:
        return _NO_DIGEST


def number_in(line: bytes, numbering: Numbering) -> int | None:
    """Return the number of one document's JSON; "01" is none, it would be two documents' row."""
    at = line.find(numbering.before)
    if at < 1 or line[at - 1] not in _BEFORE_A_NAME:
        return None
    found = _NUMBER.match(line, at + len(numbering.before))
    return int(found[1]) if found and found[2] in numbering.after else None


def _text(line: bytes, name: bytes) -> bytes | None:
    """Return the text after a name, as it is escaped; None where the name isn't there."""
    at = line.find(name)
    if at < 1 or line[at - 1] not in _BEFORE_A_NAME:
        return None
    start = at + len(name)
    end = line.find(b'"', start)
    return None if end < 0 else line[start:end]


def _id_of(server: Typesense, line: bytes) -> str:
    """Return the id of a strange document; newer servers report errors between the documents."""
    try:
        return str(server.parsed(line)["id"])
    except KeyError as error:
        raise server.unexpected("exported a line that is no document") from error
