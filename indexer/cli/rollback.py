"""`indexer rollback`: back to the collection before the last swap."""

import click

from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import open_run
from indexer.cli.summary import tell
from indexer.pipeline.rollback import rollback as run_rollback
from indexer.settings import STASH, TYPESENSE

EXAMPLES = (
    "indexer rollback scenes                              # what was live before",
    'indexer rollback --reason "titles are gone" scenes   # and why, for status to show',
)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("name")
@click.option("--reason", metavar="TEXT", default="rolled back", help="Why, in a few words.")
@json_option
@with_common
def rollback(common: Common, name: str, reason: str, *, as_json: bool) -> int:
    """Move an alias back to what it was before the last swap.

    It is held there: `sync` and `reindex` leave it alone until `indexer release NAME`. A repeat
    changes nothing. Stash is not asked.
    """
    with open_run(common, common.settings([*STASH, *TYPESENSE])) as run:
        report = run_rollback(run, name, reason)
    return tell(report, as_json=as_json)
