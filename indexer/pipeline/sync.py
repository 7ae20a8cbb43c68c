"""sync: make each collection right, with as little work as that takes.

No alias yet, or another spec → reindex. Else the differences are found first, and written into
the live collection only if they pass the gates of a swap.
"""

from collections.abc import Sequence

from indexer.errors import GateRefused, RunFailed
from indexer.events import Started, Step
from indexer.loader.catalog import collection, resolve
from indexer.loader.digests import read_digests
from indexer.loader.names import parse_name
from indexer.loader.settling import settled
from indexer.pipeline.compare import Comparison
from indexer.pipeline.gates import Live, Seen, check_gates
from indexer.pipeline.live import look_at_live
from indexer.pipeline.prune import prune_alias
from indexer.pipeline.reconcile import apply, count_in
from indexer.pipeline.reindex import rebuild
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import Run, Turn
from indexer.pipeline.spool import Spool
from indexer.pipeline.stream import Stream, ensure_counted
from indexer.pipeline.swap import describe, write_down
from indexer.pipeline.tuning import tune_live
from indexer.pipeline.turns import take_turns
from indexer.transformer.compile import CompiledSpec

REBUILD_ABOVE = 0.25
"""Typesense deletes 1,000 documents a second: above this share, building anew is faster."""


def sync(
    run: Run,
    names: Sequence[str] = (),
    *,
    keep: int = 1,
    allow_shrink: int = 0,
    room_check: bool = True,
) -> RunReport:
    """Bring collections up to date, all if none is named, and say what became of each.

    `keep` is how many earlier collections stay; `allow_shrink` how many documents may go whatever
    the gates' shares.

    Raises:
        ConfigurationError: a name is unknown.
    """

    def work(turn: Turn) -> None:
        live = resolve(run.typesense, turn.spec.alias)
        reason = _why_anew(turn, live)
        if reason is None and live is not None:
            reason = _bring_up_to_date(turn, live, keep, allow_shrink)
        if reason is not None:
            run.emit(Step("sync", f"{turn.spec.name} is built anew: {reason}"))
            rebuild(turn, keep=keep, allow_shrink=allow_shrink, room_check=room_check)

    return take_turns(run, names, "sync", work)


def _why_anew(turn: Turn, live: str | None) -> str | None:
    """Return why the live collection can't be kept; None if it can."""
    found = None if live is None else collection(turn.run.typesense, live)
    if found is None:
        return f"the alias {turn.spec.alias} leads nowhere yet"
    name = parse_name(found.name)
    if name is not None and name.spec_hash == turn.spec.spec_hash:
        return None
    return f"its spec changed: {what_changed(turn.spec, found.fields)}"


def what_changed(spec: CompiledSpec, fields: Sequence[object]) -> str:
    """Return the names of fields that a live collection has differently, or not at all."""
    theirs = {field["name"]: field for field in fields if isinstance(field, dict)}
    ours = {str(field["name"]): field for field in spec.schema_fields}
    new = [name for name in ours if name not in theirs]
    gone = [name for name in theirs if name not in ours]
    other = [
        name
        for name, field in ours.items()
        if name in theirs and any(theirs[name].get(key) != value for key, value in field.items())
    ]
    told = [("new", new), ("gone", gone), ("different", other)]
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in told if names) or (
        "how a field is made, or the form of ids"
    )


def _bring_up_to_date(turn: Turn, live: str, keep: int, allow_shrink: int) -> str | None:
    """Write the differences into the live collection; return why it should be built anew instead.

    Raises:
        GateRefused: the differences don't pass; nothing was written.
        RunFailed: the server has another number of documents than it should.
        IndexerError: as a reconcile raises.
    """
    run, spec, report = turn.run, turn.spec, turn.report
    report.previous = report.collection = live
    run.emit(Started(spec.name, live, report.source_count))
    ensure_counted(run.source, spec, run.membership, run.emit)
    settled(run.typesense, live)
    stream = Stream(run.source, spec, run.membership, run.emit)
    comparison = Comparison(stream, read_digests(run.typesense, live, spec.numbering))
    with Spool() as spool:
        for document in comparison.changed():
            spool.add(document)
        if comparison.doubled:
            return f"{len(comparison.doubled)} documents are there twice"
        before = look_at_live(run.typesense, live)
        _refuse_where_a_gate_says_no(turn, stream, comparison, before, allow_shrink)
        if len(comparison.gone) > REBUILD_ABOVE * before.documents:
            return f"{len(comparison.gone)} of {before.documents} documents are gone"
        outcome = count_in(report, apply(turn, live, stream, comparison, spool.documents()))
    write_down(turn, live, outcome, "live")
    tune_live(turn, live)
    if outcome.changed_any:
        run.typesense.clear_cache()
    report.state = "live"
    if report.documents != outcome.expected:
        raise RunFailed(
            f"{live} has {report.documents} documents and should have {outcome.expected}.",
            f"Run again; `indexer verify {spec.name}` names the documents that differ.",
        )
    prune_alias(turn, keep)
    return None


def _refuse_where_a_gate_says_no(
    turn: Turn, stream: Stream, comparison: Comparison, before: Live, allow_shrink: int
) -> None:
    """Ask the gates about the collection as it would be; Typesense may still refuse documents."""
    report = turn.report
    documents = before.documents + len(comparison.missing) - len(comparison.gone)
    seen = Seen(
        source_count=report.source_count or 0,
        read=stream.read,
        refused=len(stream.unreadable),
        kept=documents - (stream.read - len(stream.unreadable)),
        unknown=stream.unknown,
        documents=documents,
        coverage=stream.coverage,
    )
    report.gates = check_gates(turn.spec.gates, seen, before, turn.spec.facets, allow_shrink)
    failed = [gate for gate in report.gates if not gate.ok]
    if failed:
        report.state = "refused"
        raise GateRefused(
            f"{report.alias} was left as it is, nothing was written ({describe(failed)}).",
            f"Look at Stash. If it is right: `indexer reindex {report.name} --allow-shrink N` with "
            "the number that may go, or raise the limit in the collection's spec.",
        )
