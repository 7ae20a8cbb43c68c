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
    run, spec, membership = turn.run, turn.spec, turn.run.membership
    if not spec.counted:
        return
    if membership.doubted:
        raise GateRefused(
            f"{spec.alias} was left as it is: it counts scenes, and too few of them came.",
            "See above why the scenes were refused, then run again.",
        )
    if membership.complete:
        return
    read = ensure_counted(run.source, spec, membership, run.emit)
    scenes = next((each for each in run.specs if each.kind == "scene"), None)
    live = resolve(run.typesense, scenes.alias) if scenes else None
    if scenes is None or live is None:
        return
    gate = shrink_gate(scenes.gates, count_documents(run.typesense, live), read)
    if not gate.ok:
        membership.doubted = True
        raise GateRefused(
            f"{spec.alias} was left as it is: it counts scenes, and {read:,} came, "
            f"{gate.seen:,.0f} fewer than people search; {gate.limit:,.0f} may be.",
            f"Look at Stash. If they are meant to be gone: `indexer sync {scenes.name}` first.",
        )
