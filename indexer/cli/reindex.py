"""`indexer reindex`: build new collections and move the aliases to them."""

from collections.abc import Sequence
from pathlib import Path

import click

from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.report_file import reporting
from indexer.cli.run_options import (
    allow_shrink_option,
    keep_option,
    names_argument,
    no_room_check_option,
    older_source_option,
    report_option,
    wait_for_option,
)
from indexer.cli.servers import compiled_specs, open_run, open_stash
from indexer.cli.summary import tell
from indexer.loader.dead_letters import check_directory
from indexer.pipeline.rehearse import rehearse
from indexer.pipeline.reindex import reindex as run_reindex
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import choose
from indexer.settings import STASH, TYPESENSE

EXAMPLES = (
    "indexer reindex                       # all collections",
    "indexer reindex performers --keep 2   # one, keeping two earlier ones",
    "indexer reindex --dry-run --json      # read and transform everything, write nothing",
)


@click.command(cls=Command, examples=EXAMPLES)
@names_argument
@keep_option
@allow_shrink_option
@click.option("--fresh", is_flag=True, help="Don't go on with what an interrupted run began.")
@no_room_check_option
@click.option("--dry-run", is_flag=True, help="Read and transform everything, write nothing.")
@older_source_option
@wait_for_option
@report_option
@json_option
@with_common
def reindex(
    common: Common,
    names: Sequence[str],
    keep: str | None,
    allow_shrink: int,
    wait_for: float,
    report: Path | None,
    *,
    fresh: bool,
    no_room_check: bool,
    older_source: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Build collections anew and swap them live.

    Each is built beside the one that is searched, and checked before the swap.

    NAME is a collection's name, such as scenes; all of them unless named.
    """
    with reporting(report) as written:
        if dry_run:
            done = _rehearse(common, names)
            written(done)
            return tell(done, as_json=as_json)
        settings = common.settings([*STASH, *TYPESENSE], keep=keep)
        check_directory(settings.dead_letters)
        with open_run(common, settings, wait_for=wait_for, older_source=older_source) as run:
            done = run_reindex(
                run,
                names,
                keep=settings.keep,
                allow_shrink=allow_shrink,
                fresh=fresh,
                room_check=not no_room_check,
            )
        written(done)
    return tell(done, as_json=as_json)


def _rehearse(common: Common, names: Sequence[str]) -> RunReport:
    settings = common.settings(STASH)
    specs = choose(compiled_specs(settings), names)
    with common.listener() as emit, open_stash(settings, emit) as source:
        return rehearse(source, specs, emit)
