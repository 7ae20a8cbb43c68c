"""Names of physical collections."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from indexer.errors import TypesenseError
from indexer.loader.names import (
    PhysicalName,
    belongs_to,
    parse_name,
    physical_name,
    require_physical,
)

NOW = datetime(2026, 11, 23, 4, 15, tzinfo=timezone(timedelta(hours=1)))


def test_a_name_tells_what_it_was_made_of() -> None:
    """Alias, UTC start and the first 8 digits of the spec hash can be read from the name."""
    parts = parse_name(physical_name("scenes", NOW, "4f2a9c1e77"))
    assert parts is not None
    assert parts[:3] == ("scenes", "20261123T031500Z", "4f2a9c1e")


def test_names_of_one_second_differ() -> None:
    """R6: runs that start in the same second get names of their own."""
    names = {physical_name("scenes", NOW, "4f2a9c1e") for _ in range(20)}
    assert len(names) > 15


def test_newer_names_sort_higher() -> None:
    """Within an alias, names sort as their starts do."""
    later = physical_name("scenes", NOW.astimezone(UTC) + timedelta(seconds=1), "00000000")
    assert physical_name("scenes", NOW, "ffffffff") < later


def test_an_alias_may_look_like_another_ones_start() -> None:
    """`scenes` and `scenes_old` are told apart."""
    name = "scenes_old_20261123T031500Z_4f2a9c1e_k3x9"
    assert parse_name(name) == PhysicalName("scenes_old", "20261123T031500Z", "4f2a9c1e", "k3x9")
    assert belongs_to(name, "scenes_old")
    assert not belongs_to(name, "scenes")


@pytest.mark.parametrize(
    "name",
    [
        "scenes",
        "",
        "_20261123T031500Z_4f2a9c1e_k3x9",
        "scenes_20261123T031500Z_4f2a9c1e_k3x9\n",
        "scenes_20261123T031500Z_4F2A9C1E_k3x9",
        "scenes_20261123T031500Z_4f2a9c1e_k3x9_copy",
        "scenes_2026112٣T031500Z_4f2a9c1e_k3x9",
    ],
)
def test_other_names_are_no_physical_names(name: str) -> None:
    """What only looks a little like a physical name is none, and nothing is written to it."""
    assert parse_name(name) is None
    with pytest.raises(TypesenseError, match="not the name of a physical collection"):
        require_physical(name)
