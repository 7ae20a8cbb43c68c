"""A collection's document as other languages describe it: Go, TypeScript, JSON Schema.

Unset is absent: a number that may be unset is a pointer in Go; an empty text or list is never
stored, so there the empty value means unset.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from indexer.transformer.compile import CompiledSpec

_GO = {
    "string": "string",
    "int32": "int32",
    "int64": "int64",
    "float": "float64",
    "bool": "bool",
}
_TYPESCRIPT = {
    "string": "string",
    "int32": "number",
    "int64": "number",
    "float": "number",
    "bool": "boolean",
}
_JSON: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "string"},
    "int32": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "int64": {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
}
_WRITTEN = {"id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs"}
"""Parts of names that Go writes in capitals."""


def as_go(spec: CompiledSpec) -> str:
    """Return a Go struct, as gofmt would have it."""
    rows = [(_camel(name), _go_type(field), _go_tag(field)) for name, field in _fields(spec)]
    wide = [max(len(row[at]) for row in rows) for at in (0, 1)]
    lines = [f"\t{name:<{wide[0]}} {kind:<{wide[1]}} {tag}" for name, kind, tag in rows]
    name = _type_name(spec)
    head = [f'// {name} is a document of "{spec.alias}".', f"type {name} struct {{"]
    return "\n".join([*head, *lines, "}"])


def as_typescript(spec: CompiledSpec) -> str:
    """Return a TypeScript interface."""
    lines = []
    for name, field in _fields(spec):
        base, many = _base(field)
        mark = "?" if field["optional"] else ""
        lines.append(f"  {name}{mark}: {_TYPESCRIPT[base]}{'[]' if many else ''};")
    head = [f'/** A document of "{spec.alias}". */', f"export interface {_type_name(spec)} {{"]
    return "\n".join([*head, *lines, "}"])


def as_json_schema(spec: CompiledSpec) -> str:
    """Return the JSON Schema that every document of the collection fits."""
    properties = {}
    for name, field in _fields(spec):
        base, many = _base(field)
        item = dict(_JSON[base])
        properties[name] = {"type": "array", "items": item, "minItems": 1} if many else item
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _type_name(spec),
        "type": "object",
        "properties": properties,
        "required": [name for name, field in _fields(spec) if not field["optional"]],
        "additionalProperties": False,
    }
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode()


LANGUAGES: Mapping[str, Callable[[CompiledSpec], str]] = {
    "go": as_go,
    "ts": as_typescript,
    "json": as_json_schema,
}


def _fields(spec: CompiledSpec) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Return the fields by name, the id first."""
    own = ("id", {"type": "string", "optional": False})
    return [own, *((str(field["name"]), field) for field in spec.schema_fields)]


def _base(field: Mapping[str, Any]) -> tuple[str, bool]:
    """Return a field's type without its brackets, and whether it had any."""
    kind = str(field["type"])
    return kind.removesuffix("[]"), kind.endswith("[]")


def _go_type(field: Mapping[str, Any]) -> str:
    base, many = _base(field)
    if many:
        return f"[]{_GO[base]}"
    may_be_unset = field["optional"] and base != "string"
    return f"*{_GO[base]}" if may_be_unset else _GO[base]


def _go_tag(field: Mapping[str, Any]) -> str:
    name = field.get("name", "id")
    return f'`json:"{name}{",omitempty" if field["optional"] else ""}"`'


def _type_name(spec: CompiledSpec) -> str:
    return f"{_camel(spec.name)}Document"


def _camel(name: str) -> str:
    return "".join(_WRITTEN.get(part, part.capitalize()) for part in name.split("_"))
