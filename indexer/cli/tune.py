"""`indexer tune`: search behaviour on the server beside what the files say."""

from collections.abc import Sequence
from dataclasses import asdict

import click
import orjson

from indexer.cli import output
from indexer.cli.help import Command, Group
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.run_options import names_argument
from indexer.cli.servers import compiled_specs, open_run, open_typesense
from indexer.cli.summary import tell
from indexer.errors import EXIT_DRIFT, EXIT_OK
from indexer.pipeline.report import FORMAT
from indexer.pipeline.run import choose
from indexer.pipeline.tuning import Difference, apply_tuning, tuning_differences
from indexer.settings import STASH, TYPESENSE

ABSENT = "-"


@click.group(cls=Group, examples=("indexer tune diff", "indexer tune apply scenes"))
def tune() -> None:
    """Compare presets, synonyms and stop words with the files, or put them on the server."""


@tune.command(cls=Command, examples=("indexer tune diff scenes   # Stash is not asked",))
@names_argument
@json_option
@with_common
def diff(common: Common, names: Sequence[str], *, as_json: bool) -> int:
    """Show what files and server have differently; exit code 8 if anything.

    The server's side is what people search with now. NAME is a collection's name, such as scenes;
    all of them unless named.
    """
    settings = common.settings(TYPESENSE)
    specs = choose(compiled_specs(settings), names)
    with common.listener() as emit, open_typesense(settings, emit) as typesense:
        found = tuning_differences(typesense, specs)
    code = EXIT_DRIFT if found else EXIT_OK
    if as_json:
        shown = [asdict(each) for each in found]
        output.json({"format": FORMAT, "exit_code": code, "error": None, "differences": shown})
    else:
        _show(found)
    return code


@tune.command(cls=Command, examples=("indexer tune apply   # Stash is not asked",))
@names_argument
@json_option
@with_common
def apply(common: Common, names: Sequence[str], *, as_json: bool) -> int:
    """Put the files' search behaviour on the server, for what people search now.

    sync and reindex do so too. NAME is a collection's name, such as scenes; all of them unless
    named.
    """
    settings = common.settings([*STASH, *TYPESENSE])
    with open_run(common, settings) as run:
        return tell(apply_tuning(run, names), as_json=as_json)


def _show(found: Sequence[Difference]) -> None:
    if not found:
        output.show("Files and server say the same.")
        return
    table = output.table("alias", "what", "key", "in the file", "on the server")
    for each in found:
        table.add_row(each.alias, each.what, each.key, _text(each.file), _text(each.server))
    output.show(table)


def _text(value: object) -> str:
    if value is None:
        return ABSENT
    return value if isinstance(value, str) else orjson.dumps(value).decode()
