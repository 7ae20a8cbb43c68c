"""A library of a million scenes beside one of 100,000: whether all grows no faster than it does.

Not among what `make bench` measures by itself: it takes half an hour and 20 GB of disk and memory.
"""

from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.library import database
from tests.bench.program import Ran, run, stand_in
from tests.bench.servers import typesense

SMALL = 100_000
LARGE = 1_000_000
MAX_GROWTH = 11.0
MEGABYTE = 1_000_000


def figures() -> Iterator[Figure]:
    """Yield the times and the memory of both, reading alone and the whole reindex of scenes."""
    small_read, small = _both(SMALL)
    large_read, large = _both(LARGE)
    for name, few, many in (
        ("reading and transforming", small_read, large_read),
        ("reindex", small, large),
    ):
        yield Figure(f"{name}, 100k scenes", few.seconds, "s")
        yield Figure(f"{name}, 1M scenes", many.seconds, "s")
        yield Figure(f"{name}, 1M / 100k", many.seconds / few.seconds, "", at_most=MAX_GROWTH)
        yield Figure(f"{name}, client CPU, 1M", many.cpu_seconds, "CPU-s")
        yield Figure(f"{name}, client memory, 100k", few.peak_bytes / MEGABYTE, "MB")
        yield Figure(f"{name}, client memory, 1M", many.peak_bytes / MEGABYTE, "MB")


def _both(scenes: int) -> tuple[Ran, Ran]:
    """Return a rehearsal, which asks no Typesense, and a reindex."""
    with database(scenes) as path, typesense() as server, stand_in(path) as stash:
        read = run(stash, path, server, "reindex", "scenes", "--dry-run")
        return read, run(stash, path, server, "reindex", "scenes")
