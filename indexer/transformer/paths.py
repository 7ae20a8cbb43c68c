"""Paths such as "performers.tags.label": checked against the records, compiled to closures."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

from typing_extensions import is_typeddict

from indexer.records import RECORD_TYPES, Kind
from indexer.transformer.dimensions import DERIVED, LABEL, Dimensions, attribute
from indexer.transformer.membership import Membership, Totals, no_totals
from indexer.transformer.shapes import Shape, fields_of

Get: TypeAlias = Callable[[Mapping[str, Any]], Any]
TOTALS = "totals"


class PathError(ValueError):
    """A path that doesn't exist; the text says which part and what there is instead."""


@dataclass(frozen=True)
class Context:
    """What getters read besides the record: the dimensions and, for performers, the totals."""

    dimensions: Dimensions
    membership: Membership


@dataclass(frozen=True)
class Path:
    """A checked path: the shape of its value, and what has to be read for it.

    `asked` holds record paths by kind, the record's own kind and those of dimensions; `index` is
    the element of a list that the next segment is taken from.
    """

    text: str
    kind: Kind
    shape: Shape
    steps: tuple["Step", ...] = ()
    index: int | None = None
    asked: frozenset[tuple[Kind, str]] = field(default_factory=frozenset)

    def getter(self, context: Context) -> Get:
        """Return the function from a record to this path's value.

        What is not `distinct` comes as an iterable that can be walked once.
        """
        get: Get = _itself
        for step in self.steps:
            get = step(get, context)
        return get


Step: TypeAlias = Callable[[Get, Context], Get]


def _itself(record: Mapping[str, Any]) -> Any:
    return record


def parse_path(text: str, kind: Kind) -> Path:
    """Return the checked path of a record kind. Raises PathError."""
    path = Path(text, kind, Shape(RECORD_TYPES[kind]))
    within: list[str] = []
    for segment in text.split("."):
        path = _walk(path, segment, within)
    if path.index is not None and not is_typeddict(path.shape.base):
        raise PathError(f'"{text}": only elements of a list of objects can be asked for')
    if is_typeddict(path.shape.base):
        raise PathError(f'"{text}" is an object; name one of {_list(fields_of(path.shape.base))}')
    return path


def _walk(path: Path, segment: str, within: list[str]) -> Path:
    if path.shape.ref is not None and not is_typeddict(path.shape.base):
        return _through_reference(path, segment)
    if segment.isdecimal():
        return _element(path, int(segment))
    if (
        path.shape.base is RECORD_TYPES[path.kind]
        and segment == TOTALS
        and path.kind == "performer"
    ):
        return replace(path, shape=Shape(Totals), steps=(*path.steps, _totals))
    if not within and (path.kind, segment) in DERIVED:
        return _through_reference(_own_id(path), segment)
    return _key(path, segment, within)


def _own_id(path: Path) -> Path:
    """A derived attribute of the record itself is looked up by its own id."""
    shape = Shape(int, wide=True, ref=path.kind)
    return replace(path, shape=shape, steps=(lambda _get, _context: itemgetter("id"),))


def _element(path: Path, index: int) -> Path:
    if not path.shape.many:
        raise PathError(f'"{path.text}": {index} asks for an element, but that is no list')
    return replace(path, shape=replace(path.shape, many=False, optional=True), index=index)


def _key(path: Path, segment: str, within: list[str]) -> Path:
    if not is_typeddict(path.shape.base):
        raise PathError(f'"{path.text}": "{within[-1]}" is {path.shape}, without a "{segment}"')
    known = fields_of(path.shape.base)
    if segment not in known:
        also = [TOTALS] if path.kind == "performer" and not within else []
        raise PathError(f'"{path.text}": there is no "{segment}"; known: {_list([*known, *also])}')
    within.append(segment)
    of, inner = path.shape, known[segment]
    asked = path.asked
    if not is_typeddict(inner.base) and of.base is not Totals:
        asked = asked | {(path.kind, ".".join(within))}
    shape = replace(
        inner,
        many=of.many or inner.many,
        optional=of.optional or inner.optional,
        distinct=not of.many,
    )
    step = _key_step(segment, of, inner, path.index)
    return replace(path, shape=shape, steps=(*path.steps, step), asked=asked, index=None)


def _key_step(key: str, of: Shape, inner: Shape, index: int | None) -> Step:
    kind = inner.ref
    if of.base is Totals and kind is not None:
        return lambda get, context: _get_known(get, key, kind, context.dimensions)
    if index is not None:
        return lambda get, _context: _get_key_at(get, index, key)
    if not of.many:
        return lambda get, _context: _get_key(get, key)
    if not inner.many:
        return lambda get, _context: _get_each(get, key)
    return lambda get, _context: _get_each_of_each(get, key)


def _through_reference(path: Path, segment: str) -> Path:
    kind = path.shape.ref
    assert kind is not None  # noqa: S101 - the caller looked
    found = attribute(kind, segment)
    if found is None:
        raise PathError(f'"{path.text}": a {kind} has no "{segment}"')
    inner, needs = found
    many = path.shape.many

    def step(get: Get, context: Context) -> Get:
        column = context.dimensions.column(kind, segment)
        if not many:
            return _get_looked_up(get, column)
        return _get_all_joined(get, column) if inner.many else _get_all_looked_up(get, column)

    return replace(
        path,
        shape=replace(
            inner,
            many=many or inner.many,
            optional=True,
            distinct=not many or (path.shape.distinct and segment == LABEL),
        ),
        steps=(*path.steps, step),
        asked=path.asked | {(kind, need) for need in needs},
    )


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _totals(_get: Get, context: Context) -> Get:
    performers, nothing = context.membership.performers, no_totals()
    return lambda record: performers.get(record["id"], nothing)


def _get_known(get: Get, key: str, kind: Kind, dimensions: Dimensions) -> Get:
    """Totals may name what is gone since: such ids go, where their dimension is in use."""
    known = dimensions.ids

    def getter(record: Mapping[str, Any]) -> Any:
        numbers = get(record)[key]
        return [one for one in numbers if one in known[kind]] if kind in known else numbers

    return getter


def _get_key(get: Get, key: str) -> Get:
    return itemgetter(key) if get is _itself else lambda record: get(record)[key]


def _get_key_at(get: Get, index: int, key: str) -> Get:
    def getter(record: Mapping[str, Any]) -> Any:
        items = get(record)
        return items[index][key] if len(items) > index else None

    return getter


def _get_each(get: Get, key: str) -> Get:
    return lambda record: [item[key] for item in get(record)]


def _get_each_of_each(get: Get, key: str) -> Get:
    each = itemgetter(key)
    return lambda record: chain.from_iterable(map(each, get(record)))


def _get_looked_up(get: Get, column: Mapping[int, Any]) -> Get:
    return lambda record: column.get(get(record))


def _get_all_looked_up(get: Get, column: Mapping[int, Any]) -> Get:
    return lambda record: list(map(column.get, get(record)))


def _get_all_joined(get: Get, column: Mapping[int, Any]) -> Get:
    return lambda record: chain.from_iterable(filter(None, map(column.get, get(record))))
