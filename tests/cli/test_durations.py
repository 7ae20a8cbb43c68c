"""Durations as a person types them."""

import click
import pytest

from indexer.cli.durations import seconds
from tests.cli.conftest import Indexer


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("10m", 600), ("36h", 129_600), ("2d", 172_800), ("1.5h", 5400), ("0s", 0)],
)
def test_seconds(text: str, expected: float) -> None:
    """A number and a unit are seconds."""
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "10", "m", "-1h", "1h30m", "1 h", "2w"])
def test_no_duration(text: str) -> None:
    """Anything else is refused, with examples of what would be right."""
    with pytest.raises(click.BadParameter, match="such as 90s, 10m, 36h or 2d"):
        seconds(text)


def test_as_an_option(indexer: Indexer) -> None:
    """A wrong duration is a usage error that names the option."""
    outcome = indexer("sync", "--wait-for", "soon")
    assert outcome.code == 2
    assert "'--wait-for': 'soon' is no duration" in outcome.err
