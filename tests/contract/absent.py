"""A pytest plugin: what happens to tests that need the recordings where there are none."""

import os

import pytest

from tests.contract.recordings import RECORDINGS
from tests.left_out import leave_out

_MARK = "recordings"


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known that such tests carry."""
    config.addinivalue_line("markers", f"{_MARK}: needs the recordings of real Stash servers")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without recordings: leave out what needs them and say so; where CI is set, fail."""
    if RECORDINGS.is_dir():
        return
    why = f"no recordings of Stash in {RECORDINGS}"
    count = leave_out(config, items, lambda item: _MARK in item.keywords, why)
    if count and os.environ.get("CI"):
        raise pytest.UsageError(f"{count} tests need what is missing: {why}")
