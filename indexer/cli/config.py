"""`indexer config show`: the settings, and where each came from."""

import click
from pydantic import SecretStr

from indexer.cli import output
from indexer.cli.help import Command, Group
from indexer.cli.options import Common, json_option, with_common
from indexer.errors import EXIT_OK, ConfigurationError
from indexer.origins import Reading
from indexer.pipeline.report import FORMAT, error_as_json
from indexer.settings import Settings, variable, without_password

HIDDEN = "(hidden)"
WRONG = "(wrong)"
HINT = "Mend what is named; the other settings are as shown."


@click.group(cls=Group, examples=("indexer config show",))
def config() -> None:
    """Show the settings."""


@config.command(cls=Command, examples=("indexer config show   # needs no server",))
@json_option
@with_common
def show(common: Common, *, as_json: bool) -> int:
    """Print each setting and where it came from; keys are hidden.

    What is wrong is told as well: exit code 2.
    """
    reading = common.reading()
    error = _error(reading)
    code = error.exit_code if error else EXIT_OK
    entries = [_entry(reading, name) for name in Settings.model_fields]
    if as_json:
        shown = {"format": FORMAT, "exit_code": code, "error": error_as_json(error)}
        output.json(shown | {"settings": entries})
    else:
        table = output.table("setting", "value", "from", "variable")
        for entry in entries:
            table.add_row(entry["name"], entry["value"] or "-", entry["origin"], entry["variable"])
        output.show(table)
    if error:
        output.error(error.message, error.hint)
    return code


def _error(reading: Reading) -> ConfigurationError | None:
    """Return what is wrong with the settings; its usual hint is the command that tells it here."""
    error = reading.error()
    return ConfigurationError(error.message, HINT) if error else None


def _entry(reading: Reading, name: str) -> dict[str, str]:
    value = WRONG if name in reading.wrong else _shown(reading.settings, name)
    return {
        "name": name,
        "variable": variable(name),
        "value": value,
        "origin": reading.origins[name],
    }


def _shown(settings: Settings, name: str) -> str:
    value = settings.specs_dir if name == "collections_dir" else getattr(settings, name)
    if isinstance(value, SecretStr):
        return HIDDEN
    if name.endswith("_url"):
        return without_password(str(value))
    return "" if value is None else str(value)
