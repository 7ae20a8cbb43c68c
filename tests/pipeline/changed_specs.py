"""Specs of another day: those that come with the program, changed as a new version would."""

from typing import Any

from indexer.transformer.compile import CompiledSpec, compile_spec
from indexer.transformer.spec import Spec


def with_field(spec: CompiledSpec, name: str, **values: Any) -> CompiledSpec:
    """Return a spec with one field more, or another in the place of the one it had."""
    return _with_fields(spec, {**_fields(spec), name: values})


def without_field(spec: CompiledSpec, name: str) -> CompiledSpec:
    """Return a spec without one of its fields."""
    return _with_fields(spec, {key: each for key, each in _fields(spec).items() if key != name})


def with_canary(spec: CompiledSpec, **values: Any) -> CompiledSpec:
    """Return a spec with one canary in place of its own."""
    return _compiled(spec, {**_plain(spec), "canaries": [values]})


def _with_fields(spec: CompiledSpec, fields: dict[str, Any]) -> CompiledSpec:
    return _compiled(spec, {**_plain(spec), "fields": fields})


def _compiled(spec: CompiledSpec, content: dict[str, Any]) -> CompiledSpec:
    prefix = spec.alias.removesuffix(spec.spec.alias)
    return compile_spec(Spec.model_validate(content), library=spec.library, alias_prefix=prefix)


def _plain(spec: CompiledSpec) -> dict[str, Any]:
    """Return a spec as its file has it."""
    return spec.spec.model_dump(by_alias=True)


def _fields(spec: CompiledSpec) -> dict[str, Any]:
    fields: dict[str, Any] = _plain(spec)["fields"]
    return fields
