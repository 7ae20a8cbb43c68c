"""Documents as bytes: what the transformer makes and the loader sends."""

from typing import NamedTuple


class Document(NamedTuple):
    """A document ready to be stored: its id, and one JSON object without a line break."""

    id: str
    body: bytes
