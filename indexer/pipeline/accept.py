"""accept: swap to a collection that a gate refused, after a person looked at it."""

from indexer.errors import ConfigurationError
from indexer.events import Step
from indexer.loader import registry
from indexer.loader.aliases import check_name_free
from indexer.loader.catalog import resolve
from indexer.loader.registry import Entry
from indexer.pipeline.counting import count_scenes
from indexer.pipeline.live import look_at_live
from indexer.pipeline.prune import prune_alias
from indexer.pipeline.reconcile import count_in, reconcile
from indexer.pipeline.report import RunReport
from indexer.pipeline.run import Run, Turn
from indexer.pipeline.swap import swap_in
from indexer.pipeline.turns import take_turns


def accept(run: Run, name: str, *, keep: int = 1) -> RunReport:
    """Bring the newest refused collection up to date, and move its alias there.

    What changed since the gates refused it has to pass them.

    Raises:
        ConfigurationError: the name is unknown.
    """

    def work(turn: Turn) -> None:
        check_name_free(run.typesense, turn.spec.alias)
        turn.report.previous = resolve(run.typesense, turn.spec.alias)
        refused = _refused(turn)
        target = turn.report.collection = refused.collection
        count_scenes(turn)
        outcome = count_in(turn.report, reconcile(turn, target))
        live = look_at_live(run.typesense, turn.report.previous)
        swap_in(turn, target, outcome, live, accepted=refused)
        prune_alias(turn, keep)

    return take_turns(run, [name], "accept", work)


def _refused(turn: Turn) -> Entry:
    """Return the newest refused collection, and show what the gates saw. Raises."""
    run, spec = turn.run, turn.spec
    found = registry.standing(run.typesense, spec.alias)
    refused = [each.entry for each in found if each.state == "refused" and each.entry]
    if not refused:
        raise ConfigurationError(
            f"There is no refused collection of {spec.name} to accept.",
            "`indexer status` shows what is there.",
        )
    entry = refused[0]
    if entry.spec_hash != spec.spec_hash:
        raise ConfigurationError(
            f"{entry.collection} was built by another spec than {spec.name} has now.",
            f"`indexer reindex {spec.name}` builds it anew.",
        )
    for gate in entry.gates:
        if not gate["ok"]:
            message = f"{gate['name']} saw {gate['seen']:g}, limit {gate['limit']:g}"
            run.emit(Step("accept", f"{entry.collection}: {message}"))
    return entry
