"""What a collection counts of scenes, taken from no listing that a sync of them would refuse."""

from indexer.errors import GateRefused
from indexer.loader.catalog import count_documents, resolve
from indexer.pipeline.gates import shrink_gate
from indexer.pipeline.run import Turn
from indexer.pipeline.stream import ensure_counted


def count_scenes(turn: Turn) -> None:
    """Count the scenes if a collection needs it and nobody has in this run.

    Raises:
        GateRefused: too few came, held against those that people search.
        StashError, TypesenseError: a server fails.
    """
    run, membership = turn.run, turn.run.membership
    before = membership.complete
    ensure_counted(run.source, turn.spec, membership, run.emit)
    scenes = next((spec for spec in run.specs if spec.kind == "scene"), None)
    live = resolve(run.typesense, scenes.alias) if scenes else None
    if before or not membership.complete or scenes is None or live is None:
        return
    gate = shrink_gate(scenes.gates, count_documents(run.typesense, live), membership.read)
    if not gate.ok:
        membership.doubted = True
        raise GateRefused(
            f"{turn.spec.alias} was left as it is: it counts scenes, and {membership.read:,} came, "
            f"{gate.seen:,.0f} fewer than people search; {gate.limit:,.0f} may be.",
            f"Look at Stash. If they are meant to be gone: `indexer sync {scenes.name}` first.",
        )
