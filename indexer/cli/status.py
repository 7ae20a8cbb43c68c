"""`indexer status`: what is live, since when, and whether the runs do their work."""

import time
from collections.abc import Iterator

import click
from rich.table import Table

from indexer.cli import output
from indexer.cli.durations import seconds
from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import compiled_specs, open_stash, open_typesense
from indexer.loader.runs import PastRun
from indexer.pipeline.room import megabytes
from indexer.pipeline.status import AliasStatus, ServerStatus, StatusReport, Stored
from indexer.pipeline.status import status as read_status
from indexer.retries import ONCE
from indexer.settings import STASH, TYPESENSE

EXAMPLES = (
    "indexer status                # what is live, the last runs, spare collections, memory",
    "indexer status --max-age 36h  # exit code 9 if the last good run is longer ago",
    "indexer status --json         # the same for a program",
)


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "--max-age",
    type=seconds,
    metavar="TIME",
    help="Exit with 9 where the last good run is longer ago, such as 36h.",
)
@json_option
@with_common
def status(common: Common, max_age: float | None, *, as_json: bool) -> int:
    """Show what is live, since when, and what is spare.

    Beside it: how many there are in Stash, what the last runs came to, who is held, memory, and
    the versions of both servers.
    """
    settings = common.settings([*STASH, *TYPESENSE])
    specs = compiled_specs(settings)
    with (
        common.listener() as emit,
        open_stash(settings, emit, patience=ONCE) as source,
        open_typesense(settings, emit, patience=ONCE) as typesense,
    ):
        report = read_status(source, typesense, specs, int(time.time()), max_age)
    if as_json:
        output.json(report.as_json())
    else:
        _show(report)
    return report.exit_code


def _show(report: StatusReport) -> None:
    notes = [line for alias in report.aliases for line in _notes(alias, report.now)]
    servers = [line for each in report.servers for line in _server(each)]
    output.show(_aliases(report), "", *notes, "", *servers, _memory(report))
    for error in report.errors:
        output.error(error.message, error.hint)


def _aliases(report: StatusReport) -> Table:
    numbers = ("documents", "in Stash", "age")
    table = output.table("alias", "collection", *numbers, "", numbers=numbers)
    for alias in report.aliases:
        in_stash = output.number(alias.source_count)
        if alias.live is None:
            table.add_row(alias.alias, alias.target or "-", "-", in_stash, "-", _state(alias))
        else:
            name, documents, age = _figures(alias.live, report.now)
            table.add_row(alias.alias, name, documents, in_stash, age, _state(alias))
        for spare in alias.spare:
            name, documents, age = _figures(spare, report.now)
            table.add_row("", name, documents, "", age, spare.state)
    return table


def _figures(stored: Stored, now: int) -> tuple[str, str, str]:
    age = output.age(now - stored.created_at)
    return stored.collection, output.number(stored.documents), age


def _state(alias: AliasStatus) -> str:
    if alias.hidden:
        return "hidden by a collection of that name"
    if alias.target is None:
        return "no such alias yet"
    if alias.live is None:
        return "its collection is gone"
    return "live" if alias.current else "live, of another spec"


def _notes(alias: AliasStatus, now: int) -> Iterator[str]:
    """Yield what became of the last runs, and what keeps the next."""
    good, last = alias.last_good, alias.last_run
    if good is None:
        yield f"{alias.name}: no good run yet"
    else:
        refused = f", {alias.refused:,} documents refused" if alias.refused else ""
        yield f"{alias.name}: last good run {_when(good, now)}{refused}"
    if last is not None and last != good:
        yield f"{alias.name}: last run {_when(last, now)}, exit code {last.exit_code}" + (
            f": {last.error_message}" if last.error_message else ""
        )
    if alias.held is not None:
        since = output.age(now - alias.held.since)
        yield f"{alias.name}: held for {since}: {alias.held.reason}; `indexer release {alias.name}`"


def _when(run: PastRun, now: int) -> str:
    return f"{output.age(now - run.finished)} ago ({run.command})"


def _server(server: ServerStatus) -> Iterator[str]:
    if server.version is not None:
        yield f"{server.name} {server.version or '(version not told)'} at {server.url}"
    if server.unsettled is not None:
        yield f"{server.name} is not at rest, the figures may not be all: {server.unsettled}"


def _memory(report: StatusReport) -> str:
    used, free = megabytes(report.memory.typesense_used), megabytes(report.memory_free)
    return f"Typesense uses {used} of memory; {free} are free"
