"""What became of each turn, put down on Typesense: `status` tells it, however the run ended."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace

from indexer import __version__
from indexer.errors import IndexerError, Interrupted, TypesenseError, unexpected
from indexer.events import Warned
from indexer.loader.runs import PastRun, write_run
from indexer.pipeline.report import CollectionReport
from indexer.pipeline.run import Run
from indexer.retries import HURRIED


@contextmanager
def recorded(run: Run, command: str, report: CollectionReport, stash: str) -> Iterator[None]:
    """Put down how a turn ended and how long it took; `stash` is that server's version.

    Its error goes no further; a signal does, and so does what nobody foresaw.
    """
    started = time.monotonic()
    try:
        yield
    except IndexerError as error:
        report.error = error
    except Interrupted as interrupted:
        with _hurried(run):
            _write_down(run, command, report, stash, interrupted)
        raise
    except Exception as error:
        _write_down(run, command, report, stash, unexpected(error))
        raise
    finally:
        report.seconds = round(time.monotonic() - started, 3)
    with _hurried(run) if isinstance(report.error, TypesenseError) else nullcontext():
        _write_down(run, command, report, stash)


def record_all(
    run: Run, command: str, reports: Sequence[CollectionReport], ended_by: IndexerError
) -> None:
    """Record turns that never began: `status` has to tell of a Stash that is away every night."""
    with _hurried(run):
        for report in reports:
            if not _write_down(run, command, report, "", ended_by):
                return


@contextmanager
def _hurried(run: Run) -> Iterator[None]:
    """Ask Typesense with little patience: who is told of this run's end waits for it."""
    usual, run.typesense.patience = run.typesense.patience, HURRIED
    try:
        yield
    finally:
        run.typesense.patience = usual


def _write_down(
    run: Run,
    command: str,
    report: CollectionReport,
    stash: str,
    ended_by: IndexerError | Interrupted | None = None,
) -> bool:
    """Record the turn for `status`, and say whether it was; where it wasn't the turn stands."""
    try:
        past = _past_run(run, command, report, stash)
        if ended_by is not None:
            past = replace(
                past,
                exit_code=ended_by.exit_code,
                error_slug=ended_by.slug,
                error_message=ended_by.message,
            )
        write_run(run.typesense, past)
    except TypesenseError as error:
        run.emit(Warned(f"This run is missing in the record of runs: {error.message}"))
        return False
    return True


def _past_run(run: Run, command: str, report: CollectionReport, stash: str) -> PastRun:
    error = report.error
    return PastRun(
        run=run.identity.owner,
        alias=report.alias,
        command=command,
        state=report.state,
        started=int(run.started.timestamp()),
        finished=round(time.time(), 3),
        exit_code=report.exit_code,
        error_slug=error.slug if error else None,
        error_message=error.message if error else None,
        counts=_counts(report),
        gates=[asdict(gate) for gate in report.gates],
        versions={
            "indexer": __version__,
            "stash": stash,
            "typesense": run.typesense.version(),
        },
    )


def _counts(report: CollectionReport) -> Mapping[str, int]:
    names = ("source_count", "read", "loaded", "refused", "deleted", "documents")
    return {name: getattr(report, name) or 0 for name in names}
