"""repair: mend what verify found."""

from indexer.pipeline.reindex import reindex
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import Run
from indexer.pipeline.sync import sync
from indexer.pipeline.verify import VerifyReport


def repair(run: Run, found: VerifyReport, *, keep: int = 1) -> RunReport:
    """Bring what differs up to date, and say what became of it.

    Where stored fields belie their digest a sync sees no difference: such a collection is built
    anew.
    """
    altered = [drift.name for drift in found.collections if drift.altered]
    others = [name for name in found.drifted if name not in altered]
    reports = []
    if others:
        reports.append(sync(run, others, keep=keep))
    if altered:
        reports.append(reindex(run, altered, keep=keep))
    collections = [entry for report in reports for entry in report.collections]
    errors = [report.error for report in reports if report.error is not None]
    return RunReport(collections, errors[0] if errors else None)
