"""Documents as bytes: what the transformer makes and the loader sends."""

from typing import NamedTuple

DIGEST_FIELD = "digest"
DIGEST_BYTES = 12
NUMBER_FIELD = "number"
"""Where ids don't tell the record's number, this field does."""


class Document(NamedTuple):
    """A document ready to be stored: its id, and one JSON object without a line break.

    By the number of its record and its digest it is compared; what is only sent needs neither.
    """

    id: str
    body: bytes
    number: int = 0
    digest: bytes = b""


class Numbering(NamedTuple):
    """Where a document's bytes hold its record's number: what stands before it, what may follow.

    By number two ends are compared; ids that are UUIDs don't tell it.
    """

    before: bytes
    after: bytes

    @classmethod
    def in_id(cls, library: str) -> "Numbering":
        """Return the numbering of documents whose ids are `<library>-<number>`."""
        return cls(b'"id":"%b-' % library.encode(), b'"')

    @classmethod
    def in_field(cls, name: str) -> "Numbering":
        """Return the numbering of documents that hold their number in a field of its own."""
        return cls(b'"%b":' % name.encode(), b",}")
