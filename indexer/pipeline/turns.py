"""One turn after the other: every command that writes locks, reports and records alike."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TypeAlias

from indexer import __version__
from indexer.errors import (
    AliasHeld,
    ConfigurationError,
    IndexerError,
    Interrupted,
    TypesenseError,
    unexpected,
)
from indexer.events import Warned
from indexer.extractor.source import StashInfo
from indexer.loader import registry
from indexer.loader.catalog import resolve
from indexer.loader.locks import Held, hold, settled_server
from indexer.loader.runs import PastRun, write_run
from indexer.loader.tuning import switch_behaviour
from indexer.pipeline import suggestions
from indexer.pipeline.report import CollectionReport, RunReport
from indexer.pipeline.run import Run, Turn, choose
from indexer.retries import HURRIED, Patience, until_up
from indexer.transformer.compile import CompiledSpec

Work: TypeAlias = Callable[[Turn], None]

_NO_STASH = StashInfo(url="", version="", schema=0)


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

    What fails is in the report and in the record of runs, and doesn't stop the others. A signal
    does; it is in the record of runs too. An alias that a person holds is left alone, unless
    `even_held`; where Stash isn't needed it isn't asked.

    Raises:
        ConfigurationError: a name is unknown.
    """
    specs = choose(run.specs, names)
    reports = [CollectionReport(spec.name, spec.alias) for spec in specs]
    try:
        info = first_contact(run, stash=stash)
    except IndexerError as error:
        if not isinstance(error, TypesenseError):
            _write_down_all(run, command, reports, error)
        return RunReport(reports, error)
    for spec, report in zip(specs, reports, strict=True):
        report.source_count = suggestions.count(info.counts, spec.kind)
        with (
            _recorded(run, command, report, info),
            hold(run.typesense, spec.alias, run.identity, lease=run.lease) as lock,
        ):
            settled_server(run.typesense)  # it may have restarted since the turn before
            if not even_held:
                _refuse_held(run, spec)
            refuse_older(run, spec, info)
            with _blamed_on_its_owner(lock):
                work(Turn(run, spec, report, lock, info))
    return RunReport(reports)


@contextmanager
def _recorded(run: Run, command: str, report: CollectionReport, info: StashInfo) -> Iterator[None]:
    """Put down how a turn ended and how long it took.

    Its error goes no further; a signal does, and so does what nobody foresaw.
    """
    started = time.monotonic()
    try:
        yield
    except IndexerError as error:
        report.error = error
    except Interrupted as interrupted:
        with _hurried(run):
            _write_down(run, command, report, info, interrupted)
        raise
    except Exception as error:
        _write_down(run, command, report, info, unexpected(error))
        raise
    finally:
        report.seconds = round(time.monotonic() - started, 3)
    _write_down(run, command, report, info)


@contextmanager
def _blamed_on_its_owner(lock: Held) -> Iterator[None]:
    """What is wrong for a run that lost its lock is another's work under way: tell that instead.

    Raises:
        LockHeld: another run took over.
    """
    try:
        yield
    except IndexerError as error:
        if not error.transient:
            with suppress(TypesenseError):  # what went wrong first tells more
                lock.check()
        raise


def first_contact(run: Run, *, stash: bool = True) -> StashInfo:
    """Ask the servers who they are before anything begins.

    One that doesn't answer, or isn't ready, is waited for as long as the run says.

    Raises:
        StashError, TypesenseError: a server can't be used.
    """

    def ask() -> StashInfo:
        info = run.source.info() if stash else _NO_STASH
        run.typesense.reach()
        run.typesense.check_key()
        settled_server(run.typesense)
        return info

    return until_up(ask, "the servers", Patience(run.wait_for), run.emit)


def _refuse_held(run: Run, spec: CompiledSpec) -> None:
    hold = registry.held(run.typesense, spec.alias)
    if hold is None:
        return
    if live := resolve(run.typesense, spec.alias):  # a rollback may have died before it did that
        switch_behaviour(run.typesense, spec.alias, live)
    raise AliasHeld(
        f"{spec.alias} is held where it is since {_when(hold.since)}: {hold.reason}.",
        f"When it may move again: `indexer release {spec.name}`.",
    )


def refuse_older(run: Run, spec: CompiledSpec, info: StashInfo) -> None:
    """Refuse a snapshot older than what people search: it tells of another time.

    Raises:
        ConfigurationError: it is, and nobody said that it may be.
    """
    live = resolve(run.typesense, spec.alias)
    entry = registry.entry(run.typesense, live) if live and info.taken_at else None
    if entry is None or run.older_source or entry.t0 <= (info.taken_at or 0):
        return
    taken, has = (_when(epoch) for epoch in (info.taken_at or 0, entry.t0))
    raise ConfigurationError(
        f"The snapshot is of {taken}, and {live} of {has}: it would take {spec.alias} back.",
        "Take a newer one with `indexer extract`; if it is meant: --older-source of sync, reindex, "
        "verify.",
    )


def _when(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _write_down_all(
    run: Run, command: str, reports: Sequence[CollectionReport], ended_by: IndexerError
) -> None:
    """Record turns that never began: `status` has to tell of a Stash that is away every night."""
    with _hurried(run):
        for report in reports:
            if not _write_down(run, command, report, _NO_STASH, ended_by):
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
    info: StashInfo,
    ended_by: IndexerError | Interrupted | None = None,
) -> bool:
    """Record the turn for `status`, and say whether it was; where it wasn't the turn stands."""
    try:
        past = _past_run(run, command, report, info)
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


def _past_run(run: Run, command: str, report: CollectionReport, info: StashInfo) -> PastRun:
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
            "stash": info.version,
            "typesense": run.typesense.version(),
        },
    )


def _counts(report: CollectionReport) -> Mapping[str, int]:
    names = ("source_count", "read", "loaded", "refused", "deleted", "documents")
    return {name: getattr(report, name) or 0 for name in names}
