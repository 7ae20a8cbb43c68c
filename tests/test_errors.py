"""Of several outcomes one stands for all: in the exit code and in what is told beside it."""

import pytest

from indexer.errors import (
    SEVERITY,
    ConfigurationError,
    GateRefused,
    IndexerError,
    StashError,
    TypesenseError,
    deciding,
    worst,
)
from indexer.loader.server import Memory
from indexer.pipeline.report import CollectionReport, RunReport
from indexer.pipeline.status import StatusReport
from indexer.pipeline.verify import Drift, VerifyReport

GATE, STASH, TYPESENSE = (
    kind("It is away.", "Wait for it.") for kind in (GateRefused, StashError, TypesenseError)
)
SEVERAL = [GATE, STASH, TYPESENSE]


def test_order() -> None:
    """The first of SEVERITY decides, a wrong setting before all; nothing wrong is 0."""
    assert worst([0, *reversed(SEVERITY)]) == SEVERITY[0] == ConfigurationError.exit_code
    assert worst([3, 0, 8]) == 8
    assert worst([0, 0]) == 0


def test_deciding() -> None:
    """The error is that of the exit code, of several such the first."""
    second = TypesenseError("It is away too.", "Wait for it.")
    assert deciding([None, *SEVERAL, second]) is TYPESENSE
    assert deciding([None]) is None


@pytest.mark.parametrize(
    "report",
    [
        RunReport([CollectionReport("a", "a", error=each) for each in SEVERAL]),
        VerifyReport([Drift("a", "a", error=each) for each in SEVERAL]),
        StatusReport(0, [], [], Memory(0, 0, 0, 0, 0), 0, SEVERAL),
    ],
    ids=["run", "verify", "status"],
)
def test_reports(report: RunReport | VerifyReport | StatusReport) -> None:
    """Every report's JSON has the error that its exit code is of."""
    told = report.as_json()
    assert (told["exit_code"], told["error"]["slug"]) == (6, TYPESENSE.slug)


def test_every_error_has_a_rank() -> None:
    """No error's code is missing in SEVERITY."""
    assert {each.exit_code for each in _tree(IndexerError)} <= set(SEVERITY)


def _tree(error: type[IndexerError]) -> list[type[IndexerError]]:
    return [error, *(each for child in error.__subclasses__() for each in _tree(child))]
