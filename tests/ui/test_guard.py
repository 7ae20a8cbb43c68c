"""The guard: which names the page answers to without a password."""

import pytest

from indexer.ui.guard import guard

LOCAL = ("127.0.0.1", "::1", "localhost")


@pytest.mark.parametrize("bind", LOCAL)
@pytest.mark.parametrize(
    ("port", "hosts"),
    [
        (80, ["127.0.0.1", "localhost", "[::1]", "localhost:80"]),
        (8111, ["127.0.0.1:8111", "LOCALHOST:8111", "[::1]:8111"]),
    ],
)
def test_own_names(bind: str, port: int, hosts: list[str]) -> None:
    """It answers at its own address as browsers write it, which leave out port 80."""
    for host in hosts:
        assert guard(bind, port, None).refusal({"Host": host}) is None


@pytest.mark.parametrize("host", ["", "127.0.0.1", "127.0.0.1:80", "rebound.example:8111"])
def test_other_names(host: str) -> None:
    """Any other name or port is not this page's."""
    refused = guard("127.0.0.1", 8111, None).refusal({"Host": host})
    assert refused is not None
    assert refused.status == 421
