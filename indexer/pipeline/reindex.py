"""reindex: build new collections beside those people search, and move the aliases.

checks → new collection → extract | transform | load → gates → canaries → swap → prune
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import orjson

from indexer.errors import GateRefused, IndexerError
from indexer.events import Started, Step, Warned
from indexer.loader.aliases import check_name_free, swap
from indexer.loader.catalog import collection, resolve
from indexer.loader.dead_letters import DeadLetters
from indexer.loader.export import export_documents
from indexer.loader.names import physical_name
from indexer.loader.prune import drop_collection, prune
from indexer.loader.schema import create_collection
from indexer.loader.settling import settled
from indexer.pipeline.bulk_pass import load
from indexer.pipeline.canaries import send_canaries
from indexer.pipeline.gates import NOTHING, Live, Seen, check_gates
from indexer.pipeline.report import CollectionReport, Gate, RunReport
from indexer.pipeline.run import Run, choose
from indexer.pipeline.stream import Stream, count_memberships
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.membership import Membership


def reindex(
    run: Run,
    names: Sequence[str] = (),
    *,
    keep: int = 1,
    allow_shrink: int = 0,
    dry_run: bool = False,
) -> RunReport:
    """Rebuild collections, all if none is named, and say what became of each.

    `keep` is how many earlier collections stay; `allow_shrink` how many documents may go whatever
    the gates' shares. A dry run reads and transforms everything and writes nothing. What fails is
    in the report, and doesn't stop the others.
    """
    specs = choose(run.specs, names)
    try:
        counts = run.source.info().counts
        if not dry_run:
            run.typesense.check_key()
            settled(run.typesense)
    except IndexerError as error:
        return RunReport([CollectionReport(spec.name, spec.alias) for spec in specs], error)
    membership = Membership()
    reports = []
    for spec in specs:
        report = CollectionReport(spec.name, spec.alias, source_count=counts.get(spec.kind))
        reports.append(report)
        build = _Build(run, spec, report, membership)
        with _timed(report):
            if dry_run:
                build.rehearse()
            else:
                build.replace(keep, allow_shrink)
    return RunReport(reports)


@contextmanager
def _timed(report: CollectionReport) -> Iterator[None]:
    start = time.monotonic()
    try:
        yield
    except IndexerError as error:
        report.error = error
    finally:
        report.seconds = round(time.monotonic() - start, 3)


class _Build:
    """One collection's turn."""

    def __init__(
        self, run: Run, spec: CompiledSpec, report: CollectionReport, membership: Membership
    ) -> None:
        self.run = run
        self.spec = spec
        self.report = report
        self.membership = membership
        self.stream = Stream(run.source, spec, membership, run.emit)

    def rehearse(self) -> None:
        """Read and transform everything; write nothing."""
        self.report.state = "dry-run"
        self._begin()
        self.report.loaded = sum(1 for _ in self.stream.documents())
        self.report.read = self.stream.read
        self.report.refused = len(self.stream.unreadable)

    def replace(self, keep: int, allow_shrink: int) -> None:
        """The whole way from nothing to a moved alias."""
        server, report, spec = self.run.typesense, self.report, self.spec
        check_name_free(server, spec.alias)
        report.previous = resolve(server, spec.alias)
        report.collection = physical_name(spec.alias, self.run.started, spec.spec_hash)
        self._begin()
        live = self._live()
        create_collection(server, spec.schema(report.collection))
        with self._removed_on_failure(report.collection):
            self._load(report.collection)
            settled(server, report.collection)
            report.gates = self._gates(report.collection, live, allow_shrink)
        self._refuse_where_a_gate_says_no()
        swap(server, spec.alias, report.collection, report.previous)
        report.state, report.swapped = "live", True
        self.run.emit(Step("swap", f"{spec.alias} is now {report.collection}"))
        self._prune(keep)

    def _begin(self) -> None:
        report = self.report
        self.run.emit(Started(report.name, report.collection, report.source_count))
        if self.spec.counted and not self.membership.complete:
            self.run.emit(Step("count", f"{report.name} are counted by a pass over the scenes"))
            self.membership.clear()
            count_memberships(self.run.source, self.membership)

    def _live(self) -> Live:
        """Count on the server what people search now: how many documents, which fields set."""
        previous = self.report.previous
        if previous is None or collection(self.run.typesense, previous) is None:
            return NOTHING
        coverage = Counter[str]()
        documents = 0
        for line in export_documents(self.run.typesense, previous):
            coverage.update(orjson.loads(line).keys())
            documents += 1
        return Live(documents, coverage)

    def _load(self, target: str) -> None:
        run, report = self.run, self.report
        with DeadLetters(run.dead_letters, target) as dead_letters:
            load(run.typesense, target, self.stream, report, dead_letters, run.emit)

    def _gates(self, target: str, live: Live, allow_shrink: int) -> list[Gate]:
        """Ask the server, not our own counters, for what is in the collection."""
        server, report, stream = self.run.typesense, self.report, self.stream
        found = collection(server, target)
        report.documents = found.num_documents if found else 0
        seen = Seen(
            source_count=report.source_count or 0,
            read=stream.read,
            refused=report.refused,
            unknown=stream.unknown,
            documents=report.documents,
            coverage=stream.coverage,
        )
        gates = check_gates(self.spec.gates, seen, live, self.spec.facets, allow_shrink)
        if not all(gate.ok for gate in gates):
            return gates
        canaries = self.spec.canaries
        return gates + send_canaries(server, target, canaries, stream.coverage, report.documents)

    def _refuse_where_a_gate_says_no(self) -> None:
        failed = [gate for gate in self.report.gates if not gate.ok]
        if failed:
            self.report.state = "refused"
            raise refusal(self.report, failed)

    @contextmanager
    def _removed_on_failure(self, target: str) -> Iterator[None]:
        """What fails before the gates have spoken leaves nothing behind."""
        try:
            yield
        except BaseException:
            self._remove(target)
            raise

    def _remove(self, target: str) -> None:
        try:
            drop_collection(self.run.typesense, target, self.spec.alias)
        except IndexerError as error:
            self.run.emit(Warned(f"{target} could not be removed and stays: {error.message}"))
        else:
            self.report.collection = None

    def _prune(self, keep: int) -> None:
        """Drop earlier collections; the one just replaced is the last to go."""
        report, server = self.report, self.run.typesense
        protected = {report.previous} if report.previous and keep else set[str]()
        rest = keep - len(protected)
        for name in prune(server, self.spec.alias, rest, protected):
            self.run.emit(Step("prune", f"{name} was dropped, beyond the {keep} to keep"))


def refusal(report: CollectionReport, failed: Sequence[Gate]) -> GateRefused:
    """Return the error of a refused swap: which gate, what it saw, its limit, the two ways on."""
    seen = "; ".join(f"{gate.name}: {gate.seen:g}, limit {gate.limit:g}" for gate in failed)
    shrunk = next((gate for gate in failed if gate.name in {"shrink", "source"}), None)
    ways = f"Look at it under its own name, {report.collection}, and why it differs."
    if shrunk is not None:
        ways += f" If that many are meant to be gone: --allow-shrink {shrunk.seen:g}."
    else:
        ways += " If it is right as it is: raise the limit in the collection's spec."
    return GateRefused(
        f"{report.alias} was not moved to {report.collection} ({seen}); people search "
        f"{report.previous or 'nothing yet'} as before.",
        ways,
    )
