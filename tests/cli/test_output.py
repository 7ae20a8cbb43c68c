"""How numbers and ages are printed."""

import pytest

from indexer.cli import output


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-2, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (7260, "2 h 1 min"),
        (86400 * 3 + 3600 * 4, "3 d 4 h"),
    ],
)
def test_age(seconds: int, shown: str) -> None:
    """An age is shown in its two largest units, and a clock that is behind gives no negative."""
    assert output.age(seconds) == shown


def test_number() -> None:
    """Numbers have separators, and one that isn't known is a dash."""
    assert (output.number(118_400), output.number(0), output.number(None)) == ("118,400", "0", "-")
