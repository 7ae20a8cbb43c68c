"""One turn after the other: every command that writes locks, reports and records alike."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TypeAlias

from indexer.errors import AliasHeld, ConfigurationError, IndexerError, TypesenseError
from indexer.extractor.source import StashInfo
from indexer.loader import registry
from indexer.loader.catalog import resolve
from indexer.loader.locks import Held, hold, settled_server
from indexer.loader.tuning import switch_behaviour
from indexer.pipeline import suggestions
from indexer.pipeline.recording import record_all, recorded
from indexer.pipeline.report import CollectionReport, RunReport
from indexer.pipeline.run import Run, Turn, choose
from indexer.retries import Patience, until_up
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
            record_all(run, command, reports, error)
        return RunReport(reports, error)
    away: TypesenseError | None = None
    for spec, report in zip(specs, reports, strict=True):
        if away is not None:
            report.error = away
            continue
        report.source_count = suggestions.count(info.counts, spec.kind)
        with (
            recorded(run, command, report, info.version),
            hold(run.typesense, spec.alias, run.identity, lease=run.lease) as lock,
        ):
            settled_server(run.typesense)  # it may have restarted since the turn before
            if not even_held:
                _refuse_held(run, spec)
            refuse_older(run, spec, info)
            with _blamed_on_its_owner(lock):
                work(Turn(run, spec, report, lock, info))
        away = _still_away(run, report.error)
    return RunReport(reports)


def _still_away(run: Run, error: IndexerError | None) -> TypesenseError | None:
    """Return the error of a Typesense that ended a turn by being away, and is so still.

    The turns after it would wait as long again, each of them.
    """
    if not isinstance(error, TypesenseError) or not error.transient:
        return None
    try:
        run.typesense.reach()
    except TypesenseError as still:
        return still
    return None


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
