"""`indexer schema show`: how a spec is understood."""

import click

from indexer.cli import output
from indexer.cli.help import Command, Group
from indexer.cli.options import Common, with_common
from indexer.cli.schema_as import LANGUAGES
from indexer.cli.servers import compiled_specs
from indexer.pipeline.run import choose

TYPESENSE = "typesense"
EXAMPLES = (
    "indexer schema show scenes           # as Typesense is told; needs no server",
    "indexer schema show scenes --as go   # a struct for those who read documents",
)


@click.group(cls=Group, examples=("indexer schema show scenes",))
def schema() -> None:
    """Show the schemas of collections."""


@schema.command(cls=Command, examples=EXAMPLES)
@click.argument("name")
@click.option(
    "--as",
    "language",
    type=click.Choice([TYPESENSE, *LANGUAGES]),
    default=TYPESENSE,
    show_default=True,
    help="A Typesense schema; or a document as a Go struct, TypeScript or JSON Schema.",
)
@with_common
def show(common: Common, name: str, language: str) -> int:
    """Print the schema of a collection.

    Typesense's has the alias in the place of the collection's name.
    """
    (spec,) = choose(compiled_specs(common.settings()), [name])
    if language == TYPESENSE:
        output.json(spec.schema(spec.alias))
    else:
        output.lines([LANGUAGES[language](spec).encode()])
    return 0
