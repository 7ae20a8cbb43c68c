"""Natural order: 2 before 10, a beside á, signs left out. As a text, or as two numbers.

Typesense sorts 100,000 texts in 70 ms and as many numbers in 5, and keeps over 1 kB for each text.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from indexer.records import Wide

SORT_KEY_LENGTH = 60
RANK_LENGTH = 12
"""Signs in a number: 38 ** 12 is just below 2 ** 63."""

_WORD = re.compile(rf"[^\s{re.escape(string.punctuation)}]+")
_DIGITS = re.compile(r"\d+")
_SIGNS = {sign: at for at, sign in enumerate(f" {string.digits}{string.ascii_lowercase}")}
_BASE = len(_SIGNS) + 1
_OTHER = _BASE - 1
"""Stands before the four digits of any other sign's code point: after z, in their own order."""


def natural_order(text: str) -> str:
    """Return a key whose plain order is the natural one; over the first 60 signs.

    A run of digits is preceded by its length; letters lose case and marks. Never empty.
    """
    folded = text.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    key = _DIGITS.sub(_with_length, " ".join(words(folded)))
    return (key or text)[:SORT_KEY_LENGTH]


def natural_rank(text: str) -> Wide:
    """Return a number in whose order texts are in natural order, by their first 12 signs."""
    return _ranks(text)[0]


def natural_rank_2(text: str) -> Wide:
    """Return the number that orders texts of one natural_rank, by their next 12 signs."""
    return _ranks(text)[1]


def words(text: str) -> list[str]:
    """Return the words of a text, without spaces and signs."""
    return _WORD.findall(text)


def _with_length(run: re.Match[str]) -> str:
    digits = run.group().lstrip("0") or "0"
    return f"{min(len(digits), 99):02}{digits}"


@lru_cache(maxsize=64)
def _ranks(text: str) -> tuple[int, int]:
    """Return both numbers: two fields of one document ask for them, one after the other."""
    places = list(islice(_places(natural_order(text)), 2 * RANK_LENGTH))
    return _rank(places[:RANK_LENGTH]), _rank(places[RANK_LENGTH:])


def _rank(places: Sequence[int]) -> int:
    """Read signs as the digits of a number; what is missing at its end counts as spaces."""
    rank = 0
    for place in places:
        rank = rank * _BASE + place
    return rank * int(_BASE ** (RANK_LENGTH - len(places)))


def _places(key: str) -> Iterator[int]:
    for sign in key:
        place = _SIGNS.get(sign)
        if place is not None:
            yield place
        else:
            yield _OTHER
            number = ord(sign)
            yield from (number // _BASE**power % _BASE for power in (3, 2, 1, 0))


NATURAL: Sequence[Callable[..., Any]] = (natural_order, natural_rank, natural_rank_2)
