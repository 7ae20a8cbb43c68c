"""`indexer accept`: swap to a collection that a gate refused, after a person looked at it."""

import click

from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import open_run
from indexer.cli.summary import tell
from indexer.loader.dead_letters import check_directory
from indexer.pipeline.accept import accept as run_accept
from indexer.settings import STASH, TYPESENSE

EXAMPLES = ("indexer accept scenes   # after looking at the refused collection",)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("name")
@json_option
@with_common
def accept(common: Common, name: str, *, as_json: bool) -> int:
    """Move an alias to its newest refused collection.

    What the gates saw is shown, and the collection is brought up to date first. Exact counts and
    canaries can still refuse.
    """
    settings = common.settings([*STASH, *TYPESENSE])
    check_directory(settings.dead_letters)
    with open_run(common, settings) as run:
        report = run_accept(run, name, keep=settings.keep)
    return tell(report, as_json=as_json)
