"""`indexer reindex`: build new collections and move the aliases to them."""

from collections.abc import Sequence
from datetime import UTC, datetime

import click
from rich.table import Table

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import compiled_specs, open_stash, open_typesense
from indexer.errors import EXIT_OK
from indexer.pipeline.reindex import rehearse
from indexer.pipeline.reindex import reindex as run_reindex
from indexer.pipeline.report import CollectionReport, RunReport
from indexer.pipeline.run import Run
from indexer.settings import STASH, TYPESENSE

EXAMPLES = (
    "indexer reindex                       # all collections",
    "indexer reindex performers --keep 2   # one, keeping two earlier ones",
    "indexer reindex --dry-run --json      # read and transform everything, write nothing",
)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--keep", metavar="N", help="How many earlier collections to keep [default: 1].")
@click.option(
    "--allow-shrink",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Swap even if up to N documents fewer than now would be found.",
)
@click.option("--dry-run", is_flag=True, help="Read and transform everything, write nothing.")
@json_option
@with_common
def reindex(
    common: Common,
    names: Sequence[str],
    keep: str | None,
    allow_shrink: int,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Build collections anew and swap them live.

    Each is built beside the one that is searched, and checked before the swap.

    NAME is a collection's name, such as scenes; all of them unless named.
    """
    settings = common.settings([*STASH, *TYPESENSE], keep=keep)
    specs = compiled_specs(settings)
    with (
        common.listener() as emit,
        open_stash(settings, emit) as source,
        open_typesense(settings, emit) as typesense,
    ):
        run = Run(source, typesense, specs, emit, settings.dead_letters, datetime.now(UTC))
        if dry_run:
            report = rehearse(run, names)
        else:
            report = run_reindex(run, names, keep=settings.keep, allow_shrink=allow_shrink)
    if as_json:
        output.json(report.as_json())
    else:
        _show(report)
    return report.exit_code


def _show(report: RunReport) -> None:
    if report.collections:
        notes = [line for entry in report.collections for line in _notes(entry)]
        output.show(_summary(report.collections), "", *notes, _last_line(report))
    errors = [report.error, *(entry.error for entry in report.collections)]
    for error in errors:
        if error is not None:
            output.error(error.message, error.hint)


def _summary(entries: Sequence[CollectionReport]) -> Table:
    numbers = ("read", "loaded", "refused", "deleted", "documents", "seconds")
    table = output.table("collection", "state", *numbers, numbers=numbers)
    for entry in entries:
        counts = (entry.read, entry.loaded, entry.refused, entry.deleted, entry.documents)
        shown = [output.number(count) for count in counts]
        table.add_row(entry.name, entry.state, *shown, f"{entry.seconds:.1f}")
    return table


def _notes(entry: CollectionReport) -> list[str]:
    """Return what there is to say of a collection beside its counts."""
    notes = []
    if entry.swapped:
        notes.append(f"{entry.alias}: {entry.previous or 'nothing'} -> {entry.collection}")
    elif entry.collection:
        notes.append(f"{entry.alias}: stays as it is; {entry.collection} is there to be looked at")
    notes += [
        f'{entry.name}: the gate "{gate.name}" saw {gate.seen:g}, limit {gate.limit:g}'
        for gate in entry.gates
        if not gate.ok
    ]
    if entry.dead_letters:
        notes.append(f"{entry.name}: refused documents are in {entry.dead_letters}")
    return notes


def _last_line(report: RunReport) -> str:
    states = [entry.state for entry in report.collections]
    told = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    outcome = (
        "Done" if report.exit_code == EXIT_OK else f"Finished with exit code {report.exit_code}"
    )
    return f"{outcome}: {told}."
