"""`indexer prune`: drop collections that nobody needs any more."""

from collections.abc import Sequence

import click

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.run_options import keep_option, names_argument
from indexer.cli.servers import open_run
from indexer.cli.summary import show_errors
from indexer.pipeline.prune import prune as run_prune
from indexer.pipeline.report import RunReport
from indexer.settings import STASH, TYPESENSE

EXAMPLES = (
    "indexer prune                  # as each run does at its end",
    "indexer prune scenes --keep 0  # every earlier collection of one alias",
)


@click.command(cls=Command, examples=EXAMPLES)
@names_argument
@keep_option
@json_option
@with_common
def prune(common: Common, names: Sequence[str], keep: str | None, *, as_json: bool) -> int:
    """Drop spare collections and say why.

    Those that were live, beyond the ones to keep; refused ones but the newest; and what was half
    built and left alone for a day. An alias that is held keeps all that were live. Stash is not
    asked.

    NAME is a collection's name, such as scenes; all of them unless named.
    """
    settings = common.settings([*STASH, *TYPESENSE], keep=keep)
    with open_run(common, settings) as run:
        report = run_prune(run, names, keep=settings.keep)
    if as_json:
        output.json(report.as_json())
    else:
        _show(report)
    return report.exit_code


def _show(report: RunReport) -> None:
    table = output.table("alias", "dropped", "because")
    for entry in report.collections:
        for name, reason in entry.dropped.items():
            table.add_row(entry.alias, name, reason)
    output.show(table if table.row_count else "Nothing was dropped.")
    show_errors(report)
