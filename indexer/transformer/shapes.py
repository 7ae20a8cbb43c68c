"""What stands at the end of a path: the types of records, read off their annotations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from indexer.records import Kind, Ref, WideMark


@dataclass(frozen=True)
class Shape:
    """The type of a value: `many` for a list, `wide` for an int that can pass 2^31.

    `base` is str, int, float, bool or a TypedDict; `optional` values can be None; a
    list that isn't `distinct` may hold a value twice, or None; `ref` is the kind that an id names,
    `known` ids come from that kind's dimension itself.
    """

    base: type
    many: bool = False
    wide: bool = False
    optional: bool = False
    distinct: bool = True
    ref: Kind | None = None
    known: bool = False

    def __str__(self) -> str:
        """Return the shape as error messages name it."""
        name = "an object" if is_typeddict(self.base) else _NAMES[self.base]
        return f"a list of {name}" if self.many else name


_NAMES = {
    object: "anything",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "yes or no",
}

TYPES_OF_FIELDS: dict[str, Shape] = {
    "string": Shape(str),
    "int32": Shape(int),
    "int64": Shape(int, wide=True),
    "float": Shape(float),
    "bool": Shape(bool),
    "string[]": Shape(str, many=True),
    "int32[]": Shape(int, many=True),
    "int64[]": Shape(int, many=True, wide=True),
    "float[]": Shape(float, many=True),
}


def fits(shape: Shape, field_type: str) -> bool:
    """Say whether values of a shape can be stored in a Typesense field of a type."""
    wanted = TYPES_OF_FIELDS[field_type]
    if shape.many != wanted.many or shape.base is not wanted.base:
        return False
    return wanted.wide or not shape.wide


@cache
def fields_of(record_type: type) -> dict[str, Shape]:
    """Return the shape of every key of a TypedDict."""
    hints = get_type_hints(record_type, include_extras=True)
    return {name: shape_of(hint) for name, hint in hints.items()}


def shape_of(hint: Any) -> Shape:
    """Return the shape that an annotation describes: X, X | None, list[X] or Annotated[X, …]."""
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *marks = get_args(hint)
        shape = shape_of(inner)
        for mark in marks:
            if isinstance(mark, WideMark):
                shape = replace(shape, wide=True)
            if isinstance(mark, Ref):
                shape = replace(shape, ref=mark.kind)
        return shape
    if origin in (Union, UnionType):
        (inner,) = [part for part in get_args(hint) if part is not NoneType]
        return replace(shape_of(inner), optional=True)
    if origin in (list, Sequence):
        return replace(shape_of(get_args(hint)[0]), many=True)
    return Shape(hint)
