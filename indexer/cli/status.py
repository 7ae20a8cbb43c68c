"""`indexer status`: what is live, and since when."""

import time

import click
from rich.table import Table

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import compiled_specs, open_stash, open_typesense
from indexer.pipeline.status import AliasStatus, StatusReport, Stored
from indexer.pipeline.status import status as read_status
from indexer.retries import ONCE
from indexer.settings import STASH, TYPESENSE

EXAMPLES = (
    "indexer status          # aliases, the collections behind them, spare ones, versions",
    "indexer status --json   # the same for a program",
)


@click.command(cls=Command, examples=EXAMPLES)
@json_option
@with_common
def status(common: Common, *, as_json: bool) -> int:
    """Show what is live, since when, and what is spare.

    The versions of both servers come along.
    """
    settings = common.settings([*STASH, *TYPESENSE])
    specs = compiled_specs(settings)
    with (
        common.listener() as emit,
        open_stash(settings, emit, patience=ONCE) as source,
        open_typesense(settings, emit, patience=ONCE) as typesense,
    ):
        report = read_status(source, typesense, specs, now=int(time.time()))
    if as_json:
        output.json(report.as_json())
    else:
        _show(report)
    return report.exit_code


def _show(report: StatusReport) -> None:
    servers = [
        f"{each.name} {each.version or '(version not told)'} at {each.url}"
        for each in report.servers
        if each.version is not None
    ]
    output.show(_aliases(report), "", *servers)
    for server in report.servers:
        if server.error is not None:
            output.error(server.error.message, server.error.hint)


def _aliases(report: StatusReport) -> Table:
    table = output.table(
        "alias", "collection", "documents", "age", "", numbers=["documents", "age"]
    )
    for alias in report.aliases:
        if alias.live is None:
            table.add_row(alias.alias, alias.target or "-", "-", "-", _note(alias))
        else:
            table.add_row(alias.alias, *_figures(alias.live, report.now), _note(alias))
        for spare in alias.spare:
            table.add_row("", *_figures(spare, report.now), "spare")
    return table


def _figures(stored: Stored, now: int) -> tuple[str, str, str]:
    age = output.age(now - stored.created_at)
    return stored.collection, output.number(stored.documents), age


def _note(alias: AliasStatus) -> str:
    if alias.target is None:
        return "no such alias yet"
    if alias.live is None:
        return "its collection is gone"
    return "live" if alias.current else "live, of another spec"
