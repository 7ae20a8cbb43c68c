"""`indexer sync`: make what people search equal to Stash; the command for every night."""

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
from indexer.cli.servers import open_run
from indexer.cli.summary import tell
from indexer.loader.dead_letters import check_directory
from indexer.pipeline.sync import sync as run_sync
from indexer.settings import STASH, TYPESENSE

EXAMPLES = (
    "indexer sync                    # all collections; writes only what differs",
    "indexer sync --wait-for 10m     # where the servers may just be starting",
    "indexer sync performers --json  # one, told for a program",
)


@click.command(cls=Command, examples=EXAMPLES)
@names_argument
@keep_option
@allow_shrink_option
@no_room_check_option
@older_source_option
@wait_for_option
@report_option
@json_option
@with_common
def sync(
    common: Common,
    names: Sequence[str],
    keep: str | None,
    allow_shrink: int,
    wait_for: float,
    report: Path | None,
    *,
    no_room_check: bool,
    older_source: bool,
    as_json: bool,
) -> int:
    """Bring what people search up to date.

    Only what differs from Stash is written. A collection that isn't there yet, or whose spec
    changed, is built anew as `indexer reindex` does.

    NAME is a collection's name, such as scenes; all of them unless named.
    """
    with reporting(report) as written:
        settings = common.settings([*STASH, *TYPESENSE], keep=keep)
        check_directory(settings.dead_letters)
        with open_run(common, settings, wait_for=wait_for, older_source=older_source) as run:
            done = run_sync(
                run,
                names,
                keep=settings.keep,
                allow_shrink=allow_shrink,
                room_check=not no_room_check,
            )
        written(done)
    return tell(done, as_json=as_json)
