"""`indexer schema show`: how a spec is understood."""

import click

from indexer.cli import output
from indexer.cli.help import Command, Group
from indexer.cli.options import Common, with_common
from indexer.cli.servers import compiled_specs
from indexer.pipeline.run import choose


@click.group(cls=Group, examples=("indexer schema show scenes",))
def schema() -> None:
    """Show the schemas of collections."""


@schema.command(cls=Command, examples=("indexer schema show scenes   # needs no server",))
@click.argument("name")
@with_common
def show(common: Common, name: str) -> int:
    """Print the Typesense schema of a collection.

    It has the alias in the place of the collection's name.
    """
    (spec,) = choose(compiled_specs(common.settings()), [name])
    output.json(spec.schema(spec.alias))
    return 0
