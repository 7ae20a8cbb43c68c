"""A spec compiled: its Typesense schema, its hash, what it reads, and record → document."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import orjson

from indexer.errors import SpecError
from indexer.records import Kind
from indexer.transformer.check import check_searches, parameters_of, parse_field
from indexer.transformer.membership import SCENE_PATHS
from indexer.transformer.paths import TOTALS, Context, Get, Path
from indexer.transformer.seal import DIGEST_FIELD
from indexer.transformer.shapes import Shape
from indexer.transformer.spec import Canary, FieldSpec, Gates, Spec

TRANSFORM_VERSION = 1
"""Raised by hand when a converter's answers change: what is indexed is then built anew."""

SPEC_HASH_BYTES = 4
INT32 = range(-(2**31), 2**31)

Content: TypeAlias = dict[str, Any]
Transform: TypeAlias = Callable[[Mapping[str, Any]], Content]
"""From a record to the fields of its document, names ascending, digest not included."""

_OWN_FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "library", "type": "string", "facet": True, "index": True, "optional": False},
    {"name": "stash_id", "type": "int64", "facet": False, "index": True, "optional": False},
    {"name": DIGEST_FIELD, "type": "string", "facet": False, "index": False, "optional": True},
)


@dataclass(frozen=True)
class CompiledSpec:
    """A spec that was checked: everything a run needs to know of a collection."""

    spec: Spec
    alias: str
    library: str
    fields: Mapping[str, tuple[FieldSpec, Sequence[Path]]]

    @property
    def name(self) -> str:
        """The name that commands take."""
        return self.spec.name

    @property
    def kind(self) -> Kind:
        """The kind of record this collection is made of."""
        return self.spec.record

    @property
    def gates(self) -> Gates:
        """The limits of a swap."""
        return self.spec.gates

    @property
    def canaries(self) -> Sequence[Canary]:
        """The searches that come before a swap."""
        return self.spec.canaries

    @cached_property
    def asked(self) -> Mapping[Kind, frozenset[str]]:
        """The record paths to be read, by kind: the collection's own and those of dimensions."""
        asked: defaultdict[Kind, set[str]] = defaultdict(set)
        asked[self.kind] = {"id"}
        for _, paths in self.fields.values():
            for kind, path in (one for each in paths for one in each.asked):
                asked[kind] |= {"id", path}
        return {kind: frozenset(paths) for kind, paths in asked.items()}

    @cached_property
    def counted(self) -> bool:
        """Whether fields come from the counts that a pass over the scenes feeds."""
        texts = (each.text for _, paths in self.fields.values() for each in paths)
        return any(text.partition(".")[0] == TOTALS for text in texts)

    @cached_property
    def facets(self) -> Sequence[str]:
        """The names of the facet fields."""
        return [field["name"] for field in self.schema_fields if field["facet"]]

    @cached_property
    def schema_fields(self) -> Sequence[dict[str, Any]]:
        """The fields as Typesense wants them, names ascending."""
        named = [_schema_field(name, spec) for name, (spec, _) in self.fields.items()]
        own = [field | {"sort": False} for field in _OWN_FIELDS]
        return sorted([*named, *own], key=lambda field: str(field["name"]))

    @property
    def document_id_prefix(self) -> str:
        """What the ids of all documents begin with; the record's id follows."""
        return f"{self.library}-"

    def document_id(self, number: int) -> str:
        """Return the id of a record's document."""
        return f"{self.library}-{number}"

    def record_id(self, document_id: str) -> int:
        """Return the record's id behind a document's."""
        return int(document_id.removeprefix(self.document_id_prefix))

    def schema(self, collection: str) -> dict[str, Any]:
        """Return the schema to create a physical collection with."""
        schema: dict[str, Any] = {"name": collection, "fields": self.schema_fields}
        if self.spec.default_sorting_field:
            schema["default_sorting_field"] = self.spec.default_sorting_field
        if self.spec.token_separators:
            schema["token_separators"] = list(self.spec.token_separators)
        return schema

    @cached_property
    def spec_hash(self) -> str:
        """8 hex digits that change exactly when a new collection is needed."""
        sources = {
            name: [list(spec.paths), spec.convert, spec.default, spec.always]
            for name, (spec, _) in self.fields.items()
        }
        content = [self.schema(""), sources, self.kind, self.document_id(0), TRANSFORM_VERSION]
        canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(canonical, digest_size=SPEC_HASH_BYTES).hexdigest()

    def transform(self, context: Context) -> Transform:
        """Return the function from records to documents; ask for it before dimensions load."""
        getters = {
            name: field_getter(spec, paths, context) for name, (spec, paths) in self.fields.items()
        }
        own: dict[str, Get] = {
            "id": lambda record: self.document_id(record["id"]),
            "library": lambda _record: self.library,
            "stash_id": lambda record: record["id"],
        }
        ordered = sorted((getters | own).items())

        def transform(record: Mapping[str, Any]) -> Content:
            return {name: value for name, get in ordered if (value := get(record)) or value == 0}

        return transform


def compile_spec(spec: Spec, *, library: str = "main", alias_prefix: str = "") -> CompiledSpec:
    """Return the compiled spec. Raises SpecError, naming file and field, before anything opens."""
    reserved = {"id", *(str(field["name"]) for field in _OWN_FIELDS)}
    for name in spec.fields:
        if name in reserved:
            raise SpecError(
                f'{spec.name}.toml: the field "{name}" is made by the indexer itself.',
                "Give the field another name.",
            )
    fields = {name: (field, parse_field(spec, name, field)) for name, field in spec.fields.items()}
    check_searches(spec)
    return CompiledSpec(spec, f"{alias_prefix}{spec.alias}", library, fields)


def paths_to_ask(specs: Sequence[CompiledSpec]) -> Mapping[Kind, frozenset[str]]:
    """Return the record paths that collections of a run read together, by kind."""
    together: defaultdict[Kind, frozenset[str]] = defaultdict(frozenset)
    for spec in specs:
        for kind, paths in spec.asked.items():
            together[kind] |= paths
        if spec.counted:
            together["scene"] |= SCENE_PATHS
    return together


def field_getter(field: FieldSpec, paths: Sequence[Path], context: Context) -> Get:
    """Return the function from a record to a field's value; None, "" and [] leave it out."""
    getters = [path.getter(context) for path in paths]
    converter = parameters_of(field.convert)
    if converter is None:
        return _plain(field, paths, _first_set(getters, field.default))
    getters = [
        get if path.shape.distinct else _listed(get)
        for get, path in zip(getters, paths, strict=True)
    ]
    if len(converter.parameters) > 1:
        get = _convert_all(converter.function, getters)
    else:
        get = _convert_first(converter.function, _first_set(getters, field.default))
    may_be_unset = converter.gives.optional or any(path.shape.optional for path in paths)
    return _or_unset(get, _unset(field)) if field.always and may_be_unset else get


def _plain(field: FieldSpec, paths: Sequence[Path], get: Get) -> Get:
    """Bring a value as it was read into its field's form."""
    shapes = [path.shape for path in paths]
    if shapes[0].many:
        is_finished = all(shape.distinct for shape in shapes)
        return get if is_finished else _each_once(get, shapes[0])
    if field.type == "int32":
        get = _in_range(get)
    may_be_unset = field.type == "int32" or any(shape.optional for shape in shapes)
    return _or_unset(get, _unset(field)) if field.always and may_be_unset else get


def _listed(get: Get) -> Get:
    return lambda record: list(get(record))


def _convert_all(convert: Callable[..., Any], getters: Sequence[Get]) -> Get:
    if len(getters) == len(("first", "second")):
        first, second = getters
        return lambda record: convert(first(record), second(record))
    return lambda record: convert(*[get(record) for get in getters])


def _convert_first(convert: Callable[..., Any], first: Get) -> Get:
    def get(record: Mapping[str, Any]) -> Any:
        value = first(record)
        return None if value is None else convert(value)

    return get


def _first_set(getters: Sequence[Get], default: object) -> Get:
    if len(getters) == 1 and default is None:
        return getters[0]
    template = default if isinstance(default, str) else None

    def get(record: Mapping[str, Any]) -> Any:
        for getter in getters:
            value = getter(record)
            if value is not None:
                return value
        return default if template is None else template.format(id=record["id"])

    return get


def _unset(field: FieldSpec) -> object:
    return False if field.type == "bool" else 0


def _or_unset(get: Get, unset: object) -> Get:
    return lambda record: unset if (value := get(record)) is None else value


def _in_range(get: Get) -> Get:
    """Typesense wraps an int32 that is too large, silently: it is unset instead."""

    def getter(record: Mapping[str, Any]) -> Any:
        value = get(record)
        return value if value is not None and value in INT32 else None

    return getter


def _each_once(get: Get, shape: Shape) -> Get:
    """Texts and ids are listed once; measures, such as seconds, as often as they occur."""
    if not (shape.base is str or shape.wide):
        return lambda record: [value for value in get(record) if value is not None]

    def getter(record: Mapping[str, Any]) -> Any:
        values = dict.fromkeys(get(record))
        values.pop(None, None)
        return list(values)

    return getter


def _schema_field(name: str, spec: FieldSpec) -> dict[str, Any]:
    is_number = spec.type in {"int32", "int64", "float"}
    return {
        "name": name,
        "type": spec.type,
        "facet": spec.facet,
        "index": not spec.stored,
        "optional": not spec.always and spec.default is None,
        "sort": (is_number and not spec.stored) if spec.sort is None else spec.sort,
    }
