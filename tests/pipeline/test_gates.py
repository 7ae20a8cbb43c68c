"""Gates, each at its edge: the last value that passes and the first that does not."""

from collections.abc import Mapping
from typing import Any

import pytest

from indexer.pipeline.gates import NOTHING, Live, Seen, check_gates, waived
from indexer.pipeline.report import Gate
from indexer.transformer.spec import Gates

LIMITS = Gates(max_refused=0.01, max_unknown=0.02, max_shrink=0.1, max_thinner=0.1)
FACETS = ["colour", "harbour"]


def _seen(count: int = 10_000, /, **values: Any) -> Seen:
    """Return what a run saw in which everything went well, but for the values given."""
    plain: dict[str, Any] = {
        "source_count": count,
        "read": count,
        "refused": 0,
        "kept": 0,
        "unknown": 0,
        "documents": count,
        "coverage": dict.fromkeys(FACETS, count),
    }
    return Seen(**plain | values)


def _live(documents: int = 10_000, coverage: Mapping[str, int] | None = None) -> Live:
    return Live(documents, dict.fromkeys(FACETS, documents) if coverage is None else coverage)


def _check(seen: Seen, live: Live = NOTHING, allow_shrink: int = 0) -> dict[str, Gate]:
    gates = check_gates(LIMITS, seen, live, FACETS, allow_shrink)
    return {gate.name: gate for gate in gates}


def _failed(seen: Seen, live: Live = NOTHING, allow_shrink: int = 0) -> list[str]:
    return [name for name, gate in _check(seen, live, allow_shrink).items() if not gate.ok]


def test_all_is_well() -> None:
    """A run without losses passes every gate, and each is reported."""
    gates = _check(_seen(), _live())
    assert all(gate.ok for gate in gates.values())
    assert list(gates) == [
        "documents",
        "refused",
        "unknown",
        "source",
        "shrink",
        "empty",
        "coverage",
    ]


@pytest.mark.parametrize(
    ("documents", "refused", "ok"),
    [(10_000, 0, True), (9_999, 0, False), (10_001, 0, False), (9_990, 10, True)],
)
def test_documents_are_exact(documents: int, refused: int, *, ok: bool) -> None:
    """R1: the server has what was read less what was refused, not one document more or less."""
    gate = _check(_seen(read=10_000, documents=documents, refused=refused))["documents"]
    assert (gate.ok, gate.seen, gate.limit) == (ok, documents, 10_000 - refused)


@pytest.mark.parametrize(("documents", "ok"), [(9_993, True), (9_990, False), (10_000, False)])
def test_kept_documents_count(documents: int, *, ok: bool) -> None:
    """What was refused in its new form and stays in its old one is on the server too."""
    seen = _seen(read=10_000, documents=documents, refused=10, kept=3)
    gate = _check(seen)["documents"]
    assert (gate.ok, gate.limit) == (ok, 9_993)


def test_exact_whatever_is_allowed() -> None:
    """--allow-shrink doesn't loosen the exact gate, nor does a small library."""
    assert "documents" in _failed(_seen(9_999, read=10_000), allow_shrink=100)
    assert "documents" in _failed(_seen(2, read=3))


@pytest.mark.parametrize(
    ("name", "read", "limit"),
    [
        ("refused", 10_000, 100),
        ("refused", 1_001, 10),
        ("refused", 1_100, 11),
        ("refused", 50, 10),
        ("unknown", 10_000, 200),
        ("unknown", 50, 10),
    ],
)
def test_shares_of_what_was_read(name: str, read: int, limit: int) -> None:
    """A share trips above its part of what was read, and never at 10 documents or fewer."""
    for seen, failed in ((limit, []), (limit + 1, [name])):
        documents = read - seen if name == "refused" else read
        given = _seen(read, documents=documents, **{name: seen})
        assert _failed(given) == failed
        assert _check(given)[name] == Gate(name, not failed, seen, limit)


@pytest.mark.parametrize(("count", "limit"), [(10_000, 1_000), (200, 20), (109, 10), (40, 10)])
def test_read_less_than_stash_counted(count: int, limit: int) -> None:
    """What is read may fall short of Stash's own count by a share, or by 10."""
    assert _failed(_seen(count - limit, source_count=count)) == []
    assert _failed(_seen(count - limit - 1, source_count=count)) == ["source"]


def test_read_more_than_stash_counted() -> None:
    """A library that grew meanwhile is no loss."""
    gate = _check(_seen(10_000, source_count=9_000))["source"]
    assert (gate.ok, gate.seen) == (True, 0)


@pytest.mark.parametrize(("live", "limit"), [(10_000, 1_000), (200, 20), (109, 10), (40, 10)])
def test_shrink(live: int, limit: int) -> None:
    """The new collection may be smaller than the live one by a share, or by 10 documents."""
    assert _failed(_seen(live - limit), _live(live)) == []
    assert _failed(_seen(live - limit - 1), _live(live)) == ["shrink"]


def test_shrink_is_against_what_is_stored() -> None:
    """Documents that were read and refused are missing from the collection all the same."""
    seen = _seen(10_000, documents=9_950, refused=50)
    assert _failed(seen, _live(11_000)) == []
    assert _failed(seen, _live(11_100)) == ["shrink"]


def test_allow_shrink_is_a_ceiling() -> None:
    """So many documents may go, not one more; and never fewer than the share."""
    assert _failed(_seen(5_000), _live(10_000)) == ["shrink"]
    assert _failed(_seen(5_000), _live(10_000), allow_shrink=5_000) == []
    assert _failed(_seen(4_999), _live(10_000), allow_shrink=5_000) == ["shrink"]
    assert _failed(_seen(9_000), _live(10_000), allow_shrink=1) == []
    assert _failed(_seen(5_000, source_count=10_000), allow_shrink=5_000) == []
    assert _failed(_seen(4_999, source_count=10_000), allow_shrink=5_000) == ["source"]


@pytest.mark.parametrize("live", [1, 5, 10, 10_000])
def test_nothing_never_replaces_something(live: int) -> None:
    """An empty collection replaces none that has documents, few or many, whatever is allowed."""
    empty = _seen(0)
    assert "empty" in _failed(empty, _live(live))
    assert _failed(empty, _live(live), allow_shrink=live) == ["empty"]


def test_an_empty_library() -> None:
    """A library without performers gets an empty collection, the first time and later."""
    assert _failed(_seen(0)) == []
    assert _failed(_seen(0), _live(0)) == []


def test_read_but_nothing_stored() -> None:
    """Records of which not one was stored make no collection, though there are few of them."""
    assert _failed(_seen(0, source_count=8, read=8, refused=8)) == ["empty"]


def _thinner(now: int, before: int = 5_000, documents: int = 10_000) -> list[str]:
    seen = _seen(documents, coverage={"colour": documents, "harbour": now})
    live = _live(documents, {"colour": documents, "harbour": before})
    return _failed(seen, live)


def test_coverage_is_relative() -> None:
    """A facet field may lose a tenth of its share, not a tenth of all documents."""
    assert _thinner(4_500) == []
    assert _thinner(4_499) == ["coverage of harbour"]
    assert _thinner(0) == ["coverage of harbour"]
    assert _thinner(9_000) == []


def test_coverage_of_a_rare_field() -> None:
    """Ten documents that lost a field never trip, though it was all of them."""
    assert _thinner(0, before=10) == []
    assert _thinner(0, before=11) == ["coverage of harbour"]


def test_coverage_of_another_size() -> None:
    """Shares are compared, not counts: twice the documents need twice as many with the field."""
    live = _live(5_000, {"colour": 5_000, "harbour": 5_000})
    for now, failed in ((9_000, []), (8_999, ["coverage of harbour"])):
        seen = _seen(10_000, coverage={"colour": 10_000, "harbour": now})
        assert _failed(seen, live) == failed


def test_coverage_counts_facets_only() -> None:
    """Other fields may come and go, and so may a facet that the live collection didn't have."""
    seen = _seen(coverage={"colour": 10_000, "harbour": 0, "details": 0})
    live = _live(coverage={"colour": 10_000, "details": 10_000})
    assert _failed(seen, live) == []


def test_coverage_needs_something_to_compare() -> None:
    """Without a live collection, or a library of today, there is no coverage to lose."""
    assert not [name for name in _check(_seen(coverage={})) if "coverage" in name]
    assert not [name for name in _check(_seen(0), _live()) if "coverage" in name]


def test_several_gates_at_once() -> None:
    """Every gate speaks, not only the first that refuses."""
    seen = _seen(500, source_count=10_000, refused=50, unknown=400, coverage={})
    assert set(_failed(seen, _live())) == {
        "documents",
        "refused",
        "unknown",
        "source",
        "shrink",
        "coverage of colour",
        "coverage of harbour",
    }


@pytest.mark.parametrize(
    ("gate", "seen_then", "over"),
    [
        (Gate("shrink", ok=False, seen=30, limit=10), 20, True),
        (Gate("shrink", ok=False, seen=31, limit=10), 20, False),
        (Gate("coverage of harbour", ok=False, seen=0.45, limit=0.1), 0.4, True),
        (Gate("coverage of harbour", ok=False, seen=0.6, limit=0.1), 0.4, False),
        (Gate("canary 1: hits for *", ok=False, seen=2, limit=9), 3, True),
        (Gate("empty", ok=False, seen=0, limit=1), 0, False),
        (Gate("documents", ok=False, seen=5, limit=6), 5, False),
    ],
    ids=lambda each: str(getattr(each, "name", each)),
)
def test_what_a_person_overrules(gate: Gate, seen_then: float, *, over: bool) -> None:
    """R2: a person overrules what the gate saw then and the usual slack beyond, never a count."""
    then = {"name": gate.name, "ok": False, "seen": seen_then, "limit": gate.limit}
    assert waived(gate, [then]) is over
    assert not waived(gate, []), "a gate that was not asked then"
