"""prune: drop collections that nobody needs any more, and say why."""

import time
from collections.abc import Iterator, Sequence

from indexer.events import Step
from indexer.loader import registry
from indexer.loader.drop import drop_collection
from indexer.loader.locks import LOCKS
from indexer.loader.names import began
from indexer.loader.registry import Standing
from indexer.loader.settling import settled
from indexer.loader.tuning import drop_behaviour
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import Run, Turn
from indexer.pipeline.turns import take_turns

KEEP_REFUSED = 1
DEAD_AFTER_SECONDS = 86_400
"""A collection that nobody went on building for a day goes."""


def prune(run: Run, names: Sequence[str] = (), *, keep: int = 1) -> RunReport:
    """Drop spare collections, of all aliases if none is named.

    Raises:
        ConfigurationError: a name is unknown.
    """

    def work(turn: Turn) -> None:
        found = registry.standing(turn.run.typesense, turn.spec.alias)
        live = [each for each in found if each.state == "live"]
        turn.report.state = "live" if live else "absent"
        turn.report.collection = live[0].collection if live else None
        turn.report.documents = live[0].documents if live else 0
        prune_alias(turn, keep)

    return take_turns(run, names, "prune", work, even_held=True, stash=False)


def prune_alias(turn: Turn, keep: int) -> None:
    """Drop the alias's collections beyond those to keep. Raises TypesenseError, AliasMoved."""
    server, alias = turn.run.typesense, turn.spec.alias
    settled(server, LOCKS.name)
    found = registry.standing(server, alias)
    if registry.held(server, alias) is not None:
        turn.run.emit(Step("prune", f"{alias} is held; what was live before stays"))
        keep = len(found)
    for each, reason in _needless(found, keep):
        turn.lock.check()
        drop_collection(server, each.collection, alias)
        drop_behaviour(server, each.collection)
        registry.forget(server, each.collection)
        turn.report.dropped[each.collection] = reason
        turn.run.emit(Step("prune", f"{each.collection} was dropped: {reason}"))
    there = {each.collection for each in found}
    for entry in registry.entries(server, alias):
        if entry.collection not in there:
            drop_behaviour(server, entry.collection)
            registry.forget(server, entry.collection)


def _needless(found: Sequence[Standing], keep: int) -> Iterator[tuple[Standing, str]]:
    """Yield what may go, with the reason; the one that was live last is the last to go."""
    previous = [each.entry.previous for each in found if each.state == "live" and each.entry]
    retired = sorted(
        (each for each in found if each.state == "retired"),
        key=lambda each: (each.collection in previous, each.collection),
        reverse=True,
    )
    for each in retired[keep:]:
        yield each, f"retired, beyond the {keep} to keep"
    for each in [each for each in found if each.state == "refused"][KEEP_REFUSED:]:
        yield each, f"refused, beyond the {KEEP_REFUSED} to keep"
    for each in found:
        age = time.time() - began(each.collection)  # t0 may be that of an old snapshot
        if each.state == "building" and age > DEAD_AFTER_SECONDS:
            yield each, "its run died more than a day ago"
