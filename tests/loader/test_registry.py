"""The registry: what runs meant, brought together with what is there."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indexer.loader.aliases import swap
from indexer.loader.drop import drop_collection
from indexer.loader.registry import (
    Entry,
    Hold,
    State,
    entries,
    entry,
    forget,
    held,
    hold_alias,
    record,
    release_alias,
    set_state,
    standing,
)
from indexer.loader.schema import create_collection
from indexer.loader.server import Typesense
from tests.loader.documents import FIELDS, many, new_collection

NOW = datetime(2026, 11, 23, 3, 15, tzinfo=UTC)


def made(alias: str, collection: str, state: State = "building") -> Entry:
    """An entry with nothing but what it must have."""
    return Entry(collection, alias, "4f2a9c1e", state, "0b5e55ed", int(NOW.timestamp()))


def states(server: Typesense, alias: str) -> dict[str, str]:
    """What each of the alias's collections is."""
    return {each.collection: each.state for each in standing(server, alias)}


def test_an_entry_comes_back(server: Typesense, alias: str) -> None:
    """What was recorded is read back equal, unset values, counts and gates included."""
    plain = made(alias, f"{alias}_1")
    full = replace(
        made(alias, f"{alias}_2", "refused"),
        previous=plain.collection,
        documents=7,
        source_count=9,
        read=8,
        refused=1,
        coverage={"title": 7, "year": 0},
        gates=[{"name": "shrink", "ok": False, "seen": 3.0, "limit": 0.7}],
    )
    for each in (plain, full):
        record(server, each)
        assert entry(server, each.collection) == each
    assert entries(server, alias) == [full, plain]
    assert entries(server, f"{alias}_1") == []


def test_a_new_record_replaces_the_old(server: Typesense, alias: str) -> None:
    """A collection has one entry, the last."""
    record(server, replace(made(alias, alias), previous="lanterns", documents=3))
    record(server, made(alias, alias, "live"))
    assert entries(server, alias) == [made(alias, alias, "live")]


def test_only_the_state_changes(server: Typesense, alias: str) -> None:
    """Setting the state leaves the rest; what has no entry gets none."""
    before = replace(made(alias, alias), coverage={"title": 3})
    record(server, before)
    assert set_state(server, alias, "retired")
    assert entry(server, alias) == replace(before, state="retired")
    assert not set_state(server, f"{alias}_other", "retired")
    assert entry(server, f"{alias}_other") is None


def test_a_forgotten_entry(server: Typesense, alias: str) -> None:
    """What was forgotten is gone; forgetting it again is done."""
    record(server, made(alias, alias))
    for _ in range(2):
        forget(server, alias)
        assert entry(server, alias) is None


def test_what_an_alias_points_at_is_live(server: Typesense, alias: str) -> None:
    """The alias decides what is live, and what was live and is not any more is retired."""
    names = [new_collection(server, alias, many(hour), hour=hour) for hour in range(5)]
    meant: list[State] = ["live", "live", "refused", "building", "live"]
    for name, state in zip(names, meant, strict=True):
        record(server, made(alias, name, state))
    swap(server, alias, names[3], None)
    swap(server, f"{alias}_pinned", names[0], None)
    found = standing(server, alias)
    assert [each.collection for each in found] == names[::-1]
    assert [each.state for each in found] == ["retired", "live", "refused", "retired", "live"]
    assert [each.documents for each in found] == [4, 3, 2, 1, 0]
    assert found[2].entry == made(alias, names[2], "refused")


def test_without_an_entry_it_is_retired(server: Typesense, alias: str) -> None:
    """A collection of which the registry knows nothing is retired, or live."""
    names = [new_collection(server, alias, hour=hour) for hour in range(2)]
    swap(server, alias, names[1], None)
    assert states(server, alias) == {names[1]: "live", names[0]: "retired"}
    assert [each.entry for each in standing(server, alias)] == [None, None]


def test_an_entry_without_a_collection(server: Typesense, alias: str, lanterns: str) -> None:
    """What was dropped does not stand, though its entry is still there."""
    record(server, made(alias, lanterns))
    drop_collection(server, lanterns, alias)
    assert standing(server, alias) == []
    assert entries(server, alias) == [made(alias, lanterns)]


def test_other_peoples_collections(server: Typesense, alias: str) -> None:
    """Only what bears the alias's name stands for it, and what it points at, whatever its name."""
    backup = f"{alias}_backup"
    create_collection(server, {"name": backup, "fields": FIELDS})
    new_collection(server, f"{alias}_old")
    assert states(server, alias) == {}
    swap(server, alias, backup, None)
    assert states(server, alias) == {backup: "live"}


@pytest.mark.parametrize("ending", ["", "_B-1"])
def test_an_alias_is_held_until_it_is_released(server: Typesense, alias: str, ending: str) -> None:
    """A hold says since when, why and from where; it is no entry; released, it is gone."""
    name = alias + ending
    assert held(server, name) is None
    for moved_from in (None, "lanterns_1"):
        hold_alias(server, name, "The lanterns went out.", NOW, moved_from)
        reason = "The lanterns went out."
        assert held(server, name) == Hold(int(NOW.timestamp()), reason, moved_from)
    assert entries(server, name) == []
    assert [release_alias(server, name), release_alias(server, name)] == [True, False]
    assert held(server, name) is None
