"""`indexer verify`: is what people search what Stash has?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.table import Table

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.report_file import reporting
from indexer.cli.run_options import (
    names_argument,
    older_source_option,
    report_option,
    wait_for_option,
)
from indexer.cli.servers import open_run
from indexer.cli.summary import show_errors
from indexer.errors import EXIT_OK
from indexer.loader.dead_letters import check_directory
from indexer.pipeline.repair import repair as run_repair
from indexer.pipeline.verify import MAX_EXAMPLES, Drift, VerifyReport
from indexer.pipeline.verify import verify as run_verify
from indexer.settings import STASH, TYPESENSE

EXAMPLES = (
    "indexer verify                  # compares digests, writes nothing",
    "indexer verify scenes --deep    # every stored field of one collection",
    "indexer verify --repair         # mends what differs, then looks again",
)


@click.command(cls=Command, examples=EXAMPLES)
@names_argument
@click.option("--repair", is_flag=True, help="Mend what differs, then look again.")
@click.option("--deep", is_flag=True, help="Compare every stored field, not only digests.")
@wait_for_option
@older_source_option
@report_option
@json_option
@with_common
def verify(
    common: Common,
    names: Sequence[str],
    wait_for: float,
    report: Path | None,
    *,
    repair: bool,
    deep: bool,
    older_source: bool,
    as_json: bool,
) -> int:
    """Compare what people search with Stash.

    What differs is looked at twice, counted, and up to 20 ids are shown; exit code 8.

    NAME is a collection's name, such as scenes; all of them unless named.
    """
    with reporting(report) as written:
        settings = common.settings([*STASH, *TYPESENSE])
        if repair:
            check_directory(settings.dead_letters)
        with open_run(common, settings, wait_for=wait_for, older_source=older_source) as run:
            found = run_verify(run, names, deep=deep)
            if repair and found.drifted:
                mended = run_repair(run, found, keep=settings.keep)
                found = replace(run_verify(run, names, deep=deep), mended=mended)
        written(found)
    if as_json:
        output.json(found.as_json())
    else:
        _show(found)
    show_errors(found.mended)
    return found.exit_code


def _show(found: VerifyReport) -> None:
    notes = [line for drift in found.collections for line in _notes(drift)]
    output.show(_counts(found.collections), "", *notes, _last_line(found))
    for error in (found.error, *(drift.error for drift in found.collections)):
        if error is not None:
            output.error(error.message, error.hint)


def _counts(drifts: Sequence[Drift]) -> Table:
    numbers = ("documents", "missing", "stale", "ghost", "altered")
    table = output.table("collection", "state", *numbers, numbers=numbers)
    for drift in drifts:
        differences = (drift.missing, drift.stale, drift.ghost, drift.altered)
        counts = (drift.documents, *map(len, differences))
        table.add_row(drift.name, _state(drift), *map(output.number, counts))
    return table


def _state(drift: Drift) -> str:
    if drift.error is not None:
        return "failed"
    return "ok" if drift.exit_code == EXIT_OK else "differs"


def _notes(drift: Drift) -> Iterator[str]:
    """Yield the ids behind the counts, as many as --json gives."""
    if drift.schema is not None:
        yield f"{drift.name}: not of today's spec: {drift.schema}"
    altered = [f"{each} ({', '.join(names)})" for each, names in drift.altered.items()]
    lists = {"missing": drift.missing, "stale": drift.stale, "ghost": drift.ghost}
    for kind, ids in (lists | {"altered": altered}).items():
        if ids:
            more = f" and {len(ids) - MAX_EXAMPLES:,} more" if len(ids) > MAX_EXAMPLES else ""
            yield f"{drift.name} {kind}: {', '.join(ids[:MAX_EXAMPLES])}{more}"


def _last_line(found: VerifyReport) -> str:
    if found.exit_code == EXIT_OK:
        return "All is as Stash has it."
    mend = "; `indexer verify --repair` mends it" if found.drifted else ""
    return f"Finished with exit code {found.exit_code}{mend}."
