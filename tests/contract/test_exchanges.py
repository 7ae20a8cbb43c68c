"""Every recorded exchange, put to the stand-in over the database recorded with it."""

import re

import httpx
import pytest

from tests.contract.conftest import Recorded
from tests.contract.recordings import (
    RECORDED_KEY,
    RECORDED_URL,
    RECORDINGS,
    differences,
    exchanges,
    replay,
)

pytestmark = pytest.mark.recordings

RELEASES = ("v0.25.0", "v0.28.1", "v0.30.1")

READS = (
    "version", "systemStatus", "stats", "tags", "tags page 2 of 20", "tags past the end",
    "studios", "performers", "groups", "galleries", "markers", "scenes keyset 0",
    "scenes keyset 1", "scenes keyset 2", "scenes keyset 3", "scenes keyset 4",
    "scenes keyset 5", "scenes id range", "scenes without sort", "scenes count only",
    "scenes changed since", "scenes by ids", "one scene missing", "get query",
    "accept anything", "accept json, gzip", "introspection, as a client may ask at start",
)  # fmt: skip
ERRORS = (
    "scenes by ids, one missing", "scenes by ids, twice the same", "invalid sort",
    "validation error", "bad variable", "malformed json", "empty body", "get mutation",
)  # fmt: skip
LOGIN = ("no key", "wrong key", "key in query", "no key on a picture", "healthz")
SQL = (
    "sql scene rows", "sql scene rows, last page", "sql no rows", "sql types",
    "sql columns of expressions", "sql fingerprints", "sql table list", "sql columns of scenes",
    "sql json", "sql syntax error", "sql missing table", "sql missing column",
)  # fmt: skip
BACKUP = ("backup", "backup download", "backup download without key", "backup download, not there")
SINCE_GROUPS = ("scenes changed, fanned out",)

ANSWERED = (*READS, *ERRORS, *LOGIN, *SQL)
CASES = [(release, name) for release in RELEASES for name in ANSWERED] + [
    (release, name) for release in RELEASES[1:] for name in SINCE_GROUPS
]


@pytest.mark.parametrize(("release", "name"), CASES)
def test_the_stand_in_answers_as_the_recorded_stash_did(
    recorded: Recorded, release: str, name: str
) -> None:
    """Status, content type, data and the paths of errors are those of the real answer."""
    exchange = exchanges(RECORDINGS / release / "exchanges.jsonl")["", name]
    server = recorded(release)
    assert differences(replay(exchange, server.url), exchange, server.url) == []


@pytest.mark.parametrize("release", RELEASES)
def test_a_backup_is_made_and_fetched_as_recorded(recorded: Recorded, release: str) -> None:
    """The address has the recorded form; what it gives is a database, with the key only."""
    known = exchanges(RECORDINGS / release / "exchanges.jsonl")
    url = recorded(release).url
    answer = replay(known["", "backup"], url)
    address = answer.json()["data"]["backupDatabase"]
    form = r"http://[^/]+/downloads/[0-9a-f]{8}/stash\.sqlite\.\d+\.\d{8}_\d{6}"
    assert re.fullmatch(form, address)
    assert re.fullmatch(form, _data(known["", "backup"].response["body"]))
    keyed = {"ApiKey": RECORDED_KEY}
    for headers, name in ((keyed, "backup download"), ({}, "backup download without key")):
        got, want = httpx.get(address, headers=headers), known["", name].response
        assert got.status_code == want["status"]
        assert got.headers.get("content-type") == want["headers"].get("content-type")
    assert httpx.get(address, headers=keyed).content.startswith(b"SQLite format 3\0")
    absent = known["", "backup download, not there"]
    assert differences(replay(absent, url), absent, url) == []


@pytest.mark.parametrize("release", RELEASES)
def test_every_recorded_exchange_is_named(release: str) -> None:
    """No recorded exchange is forgotten in the lists above."""
    known = {name for _, name in exchanges(RECORDINGS / release / "exchanges.jsonl")}
    assert known <= {*ANSWERED, *BACKUP, *SINCE_GROUPS}


def _data(body: str) -> str:
    found = re.search(rf'"({re.escape(RECORDED_URL)}[^"]+)"', body)
    assert found
    return found.group(1)
