"""A spec compiled: its Typesense schema, its hash, what it reads, and record → document."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

import orjson

from indexer.documents import DIGEST_FIELD, NUMBER_FIELD, Numbering
from indexer.errors import SpecError
from indexer.records import Kind
from indexer.transformer.check import check_searches, parse_field
from indexer.transformer.code import RECORD, Code, Transform
from indexer.transformer.fields import write_field
from indexer.transformer.naming import PLAIN, RESERVED, NameSet, Naming, namings
from indexer.transformer.paths import TOTALS, Context, Path
from indexer.transformer.spec import Canary, FieldSpec, Gates, Spec
from indexer.transformer.suggestions import PATHS as SUGGESTED
from indexer.transformer.tuning import Tuning

TRANSFORM_VERSION = 1
"""Raised by hand when a converter's answers change: what is indexed is then built anew."""

SPEC_HASH_BYTES = 4

UUID_SPACE = UUID("6f1e4bd8-6ad5-5b53-9a43-0d1c0f6c2a11")
"""The namespace of document ids that are UUIDs; fixed for good."""

_OWN_FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "library", "type": "string", "facet": True, "index": True, "optional": False},
    {"name": "stash_id", "type": "int64", "facet": False, "index": True, "optional": False},
    {"name": DIGEST_FIELD, "type": "string", "facet": False, "index": False, "optional": True},
)
_NUMBER: dict[str, Any] = {
    "name": NUMBER_FIELD,
    "type": "int64",
    "facet": False,
    "index": False,
    "optional": True,
}


@dataclass(frozen=True)
class CompiledSpec:
    """A spec that was checked: everything a run needs to know of a collection."""

    spec: Spec
    alias: str
    library: str
    fields: Mapping[str, tuple[FieldSpec, Sequence[Path]]]
    naming: Naming = PLAIN
    tuning: Tuning = field(default_factory=Tuning)

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
        if self.kind == "suggestion":
            return SUGGESTED
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
        own = [field | {"sort": False} for field in (*_OWN_FIELDS, *self._number_fields)]
        return sorted([*named, *own], key=lambda field: str(field["name"]))

    @property
    def numbering(self) -> Numbering:
        """Where documents hold their record's number."""
        in_field = self.naming.ids == "uuid"
        return Numbering.in_field(NUMBER_FIELD) if in_field else Numbering.in_id(self.library)

    def document_id(self, number: int) -> str:
        """Return the id of a record's document."""
        if self.naming.ids == "uuid":
            return str(uuid5(UUID_SPACE, f"{self.library}/{self.kind}/{number}"))
        return f"{self.library}-{number}"

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
            name: [[path.text for path in paths], spec.convert, spec.default, spec.always]
            for name, (spec, paths) in self.fields.items()
        }
        content = [self.schema(""), sources, self.kind, self.document_id(0), TRANSFORM_VERSION]
        canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(canonical, digest_size=SPEC_HASH_BYTES).hexdigest()

    @property
    def names(self) -> Mapping[str, str]:
        """What each field of the base spec is called here; those left out are missing."""
        return self.naming.names or {name: name for name in self.fields}

    @property
    def base(self) -> str:
        """The name of the spec that this one is, or extends."""
        return self.naming.extends or self.name

    @property
    def _number_fields(self) -> Sequence[dict[str, Any]]:
        return [_NUMBER] if self.naming.ids == "uuid" else []

    def transform(self, context: Context) -> Transform:
        """Return the function from records to documents; ask for it before dimensions load."""
        number = "stash_id" if self.kind == "suggestion" else "id"
        code = Code()
        own = {
            "id": f"{self.library + '-'!r} + str({RECORD}['id'])",
            "library": repr(self.library),
            "stash_id": f"{RECORD}[{number!r}]",
        }
        if self.naming.ids == "uuid":
            own["id"] = f"{code.name(self.document_id, 'document_id')}({RECORD}['id'])"
            own[NUMBER_FIELD] = f"{RECORD}['id']"
        for name in sorted([*self.fields, *own]):
            if name in own:
                code.add(name, own[name])
            else:
                write_field(code, name, *self.fields[name], context)
        return code.finish(self.name)


def compile_spec(spec: Spec, *, library: str = "main", alias_prefix: str = "") -> CompiledSpec:
    """Return the compiled spec. Raises SpecError, naming file and field, before anything opens."""
    for name in spec.fields:
        if name in RESERVED:
            raise SpecError(
                f'{spec.name}.toml: the field "{name}" is made by the indexer itself.',
                "Give the field another name.",
            )
    fields = {name: (field, parse_field(spec, name, field)) for name, field in spec.fields.items()}
    check_searches(spec)
    return CompiledSpec(spec, f"{alias_prefix}{spec.alias}", library, fields)


def compile_set(
    specs: Sequence[Spec], names: NameSet, *, library: str = "main", alias_prefix: str = ""
) -> list[CompiledSpec]:
    """Return the collections of a name set, compiled. Raises SpecError."""
    return [
        _named(compile_spec(spec, library=library, alias_prefix=alias_prefix), naming, alias_prefix)
        for spec, naming in namings(names, specs)
    ]


def _named(base: CompiledSpec, naming: Naming, alias_prefix: str) -> CompiledSpec:
    """Return a spec under other names, without the fields that these leave out.

    What only private fields that are left out read is unset for all other fields too: a title that
    falls back to the file's name would tell it.
    """
    private = {name: paths for name, (each, paths) in base.fields.items() if each.private}
    asked_for = [paths for name, paths in private.items() if name in naming.names]
    left_out = [paths for name, paths in private.items() if name not in naming.names]
    hidden = _reads(left_out) - _reads(asked_for)
    fields = {}
    for name, new_name in naming.names.items():
        each, paths = base.fields[name]
        for path in paths:
            if path.asked & hidden and not (path.shape.optional or path.shape.many):
                raise _needs_what_is_private(naming, name, path)
        fields[new_name] = each, [path.unset() if path.asked & hidden else path for path in paths]
    spec = naming.renamed(base.spec)
    return replace(
        base, spec=spec, alias=f"{alias_prefix}{spec.alias}", fields=fields, naming=naming
    )


def _needs_what_is_private(naming: Naming, name: str, path: Path) -> SpecError:
    return SpecError(
        f'{naming.name}: the field "{name}" can\'t be made without "{path.text}", '
        "which is private.",
        "Leave that field out too, or ask for the private one.",
    )


def _reads(fields: Iterable[Sequence[Path]]) -> set[tuple[Kind, str]]:
    return {one for paths in fields for path in paths for one in path.asked}


def together(asked: Iterable[Mapping[Kind, frozenset[str]]]) -> Mapping[Kind, frozenset[str]]:
    """Return all of these paths, by kind."""
    found: defaultdict[Kind, frozenset[str]] = defaultdict(frozenset)
    for each in asked:
        for kind, paths in each.items():
            found[kind] |= paths
    return found


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
