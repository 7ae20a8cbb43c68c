"""Collection specs: the TOML files that say what a collection holds, read and checked for form.

Whether paths and converters exist and fit is checked by compile.py.
"""

import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from indexer.errors import ConfigurationError, SpecError
from indexer.records import RECORD_TYPES, Kind

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
NAME = r"^[a-z][a-z0-9_]{0,60}$"
_WHAT_A_NAME_IS = "a letter from a to z, then up to 60 of a to z, 0 to 9 and _"
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FieldSpec(_Strict):
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
        if isinstance(value, str):
            return (value,)
        return tuple(value) if isinstance(value, list) else value


class Gates(_Strict):
    """The shares that a run may not pass; each also needs more than 10 documents to trip."""

    max_refused: Share = 0.001
    max_unknown: Share = 0.001
    max_shrink: Share = 0.10
    max_thinner: Share = 0.10


class Canary(_Strict):
    """A search that has to find something in the new collection before the alias moves."""

    q: str = "*"
    query_by: str | None = None
    facet_by: str | None = None
    min_found: int = Field(1, ge=0)
    min_facet_values: int = Field(0, ge=0)


class Spec(_Strict):
    """A collection spec; `name` is its file's."""

    name: str
    alias: str = Field(pattern=NAME)
    record: Kind
    default_sorting_field: str | None = None
    token_separators: tuple[str, ...] = ()
    fields: dict[str, FieldSpec]
    gates: Gates = Gates()
    canaries: tuple[Canary, ...] = ()

    @field_validator("token_separators", "canaries", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

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
            raise ValueError(f"{told} can't be a field's name, which is {_WHAT_A_NAME_IS}")
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
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{file.name} is not valid TOML: {error}.", "Mend that line.") from error
    except OSError as error:
        raise SpecError(f"{file} can't be read: {error}.", "Make it readable.") from error
    if "name" in content:
        raise SpecError(
            f'{file.name} is wrong: unknown key "name".',
            "Take it away: a spec is named as its file is.",
        )
    try:
        return Spec.model_validate(content | {"name": file.stem})
    except ValidationError as error:
        raise as_spec_error(file, error) from error


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


def as_spec_error(file: Path, error: ValidationError) -> SpecError:
    """Return the error of a file that doesn't have the form it should."""
    problems = "; ".join(_describe(problem) for problem in error.errors())
    return SpecError(
        f"{file.name} is wrong: {problems}.",
        "Mend it; `indexer schema show NAME` shows how a spec is understood.",
    )


def _describe(problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f'unknown key "{place}"{_suggestion(problem["loc"])}'
    if problem["type"] == "missing":
        return f'"{place}" is missing'
    return f'"{place}": {problem["msg"].removeprefix("Value error, ")}'


def _suggestion(place: tuple[str | int, ...]) -> str:
    models: dict[str, type[BaseModel]] = {
        "fields": FieldSpec,
        "gates": Gates,
        "canaries": Canary,
    }
    model = models.get(str(place[0]), Spec)
    known = [field.alias or name for name, field in model.model_fields.items() if name != "name"]
    close = get_close_matches(str(place[-1]), known, n=1)
    return f' (did you mean "{close[0]}"?)' if close else f" (known: {', '.join(known)})"
