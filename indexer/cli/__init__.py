"""The front door: one file a command.

program   the commands, gathered; `indexer` alone
boundary  the one place where an error becomes words and an exit code
help      commands whose help begins with examples
options   what every command takes, and what comes of it: settings and a listener
servers   the connections that the settings name, and what a run works with
summary   what a run came to
schema_as    a collection's schema in Go, TypeScript and as JSON Schema
run_options  the options that several of the commands that run share
report_file  a run's report in a file
durations    durations as a person types them
output    stdout: the result and nothing else
stderr    stderr, whose reader may go away
progress  what happens: a bar, plain lines or JSON
"""

import gc
import sys
from collections.abc import Sequence

from indexer.cli.boundary import guarded
from indexer.cli.program import program

COLLECT_AFTER = 20_000
"""Records and documents are trees, which need no collector: to look as often as usual costs a
second per 100,000 of them, to look less often than this 2 MB, left by connections."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; see indexer.errors for what the codes mean."""
    gc.set_threshold(COLLECT_AFTER)
    given = sys.argv[1:] if arguments is None else list(arguments)
    return guarded(program, given)
