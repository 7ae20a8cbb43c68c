"""update: what differs, written into the collection that people search, if the gates let it pass.

The differences are found first and put aside: what a gate refuses was never written.
"""

from indexer.errors import RunFailed
from indexer.loader.aliases import read_back
from indexer.loader.digests import read_digests
from indexer.pipeline.compare import Comparison
from indexer.pipeline.gates import CANARY, Live, Seen, check_gates, refused_gate
from indexer.pipeline.live import look_at_live
from indexer.pipeline.reconcile import Outcome, apply, count_in
from indexer.pipeline.refusals import doubt_counts, refusal_in_place, too_many_refused
from indexer.pipeline.run import Turn
from indexer.pipeline.spool import Spool
from indexer.pipeline.stream import Stream
from indexer.pipeline.swap import write_down

REBUILD_ABOVE = 0.25
"""Typesense deletes 1,000 documents a second: above this share, building anew is faster."""


def update(turn: Turn, live: str, listed: int, allow_shrink: int) -> str | None:
    """Write the differences into the live collection; return why it should be built anew instead.

    `listed` is how many records Stash should list, by its own count or by the pass before.

    Raises:
        GateRefused: the differences don't pass, and nothing was written; or they do, and Typesense
            refused more of them than the gate lets pass.
        AliasMoved: people search another collection by now.
        LockHeld: another run took over.
        RunFailed: the server has another number of documents than it should.
        IndexerError: as a reconcile raises.
    """
    run, spec, report = turn.run, turn.spec, turn.report
    stream = Stream(run.source, spec, run.membership, run.warn_once)
    comparison = Comparison(stream, read_digests(run.typesense, live, spec.numbering))
    with Spool() as spool:
        for document in comparison.changed():
            spool.add(document)
        if comparison.doubled:
            return f"{len(comparison.doubled)} documents are there twice"
        before = look_at_live(run.typesense, live)
        seen = _seen(stream, comparison, before, listed)
        _refuse_where_a_gate_says_no(turn, seen, before, allow_shrink)
        if len(comparison.gone) > REBUILD_ABOVE * before.documents:
            return f"{len(comparison.gone)} of {before.documents} documents are gone"
        outcome = count_in(report, apply(turn, live, stream, comparison, spool.documents()))
    turn.lock.check()
    write_down(turn, live, outcome, "live")
    if outcome.changed_any:
        run.typesense.clear_cache()
    read_back(run.typesense, spec.alias, live)
    report.state = "live"
    if report.documents != outcome.expected:
        raise RunFailed(
            f"{live} has {report.documents} documents and should have {outcome.expected}.",
            f"Run again; `indexer verify {spec.name}` names the documents that differ.",
        )
    _refuse_where_typesense_refused_too_many(turn, outcome)
    return None


def _seen(stream: Stream, comparison: Comparison, before: Live, listed: int) -> Seen:
    """Return the collection as it would be; Typesense may still refuse documents."""
    documents = before.documents + len(comparison.missing) - len(comparison.gone)
    return Seen(
        source_count=listed,
        read=stream.read,
        refused=len(stream.unreadable),
        kept=documents - (stream.read - len(stream.unreadable)),
        unknown=stream.unknown,
        documents=documents,
        coverage=stream.coverage,
    )


def _refuse_where_a_gate_says_no(turn: Turn, seen: Seen, before: Live, allow_shrink: int) -> None:
    spec, report = turn.spec, turn.report
    gates = check_gates(spec.gates, seen, before, spec.facets, allow_shrink)
    canaries = [gate for gate in report.gates if gate.name.startswith(CANARY)]
    report.gates = [*gates, *canaries]
    failed = [gate for gate in gates if not gate.ok]
    if failed:
        turn.lock.check()
        report.read, report.refused, report.documents = seen.read, seen.refused, before.documents
        doubt_counts(turn, failed)
        if not report.swapped:
            report.state = "refused"
        raise refusal_in_place(report, failed)


def _refuse_where_typesense_refused_too_many(turn: Turn, outcome: Outcome) -> None:
    """How many documents Typesense takes shows when they are written, after the other gates."""
    report = turn.report
    after = refused_gate(turn.spec.gates, outcome.refused, outcome.read)
    report.gates = [after if gate.name == after.name else gate for gate in report.gates]
    if not after.ok:
        report.state = "refused"
        raise too_many_refused(report, after)
