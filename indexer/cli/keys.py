"""`indexer keys`: the key that people, or a back end, search with."""

from dataclasses import asdict

import click

from indexer.cli import output
from indexer.cli.help import Command, Group
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import compiled_specs, open_typesense
from indexer.loader.keys import list_keys
from indexer.pipeline.keys import ensure_search_key
from indexer.pipeline.keys import revoke as revoke_keys
from indexer.pipeline.report import FORMAT
from indexer.settings import TYPESENSE


@click.group(cls=Group, examples=("indexer keys ensure", "indexer keys list"))
def keys() -> None:
    """Make, list and revoke API keys of Typesense."""


@keys.command(
    cls=Command,
    examples=(
        "indexer keys ensure                                  # printed, once",
        "INDEXER_SEARCH_KEY_FILE=search.key indexer keys ensure   # kept in a file",
    ),
)
@json_option
@with_common
def ensure(common: Common, *, as_json: bool) -> int:
    """See that there is a key that may search the aliases, and nothing else.

    Its value is that of the file which INDEXER_SEARCH_KEY_FILE names; where there is none yet, a
    new one is written there, readable by its owner only. Without a file it is printed, once.
    """
    settings = common.settings(TYPESENSE)
    aliases = [spec.alias for spec in compiled_specs(settings)]
    with common.listener() as emit, open_typesense(settings, emit) as typesense:
        ensured = ensure_search_key(typesense, aliases, settings.search_key_file)
    if as_json:
        output.json({"format": FORMAT, "exit_code": 0, "error": None, **asdict(ensured)})
        return 0
    state = "was made" if ensured.made else "is there"
    output.show(f"A key {state} that may search {', '.join(ensured.collections)}.")
    if ensured.value:
        output.show("It is shown this once:", ensured.value)
    elif settings.search_key_file is None:
        output.show("Its value was shown when it was made; `indexer keys revoke` it for another.")
    else:
        output.show(f"Its value is in {settings.search_key_file}.")
    return 0


@keys.command("list", cls=Command, examples=("indexer keys list",))
@json_option
@with_common
def list_all(common: Common, *, as_json: bool) -> int:
    """Show all keys but the one that Typesense was started with; no values."""
    settings = common.settings(TYPESENSE)
    with common.listener() as emit, open_typesense(settings, emit) as typesense:
        found = list_keys(typesense)
    if as_json:
        shown = [
            {name: value for name, value in asdict(key).items() if name != "start"} for key in found
        ]
        output.json({"format": FORMAT, "exit_code": 0, "error": None, "keys": shown})
        return 0
    table = output.table("id", "description", "may", "on", numbers=["id"])
    for key in found:
        collections = ", ".join(key.collections)
        table.add_row(str(key.id), key.description, ", ".join(key.actions), collections)
    output.show(table)
    return 0


@keys.command(
    cls=Command, examples=("indexer keys revoke 3", 'indexer keys revoke "indexer: search"')
)
@click.argument("which", metavar="ID|DESCRIPTION")
@json_option
@with_common
def revoke(common: Common, which: str, *, as_json: bool) -> int:
    """Revoke the key of an id, or all keys of a description.

    A file that holds its value is left alone: remove it, else `keys ensure` makes the same again.
    """
    settings = common.settings(TYPESENSE)
    with common.listener() as emit, open_typesense(settings, emit) as typesense:
        gone = revoke_keys(typesense, which)
    if as_json:
        numbers = [key.id for key in gone]
        output.json({"format": FORMAT, "exit_code": 0, "error": None, "revoked": numbers})
    else:
        output.show(*(f"Revoked {key.id}: {key.description}" for key in gone))
    return 0
