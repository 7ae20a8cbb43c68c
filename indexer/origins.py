"""Reads the settings from everywhere: flag > environment > file > default.

The file is `indexer.toml` in the working directory, or the one that --config or INDEXER_CONFIG
names; its keys are the names of the settings. Each secret can also be in a file of its own, which
<VARIABLE>_FILE names. A variable that is empty counts as not set.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from indexer.errors import ConfigurationError
from indexer.settings import PREFIX, SECRETS, Settings, missing, secret_file_variable, variable

DEFAULT_FILE = Path("indexer.toml")
FILE_VARIABLE = "INDEXER_CONFIG"

_Layer: TypeAlias = dict[str, tuple[Any, str]]
"""Values by the name of their setting, each with its origin."""


@dataclass(frozen=True)
class Problem:
    """What is wrong; where a setting was given whose value can't be used, its name and origin."""

    told: str
    setting: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Reading:
    """The settings as far as they can be used, where each came from, and what is wrong."""

    settings: Settings
    origins: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def wrong(self) -> frozenset[str]:
        """The names of the settings that were given and can't be used."""
        return frozenset(problem.setting for problem in self.problems if problem.setting)

    def checked(self, needs: Iterable[str] = ()) -> Settings:
        """Return the settings, of which `needs` are set.

        Raises:
            ConfigurationError: listing all that is wrong and all that is missing at once.
        """
        if error := self.error(needs):
            raise error
        return self.settings

    def error(self, needs: Iterable[str] = ()) -> ConfigurationError | None:
        """Return the error that lists all that is wrong and all that is missing, if anything."""
        absent = missing(self.settings, [name for name in needs if name not in self.wrong])
        problems = [*(problem.told for problem in self.problems), *absent]
        if not problems:
            return None
        message = problems[0]
        if len(problems) > 1:
            message = "\n  ".join([f"{len(problems)} settings are missing or wrong:", *problems])
        return ConfigurationError(message, "`indexer config show` lists all settings by name.")


def read_settings(flags: Mapping[str, str], file: Path | None = None) -> Reading:
    """Read the settings from everywhere; what is wrong is left out and told as a problem."""
    problems: list[Problem] = []
    given = {name: (value, f"flag --{name.replace('_', '-')}") for name, value in flags.items()}
    layers = (_file_layer(file, problems), _environment_layer(problems), given)
    merged: _Layer = {}
    for layer in layers:
        merged |= layer
    settings = _validated(merged, problems)
    origins = dict.fromkeys(Settings.model_fields, "default")
    origins |= {name: origin for name, (_, origin) in merged.items()}
    origins |= {problem.setting: problem.origin for problem in problems if problem.setting}
    return Reading(settings, origins, tuple(problems))


def _validated(merged: _Layer, problems: list[Problem]) -> Settings:
    """Return the settings; values that are wrong are taken out of `merged`, with a problem each."""
    try:
        return Settings(**{name: value for name, (value, _) in merged.items()})
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            name = str(detail["loc"][0])
            _, origin = merged.pop(name)
            reason = detail["msg"].removeprefix("Value error, ")
            told = f"The setting {name} ({origin}) is wrong: {reason}."
            problems.append(Problem(told, name, origin))
    return _validated(merged, problems)


def _environment_layer(problems: list[Problem]) -> _Layer:
    names = {variable(name) for name in Settings.model_fields} | {FILE_VARIABLE}
    names |= {secret_file_variable(name) for name in SECRETS}
    unknown = [name for name in os.environ if name.startswith(PREFIX) and name not in names]
    told = [f"{name} is no setting{_nearest(name, names)}" for name in sorted(unknown)]
    problems += map(Problem, told)
    found = EnvSettingsSource(Settings)()
    layer = {name: (value, f"environment {variable(name)}") for name, value in found.items()}
    for name in SECRETS:
        key = secret_file_variable(name)
        path = os.environ.get(key)
        if path and name in layer:
            twice = f"{variable(name)} and {key} are both set: keep one of them."
            problems.append(Problem(twice))
        elif path:
            _read_secret(Path(path), name, layer, problems)
    return layer


def _read_secret(path: Path, name: str, layer: _Layer, problems: list[Problem]) -> None:
    """Put the secret in a file among the values, or tell a problem."""
    key = secret_file_variable(name)
    try:
        secret = path.read_text("utf-8").rstrip("\r\n")
        reason = "" if secret else "is empty"
    except (OSError, UnicodeDecodeError) as error:
        secret = ""
        reason = f"can't be read: {error.strerror if isinstance(error, OSError) else 'not UTF-8'}"
    if secret:
        layer[name] = (secret, f"environment {key}")
    else:
        told = f"{key} names {path}, which {reason}."
        problems.append(Problem(told, name, f"environment {key}"))


def _file_layer(file: Path | None, problems: list[Problem]) -> _Layer:
    named = file or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    if named is None and not DEFAULT_FILE.exists():
        return {}
    path = named or DEFAULT_FILE
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        problems.append(Problem(f"The settings file {path} can't be read: {reason}."))
        return {}
    known = set(Settings.model_fields)
    unknown = [name for name in values if name not in known]
    told = [f"{path}: {name} is no setting{_nearest(name, known)}" for name in unknown]
    problems += map(Problem, told)
    return {name: (value, str(path)) for name, value in values.items() if name in known}


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else "."
