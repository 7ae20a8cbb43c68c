"""rollback and release: back to the collection before the last swap, and on again."""

from indexer.errors import ConfigurationError
from indexer.events import Step, Warned
from indexer.loader import registry
from indexer.loader.aliases import swap
from indexer.loader.catalog import collection, count_documents, resolve
from indexer.loader.settling import settled
from indexer.loader.tuning import switch_behaviour
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import Run, Turn
from indexer.pipeline.turns import take_turns


def rollback(run: Run, name: str, reason: str = "rolled back") -> RunReport:
    """Move an alias back to what it pointed at before the last swap, and hold it there.

    A repeat changes nothing. sync and reindex leave a held alias alone until it is released.

    Raises:
        ConfigurationError: the name is unknown.
    """

    def work(turn: Turn) -> None:
        _roll_back(turn, reason)

    return take_turns(run, [name], "rollback", work, even_held=True, stash=False)


def release(run: Run, name: str) -> RunReport:
    """Let a held alias move again; one that isn't held stays as it is.

    Raises:
        ConfigurationError: the name is unknown.
    """

    def work(turn: Turn) -> None:
        alias = turn.spec.alias
        was_held = registry.release_alias(run.typesense, alias)
        run.emit(Step("release", f"{alias} {'may move again' if was_held else 'was not held'}"))
        _report_live(turn)

    return take_turns(run, [name], "release", work, even_held=True, stash=False)


def _roll_back(turn: Turn, reason: str) -> None:
    """Hold first, then move: a kill in between leaves a hold that a repeat goes on from."""
    run, alias = turn.run, turn.spec.alias
    live = resolve(run.typesense, alias)
    if live is None:
        raise _nothing_to_go_back_to(turn, None)
    hold = registry.held(run.typesense, alias)
    if hold is not None and hold.moved_from != live:
        run.emit(Step("rollback", f"{alias} was rolled back before; nothing was changed"))
        switch_behaviour(run.typesense, alias, live)
        _report_live(turn)
        return
    target = _target(turn, live)
    registry.hold_alias(run.typesense, alias, reason, run.started, live)
    swap(run.typesense, alias, target, live, turn.lock.check)
    switch_behaviour(run.typesense, alias, target)
    registry.set_state(run.typesense, target, "live")
    registry.set_state(run.typesense, live, "retired")
    turn.report.swapped = True
    turn.report.previous = live
    run.emit(Step("rollback", f"{alias} is {target} again, and held there"))
    _report_live(turn)


def _target(turn: Turn, live: str) -> str:
    """Return what the alias pointed at before the last swap. Raises ConfigurationError."""
    run, spec = turn.run, turn.spec
    entry = registry.entry(run.typesense, live)
    target = entry.previous if entry else None
    if target is None or collection(run.typesense, target) is None:
        raise _nothing_to_go_back_to(turn, target)
    before = registry.entry(run.typesense, target)
    if before is None or before.spec_hash != spec.spec_hash:
        run.emit(Warned(f"{target} was built by another spec; pages may miss fields."))
    return target


def _nothing_to_go_back_to(turn: Turn, target: str | None) -> ConfigurationError:
    return ConfigurationError(
        f"There is nothing to roll {turn.spec.alias} back to: {target or 'what was before'} is "
        "not there.",
        f"`indexer reindex {turn.spec.name}` builds it anew; --keep N keeps earlier ones.",
    )


def _report_live(turn: Turn) -> None:
    server, report = turn.run.typesense, turn.report
    report.collection = resolve(server, turn.spec.alias)
    if report.collection is None:
        report.state = "absent"
        return
    settled(server, report.collection)
    report.documents = count_documents(server, report.collection)
    report.state = "live"
