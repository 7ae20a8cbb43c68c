"""What a person is told where a gate or canary said no: what it saw, its limit, and the ways on."""

from collections.abc import Iterator, Sequence

from indexer.errors import GateRefused
from indexer.pipeline.gates import EMPTY, NEVER_WAIVED, SHRINK, SOURCE
from indexer.pipeline.report import CollectionReport, Gate
from indexer.pipeline.run import Turn

_GONE = frozenset({SHRINK, SOURCE})
"""The gates that --allow-shrink loosens."""


def doubt_counts(turn: Turn, failed: Sequence[Gate]) -> None:
    """Let nothing of this run be counted from scenes of which a gate said that too few came.

    Those that came and were refused were counted.
    """
    report = turn.report
    gone = {gate.name: gate.seen - gate.limit for gate in failed if gate.name in _GONE}
    too_few = SOURCE in gone or gone.get(SHRINK, 0) > report.refused or not report.read
    turn.run.membership.doubted |= turn.spec.kind == "scene" and too_few


def refusal(report: CollectionReport, failed: Sequence[Gate]) -> GateRefused:
    """Return the error of a refused swap."""
    return GateRefused(
        f"{report.alias} was not moved to {report.collection} ({describe(failed)}); people search "
        f"{report.previous or 'nothing yet'} as before.",
        " ".join(_ways_on(report, failed)),
    )


def refusal_in_place(report: CollectionReport, failed: Sequence[Gate]) -> GateRefused:
    """Return the error of differences that were not written into what people search."""
    done = "is moved, but what changed since was not written"
    left = "was left as it is, nothing was written"
    return GateRefused(
        f"{report.alias} {done if report.swapped else left} ({describe(failed)}).",
        " ".join(_ways_on_in_place(report, failed)),
    )


def too_many_refused(report: CollectionReport, gate: Gate) -> GateRefused:
    """Return the error of an update of which Typesense took too little."""
    return GateRefused(
        f"{report.alias} was brought up to date but for {gate.seen:g} documents that were refused, "
        f"of which {gate.limit:g} may be; their old form stays.",
        f"Look into {report.dead_letters}: mend the records in Stash, or the spec.",
    )


def describe(gates: Sequence[Gate]) -> str:
    """Return what gates saw, beside their limits."""
    return "; ".join(f"{gate.name}: {gate.seen:g}, limit {gate.limit:g}" for gate in gates)


def _ways_on(report: CollectionReport, failed: Sequence[Gate]) -> Iterator[str]:
    names = {gate.name for gate in failed}
    if EMPTY in names and not report.read:
        yield _emptied(report)
        return
    if gone := _gone(failed):
        yield f"If that many are meant to be gone: --allow-shrink {gone:g}."
    if names & NEVER_WAIVED:
        yield f"Look at {report.collection} and at Stash, then run again."
    else:
        yield f"Look at {report.collection}; if it is right: `indexer accept {report.name}`."


def _ways_on_in_place(report: CollectionReport, failed: Sequence[Gate]) -> Iterator[str]:
    name = report.name
    yield "Look at Stash."
    if EMPTY in {gate.name for gate in failed}:
        yield _emptied(report)
        return
    if gone := _gone(failed):
        yield f"If that many are meant to be gone: `indexer sync {name} --allow-shrink {gone:g}`."
    if any(gate.name not in _GONE for gate in failed):
        yield (
            f"If it is right: `indexer reindex {name}` builds it beside; look at that, then "
            f"`indexer accept {name}`."
        )


def _gone(failed: Sequence[Gate]) -> float:
    return max((gate.seen for gate in failed if gate.name in _GONE), default=0)


def _emptied(report: CollectionReport) -> str:
    return (
        "Nothing never replaces something. If nothing is meant to be left: remove the alias by "
        f"Typesense's own `DELETE /aliases/{report.alias}`, then `indexer sync {report.name}`."
    )
