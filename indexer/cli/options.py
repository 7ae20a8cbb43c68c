"""What every command takes, before or after its name, and what comes of it."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeAlias

import click

from indexer.cli.progress import Log, listening
from indexer.events import Emit
from indexer.origins import Reading, read_settings
from indexer.settings import Settings

_FLAGS = (
    "stash_url",
    "typesense_url",
    "alias_prefix",
    "library",
    "collections_dir",
    "names",
    "dead_letters",
    "source",
    "page_size",
    "retry_seconds",
)
"""The settings that can be given as flags: keys can't, other people see a program's flags."""

SETTING = "setting_"
"""Goes before the names that such flags have for click: a command may have a parameter so named."""

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(frozen=True)
class Common:
    """What was given of the options that every command takes."""

    flags: Mapping[str, str]
    config: Path | None
    log: Log

    def settings(self, needs: Iterable[str] = (), **flags: str | None) -> Settings:
        """Return the settings, of which `needs` are set; `flags` are a command's own.

        Raises:
            ConfigurationError: listing all that is wrong and all that is missing at once.
        """
        own = {name: value for name, value in flags.items() if value is not None}
        return read_settings({**self.flags, **own}, self.config).checked(needs)

    def reading(self) -> Reading:
        """Return the settings as far as they are right, and what is wrong with them."""
        return read_settings(self.flags, self.config)

    def listener(self) -> AbstractContextManager[Emit]:
        """Tell on stderr what happens, in the form that --log asks for."""
        return listening(self.log)


def common_options(*, hidden: bool) -> Decorator:
    """Add the options that every command takes; `hidden` leaves them out of its help."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(_options(hidden=hidden)):
            function = option(function)
        return function

    return add


def with_common(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command what was given of the options that every command takes."""

    @common_options(hidden=True)
    @wraps(function)
    def command(**options: Any) -> int:
        given = dict(click.get_current_context().find_root().params)
        settings = {name: SETTING + name for name in _FLAGS}
        for name in (*settings.values(), "config", "log", "debug"):
            given[name] = options.pop(name) or given[name]
        flags = {
            name: str(given[key]) for name, key in settings.items() if given.get(key) is not None
        }
        common = Common(flags, given["config"], given["log"] or "auto")
        return function(common, **options)

    return command


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object, on failure too."
)


def _options(*, hidden: bool) -> list[Decorator]:
    fields = Settings.model_fields
    settings = [
        click.option(
            f"--{name.replace('_', '-')}",
            SETTING + name,
            metavar="VALUE",
            help=fields[name].description,
            hidden=hidden,
        )
        for name in _FLAGS
    ]
    return [
        *settings,
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            help="the settings file [default: indexer.toml, if there is one]",
            hidden=hidden,
        ),
        click.option(
            "--log",
            type=click.Choice(["auto", "plain", "json"]),
            help="how to tell on stderr what happens [default: auto, a bar on a terminal]",
            hidden=hidden,
        ),
        click.option("--debug", is_flag=True, help="show the traceback of an error", hidden=hidden),
    ]
