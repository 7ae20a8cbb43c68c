"""One turn after the other: every command that writes locks, reports and records alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypeAlias

from indexer import __version__
from indexer.errors import AliasHeld, IndexerError, TypesenseError
from indexer.events import Warned
from indexer.extractor.source import StashInfo
from indexer.loader.locks import hold
from indexer.loader.registry import held
from indexer.loader.runs import PastRun, write_run
from indexer.loader.settling import settled
from indexer.pipeline.report import CollectionReport, RunReport
from indexer.pipeline.run import Run, Turn, choose

Work: TypeAlias = Callable[[Turn], None]


def take_turns(
    run: Run,
    names: Sequence[str],
    command: str,
    work: Work,
    *,
    even_held: bool = False,
    stash: bool = True,
) -> RunReport:
    """Do `work` for each collection, all if none is named, with its alias locked.

    What fails is in the report and in the record of runs, and doesn't stop the others. An alias
    that a person holds is left alone, unless `even_held`; where Stash isn't needed it isn't asked.

    Raises:
        ConfigurationError: a name is unknown.
    """
    specs = choose(run.specs, names)
    reports = [CollectionReport(spec.name, spec.alias) for spec in specs]
    try:
        info = first_contact(run) if stash else _without_stash(run)
    except IndexerError as error:
        return RunReport(reports, error)
    for spec, report in zip(specs, reports, strict=True):
        report.source_count = info.counts.get(spec.kind)
        started = time.monotonic()
        try:
            with hold(run.typesense, spec.alias, run.identity, lease=run.lease) as lock:
                if not even_held:
                    _refuse_held(run, spec.alias)
                work(Turn(run, spec, report, lock))
        except IndexerError as error:
            report.error = error
        finally:
            report.seconds = round(time.monotonic() - started, 3)
        _write_down(run, command, report, info)
    return RunReport(reports)


def first_contact(run: Run) -> StashInfo:
    """Ask both servers who they are before anything begins. Raises StashError, TypesenseError."""
    info = run.source.info()
    run.typesense.check_key()
    settled(run.typesense)
    return info


def _without_stash(run: Run) -> StashInfo:
    run.typesense.check_key()
    settled(run.typesense)
    return StashInfo(url="", version="", schema=0)


def _refuse_held(run: Run, alias: str) -> None:
    hold = held(run.typesense, alias)
    if hold is None:
        return
    since = datetime.fromtimestamp(hold.since, UTC).strftime("%Y-%m-%d %H:%M UTC")
    raise AliasHeld(
        f"{alias} is held where it is since {since}: {hold.reason}.",
        f"When it may move again: `indexer release {alias}`.",
    )


def _write_down(run: Run, command: str, report: CollectionReport, info: StashInfo) -> None:
    """Record the turn for `status`; where that fails the turn itself stands."""
    try:
        write_run(run.typesense, _past_run(run, command, report, info))
    except TypesenseError as error:
        run.emit(Warned(f"This run is missing in the record of runs: {error.message}"))


def _past_run(run: Run, command: str, report: CollectionReport, info: StashInfo) -> PastRun:
    error = report.error
    return PastRun(
        run=run.identity.owner,
        alias=report.alias,
        command=command,
        state=report.state,
        started=int(run.started.timestamp()),
        finished=int(time.time()),
        exit_code=report.exit_code,
        error_slug=error.slug if error else None,
        error_message=error.message if error else None,
        counts=_counts(report),
        gates=[asdict(gate) for gate in report.gates],
        versions={
            "indexer": __version__,
            "stash": info.version,
            "typesense": run.typesense.version(),
        },
    )


def _counts(report: CollectionReport) -> Mapping[str, int]:
    names = ("source_count", "read", "loaded", "refused", "deleted", "documents")
    return {name: getattr(report, name) or 0 for name in names}
