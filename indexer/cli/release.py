"""`indexer release`: let an alias move again that a rollback holds."""

import click

from indexer.cli.help import Command
from indexer.cli.options import Common, json_option, with_common
from indexer.cli.servers import open_run
from indexer.cli.summary import tell
from indexer.pipeline.rollback import release as run_release
from indexer.settings import STASH, TYPESENSE

EXAMPLES = ("indexer release scenes   # the next sync or reindex moves it again",)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("name")
@json_option
@with_common
def release(common: Common, name: str, *, as_json: bool) -> int:
    """Let an alias move again that was rolled back.

    What it points at stays as it is; an alias that isn't held, too. Stash is not asked.
    """
    with open_run(common, common.settings([*STASH, *TYPESENSE])) as run:
        report = run_release(run, name)
    return tell(report, as_json=as_json)
