"""Canaries: searches that a new collection has to answer before an alias moves to it."""

from collections.abc import Iterator, Mapping, Sequence

from indexer.loader.search import search
from indexer.loader.server import Typesense
from indexer.pipeline.gates import CANARY, EVERYTHING
from indexer.pipeline.report import Gate
from indexer.transformer.spec import Canary


def send_canaries(
    server: Typesense,
    collection: str,
    canaries: Sequence[Canary],
    coverage: Mapping[str, int],
    documents: int,
) -> list[Gate]:
    """Return what each canary found; the first asks for everything and must find all documents.

    A facet is not asked of a field that no document has, nor anything of an empty collection.
    """
    everything = search(server, collection, {"q": "*", "per_page": "0"})
    found = int(everything["found"])
    gates = [Gate(EVERYTHING, found == documents, found, documents)]
    if documents:
        for number, canary in enumerate(canaries, start=1):
            gates.extend(_send(server, collection, f"{CANARY}{number}", canary, coverage))
    return gates


def _send(
    server: Typesense, collection: str, name: str, canary: Canary, coverage: Mapping[str, int]
) -> Iterator[Gate]:
    parameters = {"q": canary.q, "per_page": "0"}
    if canary.query_by:
        parameters["query_by"] = canary.query_by
    if canary.facet_by:
        parameters["facet_by"] = canary.facet_by
    answer = search(server, collection, parameters)
    found = int(answer["found"])
    yield Gate(f"{name}: hits for {canary.q}", found >= canary.min_found, found, canary.min_found)
    if canary.facet_by and coverage.get(canary.facet_by):
        values = len(answer["facet_counts"][0]["counts"])
        label = f"{name}: values of {canary.facet_by}"
        yield Gate(label, values >= canary.min_facet_values, values, canary.min_facet_values)
