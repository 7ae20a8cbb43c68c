"""Writes how one field of a document is made: the first path that is set, or a converter."""

from collections.abc import Sequence

from indexer.transformer.check import Converter, converter_named
from indexer.transformer.code import RECORD, Code
from indexer.transformer.paths import Context, Path
from indexer.transformer.shapes import Shape
from indexer.transformer.spec import FieldSpec

INT32_BOUNDS = (-(2**31), 2**31 - 1)
NUMBERS = frozenset({"int32", "int64", "float", "bool"})
"""The types of fields of which 0 and False are values."""


def write_field(
    code: Code, name: str, field: FieldSpec, paths: Sequence[Path], context: Context
) -> None:
    """Write a field; None, "" and [] leave it out of the document, unless it is `always` there."""
    values = [path.write(code, context) for path in paths]
    converter = converter_named(field.convert)
    if converter is None:
        value = _plain(code, field, [path.shape for path in paths], values)
    else:
        value = _converted(code, field, converter, values)
    if not field.always:
        code.add_if_set(name, value, number=field.type in NUMBERS)
        return
    unset = "False" if field.type == "bool" else "0"
    value = code.local(value)
    code.add(name, f"{unset} if {value} is None else {value}")


def _plain(code: Code, field: FieldSpec, shapes: Sequence[Shape], values: Sequence[str]) -> str:
    """Return a value as it was read, in its field's form."""
    value = _first_set(code, field.default, values)
    if field.type == "int32":
        return _in_range(code.local(value))
    if shapes[0].many and not all(shape.distinct for shape in shapes):
        return _each_once(code.local(value), shapes[0])
    return value


def _converted(code: Code, field: FieldSpec, converter: Converter, values: Sequence[str]) -> str:
    function = code.name(converter.function, str(field.convert))
    if len(converter.parameters) > 1:
        return f"{function}({', '.join(values)})"
    value = code.local(_first_set(code, field.default, values))
    return f"None if {value} is None else {function}({value})"


def _first_set(code: Code, default: object, values: Sequence[str]) -> str:
    if len(values) == 1 and default is None:
        return values[0]
    tried = "".join(f"{value} if {value} is not None else " for value in map(code.local, values))
    if isinstance(default, str):
        return f'{tried}{default!r}.format(id={RECORD}["id"])'
    return f"{tried}{default!r}"


def _in_range(value: str) -> str:
    """Typesense wraps an int32 that is too large, silently: it is unset instead."""
    low, high = INT32_BOUNDS
    return f"{value} if {value} is not None and {low} <= {value} <= {high} else None"


def _each_once(value: str, shape: Shape) -> str:
    """Texts and ids are listed once; measures, such as seconds, as often as they occur."""
    if shape.base is str and shape.optional:
        return f"[*dict.fromkeys(filter(None, {value}))] if {value} else []"
    values = f"dict.fromkeys({value})" if shape.base is str or shape.wide else value
    if shape.optional:
        return f"[part for part in {values} if part is not None] if {value} else []"
    return f"[*{values}] if len({value}) > 1 else {value}"
