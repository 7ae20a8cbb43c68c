"""reindex: build new collections beside those people search, and move the aliases.

checks → new collection → bulk pass → catch-up → gates → canaries → swap → read-back → prune
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from indexer.errors import GateRefused, IndexerError, RunFailed
from indexer.events import Started, Step, Warned
from indexer.loader import registry
from indexer.loader.aliases import check_name_free
from indexer.loader.catalog import count_documents, resolve
from indexer.loader.drop import drop_collection
from indexer.loader.names import physical_name
from indexer.loader.registry import Entry
from indexer.loader.schema import create_collection
from indexer.loader.tuning import drop_behaviour
from indexer.pipeline.counting import count_scenes
from indexer.pipeline.keep import keep_old_forms
from indexer.pipeline.libraries import refuse_other_library
from indexer.pipeline.live import look_at_live
from indexer.pipeline.prune import prune_alias
from indexer.pipeline.reconcile import count_in, reconcile
from indexer.pipeline.report import RunReport
from indexer.pipeline.room import check_room
from indexer.pipeline.run import Run, Turn
from indexer.pipeline.swap import swap_in
from indexer.pipeline.turns import take_turns
from indexer.pipeline.update import update


def reindex(
    run: Run,
    names: Sequence[str] = (),
    *,
    keep: int = 1,
    allow_shrink: int = 0,
    fresh: bool = False,
    room_check: bool = True,
) -> RunReport:
    """Rebuild collections, all if none is named, and say what became of each.

    `keep` is how many earlier collections stay; `allow_shrink` how many documents may go whatever
    the gates' shares; `fresh` doesn't go on with what a killed run began.

    Raises:
        ConfigurationError: a name is unknown.
    """

    def work(turn: Turn) -> None:
        rebuild(turn, keep=keep, allow_shrink=allow_shrink, fresh=fresh, room_check=room_check)

    return take_turns(run, names, "reindex", work)


def rebuild(
    turn: Turn, *, keep: int, allow_shrink: int, fresh: bool = False, room_check: bool = True
) -> None:
    """Build one collection anew and move its alias. Raises IndexerError.

    The catch-up sees what changed during the bulk pass, deletes too. If it found anything, there
    may be more by now: one more pass after the swap, which the gates look at as well. A snapshot
    doesn't change: no catch-up.
    """
    run, spec, report = turn.run, turn.spec, turn.report
    check_name_free(run.typesense, spec.alias)
    report.previous = resolve(run.typesense, spec.alias)
    refuse_other_library(turn, report.previous)
    if room_check:
        check_room(run.typesense, report.previous, run.emit)
    count_scenes(turn)
    target = report.collection = _building(turn, fresh=fresh)
    run.emit(Started(report.name, target, report.source_count))
    with _removed_on_failure(turn, target):
        bulk = count_in(report, reconcile(turn, target))
        is_live = turn.info.taken_at is None
        caught_up = count_in(report, reconcile(turn, target)) if is_live else bulk
        if count_documents(run.typesense, target) != caught_up.expected:
            # A run that was paused and lost its lock may still have had requests under way.
            caught_up = count_in(report, reconcile(turn, target))
        caught_up = keep_old_forms(turn, target, caught_up)
        live = look_at_live(run.typesense, report.previous)
    try:
        swap_in(turn, target, caught_up, live, allow_shrink=allow_shrink)
    except GateRefused:
        prune_alias(turn, keep)  # else each night that is refused would leave one more collection
        raise
    if is_live and caught_up.changed_any:
        _after_the_swap(turn, target, allow_shrink - max(0, live.documents - report.documents))
    prune_alias(turn, keep)


def _after_the_swap(turn: Turn, target: str, allow_shrink: int) -> None:
    """Write what changed since the catch-up; people search this by now, so the gates are asked."""
    reason = update(turn, target, turn.report.read, allow_shrink)
    if reason is not None:
        raise RunFailed(
            f"{turn.spec.alias} is now {target}; what changed since was not written: {reason}.",
            f"Run `indexer sync {turn.spec.name}`.",
        )


def _building(turn: Turn, *, fresh: bool) -> str:
    """Return the collection to fill: one that a killed run of this spec began, else a new one.

    The alias is ours, so whoever was building is dead. One that died right after its swap left an
    entry "building" of what people search by now: standing() knows better.
    """
    run, spec = turn.run, turn.spec
    for each in () if fresh else registry.standing(run.typesense, spec.alias):
        entry = each.entry
        if each.state == "building" and entry and entry.spec_hash == spec.spec_hash:
            run.emit(Step("resume", f"{spec.name}: going on with {each.collection}"))
            return each.collection
    target = physical_name(spec.alias, run.started, spec.spec_hash)
    registry.record(
        run.typesense,
        Entry(
            collection=target,
            alias=spec.alias,
            spec_hash=spec.spec_hash,
            state="building",
            run=run.identity.owner,
            t0=turn.t0,
            previous=turn.report.previous,
        ),
    )
    with _removed_on_failure(turn, target):
        create_collection(run.typesense, spec.schema(target))
    return target


@contextmanager
def _removed_on_failure(turn: Turn, target: str) -> Iterator[None]:
    """What fails before the gates have spoken leaves nothing behind; a kill leaves it to resume."""
    try:
        yield
    except IndexerError:
        _remove(turn, target)
        raise


def _remove(turn: Turn, target: str) -> None:
    server = turn.run.typesense
    try:
        turn.lock.check()
        drop_collection(server, target, turn.spec.alias)
        drop_behaviour(server, target)
        registry.forget(server, target)
    except IndexerError as error:
        turn.run.emit(Warned(f"{target} could not be removed and stays: {error.message}"))
    else:
        turn.report.collection = None
