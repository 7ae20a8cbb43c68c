"""Gates: checks on counts and coverage that stand before an alias moves.

Shares trip only above 10 documents as well, so that small libraries are not held up by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.pipeline.report import Gate
from indexer.transformer.spec import Gates

EVERYTHING = "canary: everything"
ALWAYS_ALLOWED = 10
"""So many documents never trip a share."""

DOCUMENTS, REFUSED, UNKNOWN = "documents", "refused", "unknown"
SOURCE, SHRINK, EMPTY = "source", "shrink", "empty"
NEVER_WAIVED = frozenset({DOCUMENTS, EMPTY, EVERYTHING})
"""What even a person who accepts a collection can't overrule."""

CANARY = "canary "
"""How the names of the gates begin that want so much at least."""


@dataclass(frozen=True)
class Seen:
    """What one build of a collection saw; coverage in documents by field.

    `source_count` is Stash's own count at launch; `kept` were refused in their new form and stay in
    their old one; `documents` is what the server has now.
    """

    source_count: int
    read: int
    refused: int
    kept: int
    unknown: int
    documents: int
    coverage: Mapping[str, int]


@dataclass(frozen=True)
class Live:
    """What people search now: its documents, and in how many each field is set."""

    documents: int
    coverage: Mapping[str, int]


NOTHING = Live(0, {})


def check_gates(
    limits: Gates, seen: Seen, live: Live, facets: Sequence[str], allow_shrink: int = 0
) -> list[Gate]:
    """Return every gate with what it saw; `allow_shrink` documents may go whatever the shares.

    The count of documents is exact: what was read less what was refused is on the server.
    Nothing never replaces something; only an empty library has an empty collection.
    """
    short = max(_share(limits.max_shrink, seen.source_count), allow_shrink)
    expected = seen.read - seen.refused + seen.kept
    return [
        Gate(DOCUMENTS, seen.documents == expected, seen.documents, expected),
        refused_gate(limits, seen.refused, seen.read),
        _at_most(UNKNOWN, seen.unknown, _share(limits.max_unknown, seen.read)),
        _at_most(SOURCE, seen.source_count - seen.read, short),
        shrink_gate(limits, live.documents, seen.documents, allow_shrink),
        Gate(EMPTY, seen.documents > 0 or not (live.documents or seen.read), seen.documents, 1),
        *_coverage(limits, seen, live, facets),
    ]


def refused_gate(limits: Gates, refused: int, read: int) -> Gate:
    """Return the gate on what Stash couldn't give and Typesense didn't take."""
    return _at_most(REFUSED, refused, _share(limits.max_refused, read))


def shrink_gate(limits: Gates, live: int, documents: int, allow_shrink: int = 0) -> Gate:
    """Return the gate on how many documents fewer there are than people search."""
    limit = max(_share(limits.max_shrink, live), allow_shrink)
    return _at_most(SHRINK, live - documents, limit)


def waived(gate: Gate, looked_at: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a person who accepts a collection overrules a gate that says no now.

    That covers what the gates saw when they refused it, `looked_at`, and beyond that no more than
    the gate lets pass at any time: the library may have changed since the person looked.
    """
    then = next((each for each in looked_at if each["name"] == gate.name), None)
    if then is None or gate.name in NEVER_WAIVED:
        return False
    if gate.name.startswith(CANARY):
        return not then["ok"]
    return bool(gate.seen <= then["seen"] + gate.limit)


def _share(share: float, of: int) -> int:
    return max(ALWAYS_ALLOWED, int(share * of))


def _at_most(name: str, seen: int, limit: int) -> Gate:
    return Gate(name, seen <= limit, max(seen, 0), limit)


def _coverage(limits: Gates, seen: Seen, live: Live, facets: Sequence[str]) -> Iterator[Gate]:
    """A facet field may be set in a share of documents smaller by `max_thinner` of it at most."""
    if not live.documents or not seen.documents:
        return
    thinner = {name: _thinner(seen, live, name) for name in facets}
    failing = {name: lost for name, lost in thinner.items() if lost > limits.max_thinner}
    for name, lost in failing.items():
        yield Gate(f"coverage of {name}", ok=False, seen=lost, limit=limits.max_thinner)
    if not failing:
        yield Gate("coverage", ok=True, seen=max(thinner.values()), limit=limits.max_thinner)


def _thinner(seen: Seen, live: Live, name: str) -> float:
    """Return by which part of itself a field's share became smaller; 0 where few are concerned."""
    before = live.coverage.get(name, 0) / live.documents
    now = seen.coverage.get(name, 0) / seen.documents
    if (before - now) * seen.documents <= ALWAYS_ALLOWED:
        return 0.0
    return round((before - now) / before, 4)
