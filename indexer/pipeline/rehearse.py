"""rehearse: read and transform everything, write nothing; Typesense isn't needed."""

import time
from collections.abc import Sequence

from indexer.errors import IndexerError
from indexer.events import Emit, Once, Started
from indexer.extractor.source import Source
from indexer.pipeline import suggestions
from indexer.pipeline.report import CollectionReport, RunReport
from indexer.pipeline.stream import Stream, ensure_counted
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.membership import Membership


def rehearse(source: Source, specs: Sequence[CompiledSpec], emit: Emit) -> RunReport:
    """Count what a reindex of these collections would read, refuse and load."""
    reports = [CollectionReport(spec.name, spec.alias, state="dry-run") for spec in specs]
    membership, warn_once = Membership(), Once(emit)
    for spec, report in zip(specs, reports, strict=True):
        started = time.monotonic()
        try:
            report.source_count = suggestions.count(source.info().counts, spec.kind)
            emit(Started(report.name, None, report.source_count))
            ensure_counted(source, spec, membership, emit)
            _read(Stream(source, spec, membership, warn_once), report)
        except IndexerError as error:
            report.error = error
        report.seconds = round(time.monotonic() - started, 3)
    return RunReport(reports)


def _read(stream: Stream, report: CollectionReport) -> None:
    report.documents = sum(1 for _ in stream.documents())
    report.read, report.refused = stream.read, len(stream.unreadable)
