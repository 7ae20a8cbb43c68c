"""A process that locks an alias, to be paused and killed: lock_holder URL KEY ALIAS LEASE.

It says "held" once it has the lock, answers each line with "ours" or "lost", and ends with input.
"""

import sys

from indexer.errors import LockHeld
from indexer.loader.identity import this_run
from indexer.loader.locks import Held, hold
from indexer.loader.server import Typesense


def look(held: Held) -> str:
    """Say whether the lock is still this process's."""
    try:
        held.check()
    except LockHeld:
        return "lost"
    return "ours"


def main(url: str, key: str, alias: str, lease: str) -> None:
    """Hold the lock until the input ends."""
    with Typesense(url, key) as server, hold(server, alias, this_run(), lease=float(lease)) as held:
        sys.stdout.write("held\n")
        sys.stdout.flush()
        for _line in sys.stdin:
            sys.stdout.write(f"{look(held)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
