"""Natural order: 2 before 10, a beside á, signs left out. As a text, or as three numbers.

Typesense sorts 100,000 texts in 70 ms and as many numbers in 5, and keeps over 1 kB for each text.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import mul
from typing import Any

from indexer.records import Wide

SORT_KEY_LENGTH = 60
RANK_LENGTH = 12
"""Places in a number: 38 ** 12 is just below 2 ** 63."""

_NO_SIGNS = bytes.maketrans(string.punctuation.encode(), b" " * len(string.punctuation))
_DIGITS = re.compile(r"\d+")
_SIGNS = {sign: at for at, sign in enumerate(f" {string.digits}{string.ascii_lowercase}")}
_BASE = len(_SIGNS) + 1
_OTHER = _BASE - 1
"""Stands before the digits of any other sign's code point: after z, in their own order.

Those are two for Greek, Cyrillic and whatever else comes before them, else five.
"""
_ASCII = bytes(_SIGNS.get(chr(code), _OTHER) for code in range(256))
_WEIGHTS = [_BASE**power for power in reversed(range(RANK_LENGTH))]
_RANKS = [slice(start, start + RANK_LENGTH) for start in (0, 12, 24)]


def natural_order(text: str) -> str:
    """Return a key whose plain order is the natural one; over the first 60 signs.

    A run of digits is preceded by its length; letters lose case and marks. Never empty.
    """
    folded = text.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    key = _DIGITS.sub(_with_length, " ".join(spaced(folded).split()))
    return (key or text)[:SORT_KEY_LENGTH]


def natural_rank(text: str) -> Wide:
    """Return a number in whose order texts are in natural order, by their first 12 places."""
    return _ranks(text)[0]


def natural_rank_2(text: str) -> Wide:
    """Return the number that orders texts of one natural_rank, by their next 12 places."""
    return _ranks(text)[1]


def natural_rank_3(text: str) -> Wide:
    """Return the number that orders texts of one natural_rank_2, by their next 12 places."""
    return _ranks(text)[2]


def spaced(text: str) -> str:
    """Return a text with a space for each sign; as bytes it takes a sixth of the time."""
    return text.encode().translate(_NO_SIGNS).decode()


def _with_length(run: re.Match[str]) -> str:
    digits = run.group().lstrip("0") or "0"
    return f"{min(len(digits), 99):02}{digits}"


@lru_cache(maxsize=64)
def _ranks(text: str) -> tuple[int, int, int]:
    """Return all numbers: the fields of one document ask for them, one after the other."""
    places = _places(natural_order(text)[: len(_RANKS) * RANK_LENGTH])
    first, second, third = (sum(map(mul, places[rank], _WEIGHTS)) for rank in _RANKS)
    return first, second, third


def _places(key: str) -> Sequence[int]:
    """Return the digits that signs stand for: one for each where there are only letters a-z."""
    if key.isascii():
        places = key.encode().translate(_ASCII)
        if _OTHER not in places:
            return places
    return [digit for sign in key for digit in _digits(sign)]


def _digits(sign: str) -> Iterator[int]:
    place = _SIGNS.get(sign)
    if place is not None:
        yield place
        return
    number = ord(sign)
    yield _OTHER
    if number < _BASE * (_BASE - 1):
        yield from divmod(number, _BASE)
    else:
        yield _BASE - 1
        yield from (number // weight % _BASE for weight in _WEIGHTS[-4:])


NATURAL: Sequence[Callable[..., Any]] = (
    natural_order,
    natural_rank,
    natural_rank_2,
    natural_rank_3,
)
