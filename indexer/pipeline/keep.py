"""keep: what is refused in its new form stays searchable in its old one in a new collection too."""

from collections.abc import Iterator
from dataclasses import replace

import orjson

from indexer.documents import Document
from indexer.loader.bulk import import_documents
from indexer.loader.export import MOST_IDS, stored_documents
from indexer.loader.names import parse_name
from indexer.pipeline.gates import refused_gate
from indexer.pipeline.reconcile import Outcome
from indexer.pipeline.run import Turn


def keep_old_forms(turn: Turn, target: str, outcome: Outcome) -> Outcome:
    """Copy what was refused from the collection that people search; return what is so now.

    Only where that one is of today's spec: documents of another may not fit. So many refused that
    no gate would let them pass are left alone. Raises TypesenseError, LockHeld.
    """
    live = turn.report.previous
    parts = parse_name(live) if live else None
    if not live or not parts or parts.spec_hash != turn.spec.spec_hash:
        return outcome
    if not refused_gate(turn.spec.gates, outcome.refused, outcome.read).ok:
        return outcome
    turn.lock.check()
    old = _stored(turn, live, [turn.spec.document_id(number) for number in outcome.missing])
    kept = sum(done.loaded for done in import_documents(turn.run.typesense, target, old))
    return replace(outcome, kept=outcome.kept + kept)


def _stored(turn: Turn, live: str, ids: list[str]) -> Iterator[Document]:
    for start in range(0, len(ids), MOST_IDS):
        found = stored_documents(turn.run.typesense, live, ids[start : start + MOST_IDS])
        yield from (Document(each, orjson.dumps(stored)) for each, stored in found.items())
