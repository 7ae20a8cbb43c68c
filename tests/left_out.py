"""A pytest plugin: tests that can't be run here are counted where they are found, and told once.

Side by side (pytest-xdist) each worker collects them all, and only the controller can speak.
"""

from collections.abc import Callable
from typing import Any

import pytest

_COUNTS = pytest.StashKey[dict[str, int]]()
_OUTPUT = "left_out"


def leave_out(
    config: pytest.Config,
    items: list[pytest.Item],
    which: Callable[[pytest.Item], bool],
    why: str,
) -> int:
    """Take tests out of those to run, and have their number and the reason told; the number."""
    out = [item for item in items if which(item)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in set(out)]
        config.stash.setdefault(_COUNTS, {})[why] = len(out)
    return len(out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """As a worker, tell the controller."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_OUTPUT] = session.config.stash.get(_COUNTS, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """As the controller, hear it from a worker; all say the same, but one that broke off."""
    heard = getattr(node, "workeroutput", {}).get(_OUTPUT, {})
    node.config.stash.setdefault(_COUNTS, {}).update(heard)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, a line for each reason."""
    for why, count in terminalreporter.config.stash.get(_COUNTS, {}).items():
        terminalreporter.write_line(f"{count} tests left out: {why}")
