"""Collection specs: the TOML files that say what a collection holds, read and checked for form.

Whether paths and converters exist and fit is checked by check.py.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, field_validator

from indexer.errors import ConfigurationError, SpecError
from indexer.records import RECORD_TYPES, Kind
from indexer.transformer.strict import NAME, WHAT_A_NAME_IS, Name, Names, Strict, as_tuple, load

FieldType: TypeAlias = Literal[
    "string",
    "string[]",
    "int32",
    "int32[]",
    "int64",
    "int64[]",
    "float",
    "float[]",
    "bool",
]
_ORDER = list(RECORD_TYPES)
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class FieldSpec(Strict):
    """One field of a collection, as written in the spec.

    `from` names one record path or several: a converter gets them all, without one (or with one
    that takes a single value) the first that is set counts. `{id}` in a default is the record's id.
    `always` fields are in every document, 0 or false where unset; `stored` ones can be shown but
    not searched, and are absent where unset. Numbers can be sorted by unless `sort` says no, text
    only if it says yes. Name sets leave `private` ones out unless they ask for them.
    """

    type: FieldType
    paths: tuple[str, ...] = Field(alias="from")
    convert: str | None = None
    default: str | int | float | None = None
    facet: bool = False
    sort: bool | None = None
    stored: bool = False
    always: bool = False
    private: bool = False

    @field_validator("paths", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else as_tuple(value)


class Gates(Strict):
    """The shares that a run may not pass; each also needs more than 10 documents to trip."""

    max_refused: Share = 0.001
    max_unknown: Share = 0.001
    max_shrink: Share = 0.10
    max_thinner: Share = 0.10


class Canary(Strict):
    """A search that has to find something in the new collection before the alias moves."""

    q: str = "*"
    query_by: str | None = None
    facet_by: str | None = None
    min_found: int = Field(1, ge=0)
    min_facet_values: int = Field(0, ge=0)


class Spec(Strict):
    """A collection spec; `name` is its file's."""

    name: str
    alias: Name
    record: Kind
    default_sorting_field: str | None = None
    token_separators: Names = ()
    fields: dict[str, FieldSpec]
    gates: Gates = Gates()
    canaries: Annotated[tuple[Canary, ...], BeforeValidator(as_tuple)] = ()

    @field_validator("token_separators")
    @classmethod
    def _single_signs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [each for each in value if len(each) != 1 or not each.isascii()]:
            raise ValueError(f"each must be one sign of ASCII, which {wrong[0]!r} is not")
        return value

    @field_validator("fields")
    @classmethod
    def _plain_names(cls, value: dict[str, FieldSpec]) -> dict[str, FieldSpec]:
        """Anything else is a mistake, or a pattern: the server takes `tag_*` for many fields."""
        if not value:
            raise ValueError("there must be at least one field")
        if wrong := [name for name in value if not re.match(NAME, name)]:
            told = ", ".join(f'"{name}"' for name in wrong)
            raise ValueError(f"{told} can't be a field's name, which is {WHAT_A_NAME_IS}")
        return value


def load_specs(directory: Path) -> list[Spec]:
    """Return the specs of a directory, scenes first: they feed the counts. Raises SpecError."""
    files = sorted(directory.glob("*.toml"))
    if not files:
        raise ConfigurationError(
            f"There is no collection spec (*.toml) in {directory}.",
            "Point INDEXER_COLLECTIONS_DIR at a directory that has some, or leave it unset.",
        )
    specs = [load_spec(file) for file in files]
    _refuse_shared_aliases(specs, directory)
    return sorted(specs, key=lambda spec: (_ORDER.index(spec.record), spec.name))


def load_spec(file: Path) -> Spec:
    """Return one spec. Raises SpecError, naming file and field."""
    return load(file, Spec)


def _refuse_shared_aliases(specs: Sequence[Spec], directory: Path) -> None:
    seen: dict[str, str] = {}
    for spec in specs:
        if spec.alias in seen:
            raise SpecError(
                f"{spec.name}.toml and {seen[spec.alias]}.toml in {directory} both have the alias "
                f'"{spec.alias}".',
                "Give each collection an alias of its own.",
            )
        seen[spec.alias] = spec.name
