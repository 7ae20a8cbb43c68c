"""`indexer documents`: what would be stored."""

from collections.abc import Sequence

import click

from indexer.cli import output
from indexer.cli.help import Command
from indexer.cli.options import Common, with_common
from indexer.cli.servers import compiled_specs, open_stash
from indexer.pipeline.documents import Documents
from indexer.pipeline.run import choose
from indexer.settings import STASH

EXAMPLES = (
    "indexer documents scenes --limit 3        # the first three",
    "indexer documents performers --id 12      # one, by its id in Stash",
)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Stop after N documents.")
@click.option("--id", "ids", type=int, multiple=True, metavar="ID", help="Only this Stash id.")
@with_common
def documents(common: Common, name: str, limit: int | None, ids: Sequence[int]) -> int:
    """Print documents as they would be stored.

    One JSON line each, keys sorted, digest included. NAME is a collection's name. What Stash
    doesn't have or can't give is told and left out: exit code 3.
    """
    settings = common.settings(STASH)
    (spec,) = choose(compiled_specs(settings), [name])
    with common.listener() as emit, open_stash(settings, emit) as source:
        found = Documents(source, spec, emit, limit=limit, ids=ids)
        output.lines(found.lines())
    return found.exit_code
