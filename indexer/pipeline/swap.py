"""The swap: gates, canaries, the move of the alias, and what is written down of it."""

from dataclasses import asdict, replace

from indexer.events import Step
from indexer.loader import registry
from indexer.loader.aliases import swap
from indexer.loader.catalog import count_documents
from indexer.loader.registry import Entry, State
from indexer.loader.settling import settled
from indexer.loader.tuning import prepare_behaviour, switch_behaviour
from indexer.pipeline.canaries import send_canaries
from indexer.pipeline.gates import Live, Seen, check_gates, waived
from indexer.pipeline.reconcile import Outcome
from indexer.pipeline.refusals import doubt_counts, refusal
from indexer.pipeline.report import Gate
from indexer.pipeline.run import Turn
from indexer.pipeline.tuning import behaviour_of


def swap_in(
    turn: Turn,
    target: str,
    outcome: Outcome,
    live: Live,
    *,
    allow_shrink: int = 0,
    accepted: Entry | None = None,
) -> None:
    """Move the alias to a collection that the gates let pass; else keep it aside, and say so.

    Where a person `accepted` it, as its entry has it, they overrule what the gates saw then.

    Raises:
        GateRefused: a gate or canary said no; the alias was not moved.
        AliasMoved: somebody else moved it.
        LockHeld: another run took over.
    """
    run, report = turn.run, turn.report
    settled(run.typesense, target)
    report.gates = _ask(turn, target, outcome, live, allow_shrink)
    failed = [gate for gate in report.gates if not gate.ok]
    if accepted:
        failed = [gate for gate in failed if not waived(gate, accepted.gates)]
    if failed:
        turn.lock.check()  # the collection may be live by now, by the run that took over
        doubt_counts(turn, failed)
        report.state = "refused"
        write_down(turn, target, outcome, "refused")
        raise refusal(report, failed)
    prepare_behaviour(run.typesense, target, behaviour_of(turn.spec.tuning))
    swap(run.typesense, turn.spec.alias, target, report.previous, turn.lock.check)
    report.state, report.swapped = "live", True
    turn.lock.check()
    switch_behaviour(run.typesense, turn.spec.alias, target, turn.spec.tuning.presets)
    run.emit(Step("swap", f"{turn.spec.alias} is now {target}"))
    write_down(turn, target, outcome, "live")
    if report.previous and report.previous != target:
        registry.set_state(run.typesense, report.previous, "retired")


def _ask(turn: Turn, target: str, outcome: Outcome, live: Live, allow_shrink: int) -> list[Gate]:
    """Ask the server, not our own counters, for what is in the collection."""
    server, report = turn.run.typesense, turn.report
    report.documents = count_documents(server, target)
    seen = Seen(
        source_count=report.source_count or 0,
        read=outcome.read,
        refused=outcome.refused,
        kept=outcome.kept,
        unknown=outcome.unknown,
        documents=report.documents,
        coverage=outcome.coverage,
    )
    gates = check_gates(turn.spec.gates, seen, live, turn.spec.facets, allow_shrink)
    canaries = turn.spec.canaries
    return gates + send_canaries(server, target, canaries, outcome.coverage, report.documents)


def write_down(turn: Turn, target: str, outcome: Outcome, state: State) -> None:
    """Count the collection on the server, into the report and the registry."""
    run, report = turn.run, turn.report
    settled(run.typesense, target)
    report.documents = count_documents(run.typesense, target)
    known = registry.entry(run.typesense, target) or Entry(
        collection=target,
        alias=turn.spec.alias,
        spec_hash=turn.spec.spec_hash,
        state=state,
        run=run.identity.owner,
        t0=turn.t0,
    )
    registry.record(
        run.typesense,
        replace(
            known,
            state=state,
            t0=turn.t0,
            previous=report.previous if report.previous != target else known.previous,
            documents=report.documents,
            source_count=report.source_count,
            read=outcome.read,
            refused=outcome.refused,
            coverage=dict(outcome.coverage),
            gates=[asdict(gate) for gate in report.gates],
        ),
    )
