"""Paths such as "performers.tags.label": checked against the records, written as expressions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TypeAlias

from typing_extensions import is_typeddict

from indexer.records import RECORD_TYPES, Kind
from indexer.transformer.code import CHAIN, RECORD, Code
from indexer.transformer.derived import DERIVED
from indexer.transformer.dimensions import Dimensions, attribute, is_own
from indexer.transformer.membership import TOTALS_OF, Membership
from indexer.transformer.shapes import Shape, fields_of

TOTALS = "totals"


class PathError(ValueError):
    """A path that doesn't exist; the text says which part and what there is instead."""


@dataclass(frozen=True)
class Context:
    """What getters read besides the record: the dimensions and the counts over the scenes."""

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

    def write(self, code: Code, context: Context) -> str:
        """Return the expression for this path's value; what it needs first is put into `code`."""
        value = RECORD
        for step in self.steps:
            value = step(value, code, context)
        return value

    def unset(self) -> "Path":
        """Return a path that reads nothing: what it leads to is unset."""
        nothing = "()" if self.shape.many else "None"
        return replace(self, text="", steps=(lambda *_: nothing,), asked=frozenset())


Step: TypeAlias = Callable[[str, Code, Context], str]
"""From the expression of a value to that of what is within it."""


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
    if path.shape.base is RECORD_TYPES[path.kind] and segment == TOTALS and path.kind in TOTALS_OF:
        return _totals(path)
    if not within and (path.kind, segment) in DERIVED:
        return _through_reference(_own_id(path), segment)
    return _key(path, segment, within)


def _own_id(path: Path) -> Path:
    """A derived attribute of the record itself is looked up by its own id."""
    shape = Shape(int, wide=True, ref=path.kind)
    return replace(path, shape=shape, steps=(_own_id_of,))


def _own_id_of(record: str, _code: Code, _context: Context) -> str:
    return f'{record}["id"]'


def _element(path: Path, index: int) -> Path:
    if not path.shape.many:
        raise PathError(f'"{path.text}": {index} asks for an element, but that is no list')
    return replace(path, shape=replace(path.shape, many=False, optional=True), index=index)


def _key(path: Path, segment: str, within: list[str]) -> Path:
    if not is_typeddict(path.shape.base):
        raise PathError(f'"{path.text}": "{within[-1]}" is {path.shape}, without a "{segment}"')
    known = fields_of(path.shape.base)
    if segment not in known:
        also = [TOTALS] if path.kind in TOTALS_OF and not within else []
        raise PathError(f'"{path.text}": there is no "{segment}"; known: {_list([*known, *also])}')
    within.append(segment)
    of, inner = path.shape, known[segment]
    asked = path.asked
    if not is_typeddict(inner.base) and of.base is not TOTALS_OF.get(path.kind):
        asked = asked | {(path.kind, ".".join(within))}
    shape = replace(
        inner,
        many=of.many or inner.many,
        optional=of.optional or inner.optional,
        distinct=not of.many,
    )
    step = _key_step(path, segment, inner)
    return replace(path, shape=shape, steps=(*path.steps, step), asked=asked, index=None)


def _key_step(path: Path, key: str, inner: Shape) -> Step:
    """Return how a key is taken: from an object, an element of a list, or each of its elements."""
    of, index, kind = path.shape, path.index, inner.ref
    if of.base is TOTALS_OF.get(path.kind) and kind is not None:
        return _known_step(key, kind)

    def step(value: str, code: Code, _context: Context) -> str:
        if index is not None:
            items, nothing = code.local(value), code.name(_nothing(of.base), "nothing")
            item = code.local(f"{items}[{index}] if len({items}) > {index} else {nothing}")
            return f"{item}[{key!r}]"
        if not of.many:
            return f"{value}[{key!r}]"
        items = code.local(value)
        each = f"map({code.key(key)}, {items})"
        return code.local(f"[*{CHAIN}({each})]" if inner.many else f"[*{each}]")

    return step


@cache
def _nothing(record_type: type) -> dict[str, None]:
    """Return an object of a type with every key unset."""
    return dict.fromkeys(fields_of(record_type))


def _known_step(key: str, kind: Kind) -> Step:
    """Totals may name what is gone since: such ids go, where their dimension is in use."""

    def step(value: str, code: Code, context: Context) -> str:
        known = context.dimensions.ids

        def still_known(numbers: list[int]) -> list[int]:
            return [one for one in numbers if one in known[kind]] if kind in known else numbers

        return f"{code.name(still_known, 'still_known')}({value}[{key!r}])"

    return step


def _through_reference(path: Path, segment: str) -> Path:
    kind = path.shape.ref
    assert kind is not None  # noqa: S101 - the caller looked
    found = attribute(kind, segment)
    if found is None:
        raise PathError(f'"{path.text}": a {kind} has no "{segment}"')
    inner, needs = found
    many = path.shape.many
    apart = many and is_own(kind, segment) and _are_known(path)

    def step(value: str, code: Code, context: Context) -> str:
        get = code.name(context.dimensions.column(kind, segment), f"{kind}_{segment}") + ".get"
        if not many:
            return f"{get}({value}, ())" if inner.many else f"{get}({value})"
        numbers = code.local(value)
        if inner.many:
            values = f"{CHAIN}(filter(None, map({get}, {numbers})))"
            return code.local(f"[*{values}]" if apart else f"[*dict.fromkeys({values})]")
        return code.local(f"[*map({get}, {numbers})]")

    return replace(
        path,
        shape=replace(
            inner,
            many=many or inner.many,
            optional=not (many and inner.many),
            distinct=not many or inner.many or apart,
        ),
        steps=(*path.steps, step),
        asked=path.asked | {(kind, need) for need in needs},
    )


def _are_known(path: Path) -> bool:
    """Whether ids are each once and in their dimension: a record's own, looked at before, are.

    Those at second hand may name what is gone, but for what the dimension itself was made into.
    """
    return path.shape.distinct and (path.shape.known or len(path.asked) <= 1)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _totals(path: Path) -> Path:
    kind = path.kind

    def step(record: str, code: Code, context: Context) -> str:
        return code.local(f"{code.name(context.membership.totals(kind), 'totals')}({record})")

    return replace(path, shape=Shape(TOTALS_OF[kind]), steps=(*path.steps, step))
