"""The program: all commands in one group."""

from typing import Any

import click

from indexer import __version__
from indexer.cli.accept import accept
from indexer.cli.completion import completion
from indexer.cli.config import config
from indexer.cli.doctor import doctor
from indexer.cli.documents import documents
from indexer.cli.extract import extract
from indexer.cli.help import Group
from indexer.cli.keys import keys
from indexer.cli.options import common_options
from indexer.cli.prune import prune
from indexer.cli.reindex import reindex
from indexer.cli.release import release
from indexer.cli.rollback import rollback
from indexer.cli.schema import schema
from indexer.cli.search import search
from indexer.cli.status import status
from indexer.cli.sync import sync
from indexer.cli.tune import tune
from indexer.cli.ui import ui
from indexer.cli.verify import verify

EXIT_CODES = """\b
Exit codes:
  0  all is well                      5  Stash unreachable or refusing
  1  failed                           6  Typesense unreachable or refusing
  2  usage or configuration           7  another run holds or moved the alias
  3  finished, some refused           8  verify found differences
  4  a gate refused, or held          9  the last good run is too long ago
130  interrupted                    143  ended by SIGTERM
"""

EXAMPLES = (
    "indexer doctor               # is everything there that a run needs?",
    "indexer sync                 # bring what people search up to date; every night",
    "indexer status --json        # what people search now",
)


@click.group(cls=Group, examples=EXAMPLES, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="indexer")
@common_options(hidden=False)
def program(**_options: Any) -> None:
    """Stream a Stash library into Typesense and swap it live, without downtime.

    The options below may stand before or after the command's name.
    """


COMMANDS = (
    sync,
    reindex,
    verify,
    rollback,
    release,
    accept,
    prune,
    search,
    documents,
    extract,
    status,
    doctor,
    ui,
    schema,
    tune,
    keys,
    config,
    completion,
)
for command in COMMANDS:
    program.add_command(command)
