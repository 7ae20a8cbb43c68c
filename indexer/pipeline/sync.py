"""sync: make each collection right, with as little work as that takes.

No alias yet, or another spec → reindex. Else the differences are found first, and written into
the live collection only if they pass the gates of a swap.
"""

from collections.abc import Sequence

from indexer.events import Started, Step
from indexer.loader.aliases import check_name_free
from indexer.loader.catalog import collection, resolve
from indexer.pipeline.counting import count_scenes
from indexer.pipeline.prune import prune_alias
from indexer.pipeline.reindex import rebuild
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import Run, Turn
from indexer.pipeline.schemas import wrong_schema
from indexer.pipeline.tuning import tune_live
from indexer.pipeline.turns import take_turns
from indexer.pipeline.update import update


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
        check_name_free(run.typesense, turn.spec.alias)
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
    wrong = wrong_schema(turn.spec, found)
    return f"it is not of today's spec: {wrong}" if wrong else None


def _bring_up_to_date(turn: Turn, live: str, keep: int, allow_shrink: int) -> str | None:
    """Make the live collection right in place; return why it should be built anew instead."""
    run, spec, report = turn.run, turn.spec, turn.report
    report.previous = report.collection = live
    run.emit(Started(spec.name, live, report.source_count))
    count_scenes(turn)
    reason = update(turn, live, report.source_count or 0, allow_shrink)
    if reason is None:
        tune_live(turn, live)
        prune_alias(turn, keep)
    return reason
