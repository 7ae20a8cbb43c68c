"""`indexer config show`: the settings, and where each came from."""

import click
from pydantic import SecretStr

from indexer.cli import output
from indexer.cli.help import Command, Group
from indexer.cli.options import Common, json_option, with_common
from indexer.pipeline.report import FORMAT
from indexer.settings import Settings, variable, without_password

HIDDEN = "(hidden)"


@click.group(cls=Group, examples=("indexer config show",))
def config() -> None:
    """Show the settings."""


@config.command(cls=Command, examples=("indexer config show   # needs no server",))
@json_option
@with_common
def show(common: Common, *, as_json: bool) -> int:
    """Print each setting and where it came from; keys are hidden."""
    reading = common.reading()
    settings = reading.checked()
    values = {name: _shown(settings, name) for name in Settings.model_fields}
    if as_json:
        entries = [
            {"name": name, "variable": variable(name), "value": value, "origin": origin}
            for (name, value), origin in zip(values.items(), reading.origins.values(), strict=True)
        ]
        output.json({"format": FORMAT, "exit_code": 0, "error": None, "settings": entries})
        return 0
    table = output.table("setting", "value", "from", "variable")
    for name, value in values.items():
        table.add_row(name, value or "-", reading.origins[name], variable(name))
    output.show(table)
    return 0


def _shown(settings: Settings, name: str) -> str:
    value = settings.specs_dir if name == "collections_dir" else getattr(settings, name)
    if isinstance(value, SecretStr):
        return HIDDEN
    if name.endswith("_url"):
        return without_password(str(value))
    return "" if value is None else str(value)
