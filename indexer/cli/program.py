"""The program: all commands in one group."""

from typing import Any

import click

from indexer import __version__
from indexer.cli.completion import completion
from indexer.cli.config import config
from indexer.cli.doctor import doctor
from indexer.cli.documents import documents
from indexer.cli.help import Group
from indexer.cli.options import common_options
from indexer.cli.reindex import reindex
from indexer.cli.schema import schema
from indexer.cli.status import status

EXIT_CODES = """\b
Exit codes:
  0  all is well                      5  Stash unreachable or refusing
  1  failed                           6  Typesense unreachable or refusing
  2  usage or configuration           7  another run holds or moved the alias
  3  finished, some refused         130  interrupted
  4  a gate refused the swap        143  ended by SIGTERM
"""

EXAMPLES = (
    "indexer doctor               # is everything there that a run needs?",
    "indexer reindex              # index the library and swap it live",
    "indexer status --json        # what people search now",
)


@click.group(cls=Group, examples=EXAMPLES, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="indexer")
@common_options(hidden=False)
def program(**_options: Any) -> None:
    """Stream a Stash library into Typesense and swap it live, without downtime.

    The options below may stand before or after the command's name.
    """


for command in (reindex, documents, status, doctor, schema, config, completion):
    program.add_command(command)
