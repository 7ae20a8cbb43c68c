"""What became of past runs: a document a run and alias; the newest 100 stay, and the last good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from indexer.errors import EXIT_OK, EXIT_REFUSED_SOME
from indexer.loader.server import Typesense
from indexer.loader.state import Shelf, exactly, find, pack, remove, unpack, write

KEPT = 100
GOOD = (EXIT_OK, EXIT_REFUSED_SOME)
BRING_UP_TO_DATE = ("sync", "reindex", "accept")
"""The commands after which people search what Stash has."""

RUNS = Shelf("indexer_runs", {"alias": "string", "started": "int64", "exit_code": "int32"})


@dataclass(frozen=True)
class PastRun:
    """One run's turn at one alias. Times in epoch seconds, counts in documents.

    run       the run's owner id
    state     what the turn came to, such as "live" or "refused"
    error     slug and message of what ended it; absent where nothing did
    gates     what each gate and canary saw, beside its limit
    versions  of indexer, stash and typesense
    """

    run: str
    alias: str
    command: str
    state: str
    started: int
    finished: float
    exit_code: int
    error_slug: str | None = None
    error_message: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    gates: Sequence[Mapping[str, Any]] = field(default_factory=list)
    versions: Mapping[str, str] = field(default_factory=dict)


_NAMES = [each.name for each in fields(PastRun)]
_AS_TEXT = ("counts", "gates", "versions")


def write_run(server: Typesense, run: PastRun) -> None:
    """Store a run, and remove the alias's oldest beyond those kept; the last good one stays."""
    write(server, RUNS, pack(_id(run), vars(run), _AS_TEXT))
    runs = last_runs(server, run.alias)
    good = last_good(runs)
    outdated = [each for each in runs[KEPT:] if each != good]
    if outdated:
        remove(server, RUNS, exactly("id", *map(_id, outdated)))


def last_runs(server: Typesense, alias: str, limit: int | None = None) -> list[PastRun]:
    """Return an alias's runs, newest first."""
    found = [
        PastRun(**unpack(document, _NAMES, _AS_TEXT))
        for document in find(server, RUNS, "alias", alias)
    ]
    return sorted(found, key=lambda run: (run.started, run.finished), reverse=True)[:limit]


def last_good(runs: Sequence[PastRun]) -> PastRun | None:
    """Return the first of these runs, newest first, that brought its alias up to date."""
    return next(filter(_is_good, runs), None)


def _is_good(run: PastRun) -> bool:
    """Say whether a run brought its alias up to date, some documents refused or not."""
    return run.command in BRING_UP_TO_DATE and run.exit_code in GOOD


def _id(run: PastRun) -> str:
    return f"{run.run}:{run.alias}"
