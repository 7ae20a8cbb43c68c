"""Files of TOML with a strict form: read in one way, their mistakes told in one way."""

import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from indexer.errors import SpecError

NAME = r"^[a-z][a-z0-9_]{0,60}$"
WHAT_A_NAME_IS = "a letter from a to z, then up to 60 of a to z, 0 to 9 and _"

Model = TypeVar("Model", bound=BaseModel)


def as_tuple(value: object) -> object:
    """Take a list, which is all that TOML has, for a tuple."""
    return tuple(value) if isinstance(value, list) else value


Name: TypeAlias = Annotated[str, Field(pattern=NAME)]
Names: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]


class Strict(BaseModel):
    """A part of such a file: no other keys, no other types, and never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def load(file: Path, model: type[Model], shown: str = "") -> Model:
    """Return a file's content; a model that has a `name` gets the file's.

    `shown` is what messages call the file, its name if they aren't told.

    Raises:
        SpecError: the file can't be read or has another form; all mistakes are told, with places.
    """
    shown = shown or file.name
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{shown} is not valid TOML: {error}.", "Mend that line.") from error
    except OSError as error:
        raise SpecError(f"{file} can't be read: {error}.", "Make it readable.") from error
    if "name" in model.model_fields:
        if "name" in content:
            hint = "Take it away: what a file holds is named as the file is."
            raise SpecError(f'{shown} is wrong: unknown key "name".', hint)
        content["name"] = file.stem
    try:
        return model.model_validate(content)
    except ValidationError as error:
        told = "; ".join(_describe(problem, model) for problem in error.errors())
        hint = "Mend it; the files in collections/ that came along show what goes into one."
        raise SpecError(f"{shown} is wrong: {told}.", hint) from error


def _describe(problem: Any, model: type[BaseModel]) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f'unknown key "{place}"{_suggestion(problem["loc"], model)}'
    if problem["type"] == "missing":
        return f'"{place}" is missing'
    return f'"{place}": {problem["msg"].removeprefix("Value error, ")}'


def _suggestion(place: Sequence[str | int], model: type[BaseModel]) -> str:
    for part in place[:-1]:
        inner = _keys(model).get(str(part))
        model = next(_models(inner), model)
    known = [key for key in _keys(model) if key != "name"]
    close = get_close_matches(str(place[-1]), known, n=1)
    return f' (did you mean "{close[0]}"?)' if close else f" (known: {', '.join(known)})"


def _keys(model: type[BaseModel]) -> dict[str, object]:
    """Return a model's keys as files have them, and what type each is of."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models within a type, such as that of `dict[str, Words]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
