"""Room: what is free, and whether another copy of a collection fits beside the live one."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from indexer.errors import TypesenseError
from indexer.events import Emit, Step
from indexer.loader.catalog import collection, list_collections
from indexer.loader.server import Memory, Typesense

SPARE = 1.2
"""How much more than the live collection's share has to be free: it grew since."""

DISK_FOR_MEMORY = 2.0
"""Bytes on disk for one in memory: log, request buffer and documents (measured: 1.0 to 1.7)."""

CGROUPS = Path("/sys/fs/cgroup")
_FILES = (
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    (
        "memory/memory.limit_in_bytes",
        "memory/memory.usage_in_bytes",
        "memory/memory.stat",
        "total_inactive_file",
    ),
)
"""Of both versions: a container's limit, its use, and which part of that is given back at need."""

_LOCAL = {"127.0.0.1", "localhost", "::1"}


def check_room(server: Typesense, live: str | None, emit: Emit) -> None:
    """Compare what is free with the live collection's share of what the server uses.

    Raises:
        TypesenseError: memory or disk would not do; the message has the figures.
    """
    needed = copy_size(server, live)
    if not needed:
        return
    memory = server.memory()
    free, disk = free_memory(server.url, memory), memory.disk_total - memory.disk_used
    emit(Step("room", f"about {megabytes(needed)} needed, {megabytes(free)} of memory are free"))
    if free < needed:
        raise _too_little(server, "memory", needed, free)
    if disk < needed * DISK_FOR_MEMORY:
        raise _too_little(server, "disk", int(needed * DISK_FOR_MEMORY), disk)


def copy_size(server: Typesense, live: str | None) -> int:
    """Return the bytes of memory that a copy of the live collection takes; 0 for the first."""
    if live is None or collection(server, live) is None:
        return 0
    counts = {each.name: each.num_documents for each in list_collections(server)}
    share = counts[live] / max(1, sum(counts.values()))
    return int(server.memory().typesense_used * share * SPARE)


def free_memory(url: str, memory: Memory) -> int:
    """Return what the host has free, in bytes; what our own container has, where it is shared."""
    free = memory.memory_total - memory.memory_used
    if urlsplit(url).hostname not in _LOCAL:
        return free
    return min([free, *_container()])


def _container() -> Iterator[int]:
    """Yield what is free of a container's limit; pages of files that were read don't count."""
    for limit, used, stat, cached in _FILES:
        with suppress(OSError, ValueError):  # no such container, or "max": without a limit
            free = int((CGROUPS / limit).read_text()) - int((CGROUPS / used).read_text())
            yield free + _figure(CGROUPS / stat, cached)


def _figure(file: Path, name: str) -> int:
    figures = dict(line.split() for line in file.read_text().splitlines())
    return int(figures.get(name, 0))


def _too_little(server: Typesense, what: str, needed: int, free: int) -> TypesenseError:
    return TypesenseError(
        f"Typesense at {server.url} has {megabytes(free)} of {what} left; another copy of the live "
        f"collection takes about {megabytes(needed)}.",
        "Free some (`indexer prune --keep 0` drops spare collections), or run with "
        "--no-room-check.",
    )


def megabytes(count: int) -> str:
    """Return bytes as a person reads them."""
    return f"{count / 1_000_000:,.0f} MB"
