"""Ids that a record names but no dimension has: found, and left out of the record."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

from typing_extensions import is_typeddict

from indexer.records import RECORD_TYPES, Kind
from indexer.transformer.dimensions import Dimensions
from indexer.transformer.shapes import fields_of

Reference: TypeAlias = tuple[Kind, int]
Found: TypeAlias = set[Reference]
Reader: TypeAlias = Callable[[Iterable[Mapping[str, Any]]], Iterable[Any]]
"""From records, or things inside them, to what they hold in one place."""


class References:
    """The references of one kind of record into those dimensions that are in use."""

    def __init__(self, kind: Kind, dimensions: Dimensions) -> None:
        self._type = RECORD_TYPES[kind]
        self._dimensions = dimensions
        self._readers = list(_readers(self._type, dimensions.kinds))

    def unknown(self, records: Sequence[Mapping[str, Any]]) -> Found:
        """Return the references of records that no dimension has."""
        ids = self._dimensions.ids
        return {
            (kind, number)
            for kind, read in self._readers
            for number in set(read(records)) - ids[kind]
            if number is not None
        }

    def without(self, record: Mapping[str, Any], unknown: Found) -> Mapping[str, Any]:
        """Return a copy of the record that doesn't name the unknown ones."""
        return _stripped(record, self._type, unknown)


def _readers(record_type: type, kinds: Iterable[Kind]) -> Iterable[tuple[Kind, Reader]]:
    in_use = set(kinds)
    for key, shape in fields_of(record_type).items():
        if shape.ref in in_use:
            yield shape.ref, _many(key) if shape.many else _one(key)
        elif is_typeddict(shape.base):
            inner = _readers(shape.base, in_use)
            yield from ((kind, _inside(_many(key), read)) for kind, read in inner)


def _one(key: str) -> Reader:
    return partial(map, itemgetter(key))


def _many(key: str) -> Reader:
    return lambda records: chain.from_iterable(map(itemgetter(key), records))


def _inside(items: Reader, read: Reader) -> Reader:
    return lambda records: read(items(records))


def _stripped(record: Mapping[str, Any], record_type: type, unknown: Found) -> dict[str, Any]:
    left = dict(record)
    for key, shape in fields_of(record_type).items():
        value = record[key]
        if is_typeddict(shape.base):
            items = [_stripped(item, shape.base, unknown) for item in value]
            left[key] = [item for item in items if _is_whole(item, shape.base)]
        elif shape.ref is not None and shape.many:
            left[key] = [number for number in value if (shape.ref, number) not in unknown]
        elif shape.ref is not None and (shape.ref, value) in unknown:
            left[key] = None
    return left


def _is_whole(item: Mapping[str, Any], item_type: type) -> bool:
    """An item that lost a reference it can't be without, such as a membership's group, goes."""
    return all(
        shape.optional or shape.many or shape.ref is None or item[key] is not None
        for key, shape in fields_of(item_type).items()
    )
