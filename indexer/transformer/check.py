"""What a spec promises, held against records and converters before any connection is opened."""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias, get_type_hints

from indexer.errors import SpecError
from indexer.transformer.converters import CONVERTERS
from indexer.transformer.paths import Path, PathError, parse_path
from indexer.transformer.shapes import Shape, fits, shape_of
from indexer.transformer.spec import Canary, FieldSpec, Spec

Wrong: TypeAlias = Callable[[str, str], SpecError]
"""Makes the error of one field from what is wrong and what would be right."""


@dataclass(frozen=True)
class Converter:
    """A converter with what it takes and gives."""

    function: Callable[..., Any]
    parameters: Mapping[str, inspect.Parameter]
    gives: Shape


def converter_named(name: str | None) -> Converter | None:
    """Return the converter of a name, None for no name. Raises KeyError."""
    if name is None:
        return None
    function = CONVERTERS[name]
    hints = get_type_hints(function, include_extras=True)
    return Converter(function, inspect.signature(function).parameters, shape_of(hints["return"]))


def parse_field(spec: Spec, name: str, field: FieldSpec) -> list[Path]:
    """Return a field's checked paths. Raises SpecError, naming file, field and what would do."""

    def wrong(what: str, hint: str) -> SpecError:
        return SpecError(f'{spec.name}.toml, field "{name}": {what}.', hint)

    if not field.paths:
        raise wrong('"from" names no path', "Name at least one record path.")
    try:
        paths = [parse_path(path, spec.record) for path in field.paths]
    except PathError as error:
        raise wrong(str(error), "Name a path that a record has.") from error
    given = _given(field, paths, wrong)
    if not fits(given, field.type):
        raise wrong(
            f'"{field.type}" can\'t hold what it gets, {given}'
            + (" that may pass 2^31" if given.wide else ""),
            f"Give it the type {_suggested_type(given)}.",
        )
    _check_options(field, wrong)
    if field.default is not None:
        _check_default(field, paths, wrong)
    return paths


def _given(field: FieldSpec, paths: list[Path], wrong: Wrong) -> Shape:
    try:
        converter = converter_named(field.convert)
    except KeyError as error:
        close = get_close_matches(str(field.convert), CONVERTERS, n=1)
        known = ", ".join(sorted(CONVERTERS))
        hint = f'Did you mean "{close[0]}"?' if close else f"Known: {known}."
        raise wrong(f'there is no converter "{field.convert}"', hint) from error
    if converter is None:
        shapes = {(path.shape.base, path.shape.many) for path in paths}
        if len(shapes) > 1:
            raise wrong("its paths have different types", "Name paths of one type, or a converter.")
        return paths[0].shape
    wanted = len(converter.parameters)
    if wanted > 1 and wanted != len(paths):
        raise wrong(
            f'the converter "{field.convert}" takes {wanted} values and gets {len(paths)}',
            f"Name a path for each of: {', '.join(converter.parameters)}.",
        )
    _check_arguments(field, converter, paths, wrong)
    return converter.gives


def _check_arguments(
    field: FieldSpec,
    converter: Converter,
    paths: list[Path],
    wrong: Wrong,
) -> None:
    hints = get_type_hints(converter.function, include_extras=True)
    takes = [shape_of(hints[parameter]) for parameter in converter.parameters]
    takes = takes if len(takes) > 1 else takes * len(paths)
    for path, shape in zip(paths, takes, strict=True):
        same = shape.base in (path.shape.base, object) and shape.many == path.shape.many
        if not same:
            raise wrong(
                f'the converter "{field.convert}" takes {shape}, but "{path.text}" is {path.shape}',
                "Name a path of that type, or another converter.",
            )
        may_be_none = path.shape.optional and not path.shape.many
        if len(converter.parameters) > 1 and may_be_none and not shape.optional:
            raise wrong(
                f'"{path.text}" may be unset, which the converter "{field.convert}" can\'t bear',
                "Name a path that is always set, or another converter.",
            )


def _check_options(field: FieldSpec, wrong: Wrong) -> None:
    is_list = field.type.endswith("[]")
    if field.sort and is_list:
        raise wrong("a list can't be sorted by", 'Take "sort" away, or index one value of it.')
    if field.stored and (field.facet or field.sort):
        raise wrong(
            "a stored field is not indexed, so it can be neither facet nor sort",
            'Take "stored" away, or the others.',
        )
    if field.stored and (field.always or field.default is not None):
        raise wrong(
            "a stored field can't be promised to be in every document: Typesense < 26 refuses it",
            'Take "stored" away, or "always" and "default".',
        )
    if field.always and (is_list or field.type == "string"):
        raise wrong(
            '"always" is for counters and yes/no fields', 'Give a text a "default", or nothing.'
        )


def _check_default(field: FieldSpec, paths: list[Path], wrong: Wrong) -> None:
    """A default stands in for the first path, before the converter."""
    first = paths[0].shape
    kinds = (int, float) if first.base is float else (first.base,)
    if first.many or not isinstance(field.default, kinds):
        raise wrong(f"the default {field.default!r} is not {first}", "Give one of that type.")
    converter = converter_named(field.convert)
    if converter and (len(converter.parameters) > 1 or converter.gives.optional):
        raise wrong(
            f'the converter "{field.convert}" may leave it unset, so a default promises too much',
            'Take "default" away, or another converter.',
        )
    if isinstance(field.default, str):
        _check_text(field.default, wrong)
    elif not _is_in_range(field, first):
        raise wrong(
            f"the default {field.default} is too large for {field.type}, or no number at all",
            "Give one that fits, or another type.",
        )


def _check_text(default: str, wrong: Wrong) -> None:
    if not default:
        raise wrong(
            "the default is empty, and an empty text is left out of a document",
            'Take "default" away, or give one that says something.',
        )
    try:
        default.format(id=0)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise wrong(
            f'the default "{default}" is no text with at most {{id}} in it',
            "Write {id} for the record's id, {{ and }} for braces.",
        ) from error


def _is_in_range(field: FieldSpec, first: Shape) -> bool:
    """Say whether a default that is a number can be stored, or given to the converter."""
    if isinstance(field.default, float):
        return math.isfinite(field.default)
    bound = 2**63 if first.wide or field.type == "int64" else 2**31
    return -bound <= int(field.default or 0) < bound


def _suggested_type(shape: Shape) -> str:
    if shape.base is bool and shape.many:
        return '"bool", with the converter "any_of"'
    names = {str: "string", int: "int64" if shape.wide else "int32", float: "float", bool: "bool"}
    return f'"{names.get(shape.base, "string")}{"[]" if shape.many else ""}"'


def check_searches(spec: Spec) -> None:
    """Check that sorting field and canaries name fields that can do it. Raises SpecError."""
    sorting = spec.default_sorting_field
    if sorting is not None:
        field = spec.fields.get(sorting)
        if field is None or not _is_in_every_document(field):
            raise SpecError(
                f'{spec.name}.toml: default_sorting_field "{sorting}" is no number that is in '
                "every document and can be sorted by.",
                "Name a number field with always = true or a default.",
            )
    for canary in spec.canaries:
        _check_canary(spec, canary)


def _is_in_every_document(field: FieldSpec) -> bool:
    is_sortable = field.type in {"int32", "int64", "float"} and field.sort is not False
    return is_sortable and (field.always or field.default is not None)


def _check_canary(spec: Spec, canary: Canary) -> None:
    if canary.q != "*" and not canary.query_by:
        raise SpecError(
            f'{spec.name}.toml: a canary searches for "{canary.q}", but in no field.',
            "Name text fields in query_by.",
        )
    texts = [
        name
        for name, field in spec.fields.items()
        if field.type.startswith("string") and not field.stored
    ]
    for name in canary.query_by.split(",") if canary.query_by else ():
        if name.strip() not in texts:
            raise SpecError(
                f'{spec.name}.toml: a canary searches by "{name}", which is no text field.',
                f"Known: {', '.join(texts)}.",
            )
    facet = canary.facet_by
    if facet is None and canary.min_facet_values:
        raise SpecError(
            f"{spec.name}.toml: a canary counts values, but of no field.",
            "Name a facet field in facet_by, or take min_facet_values away.",
        )
    if facet is not None and not (facet in spec.fields and spec.fields[facet].facet):
        raise SpecError(
            f'{spec.name}.toml: a canary counts "{facet}", which is no facet field.',
            "Name a field with facet = true.",
        )
