"""Whatever goes wrong with Stash: one clear error, without the key; what may pass is retried."""

import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from indexer.errors import ConfigurationError, StashError
from indexer.events import Event, Retrying
from indexer.retries import Patience
from tests.extractor.conftest import OpenSource
from tests.stash.faults import Fault, FaultKind
from tests.stash.server import StashServer
from tests.typesense.choice import RunningTypesense

KEY = "obviously-a-fake-key"


TroubleAt = Callable[..., StashError]


@pytest.fixture
def trouble_at(open_source: OpenSource) -> TroubleAt:
    """Gives the error of asking what is at a URL."""

    def ask(url: str, key: str | None = None) -> StashError:
        with pytest.raises(StashError) as caught:
            open_source(url, key).info()
        error = caught.value
        assert error.hint
        assert KEY not in f"{error.message} {error.hint} {error!r}"
        return error

    return ask


@contextmanager
def answering(status: int, content_type: str, body: bytes) -> Iterator[str]:
    """A server that is no Stash and answers everything alike; its URL."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_connection_refused(open_source: OpenSource) -> None:
    """Nothing listens there: said at once, for a wrong address doesn't get better by waiting."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(StashError, match="Nothing accepts connections") as caught:
        open_source(f"http://127.0.0.1:{port}", patience=Patience(60)).info()
    assert "STASH_URL" in caught.value.hint


def test_unknown_host(trouble_at: TroubleAt) -> None:
    """A host that no name server knows."""
    error = trouble_at("http://no-such-harbour.invalid:9999")
    assert error.message == "The host of http://no-such-harbour.invalid:9999/graphql is not known."


def test_time_out(open_source: OpenSource) -> None:
    """A server that takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StashError, match="did not answer in time") as caught:
            open_source(url, timeout=0.2).info()
    assert caught.value.transient


def test_no_secure_connection(trouble_at: TroubleAt, stash: StashServer) -> None:
    """A Stash without certificate, asked by https."""
    error = trouble_at(stash.url.replace("http://", "https://"))
    assert "No secure connection" in error.message
    assert not error.transient


@pytest.mark.parametrize(
    ("status", "content_type", "body", "said"),
    [
        (200, "text/html", b"<!doctype html>", "a web page"),
        (404, "text/plain", b"404 page not found", "no GraphQL API"),
        (405, "text/html", b"<p>no</p>", "no GraphQL API"),
        (200, "application/json", b'{"status":"green"}', "not a Stash"),
        (200, "application/json", b"[]", "not a Stash"),
        (200, "application/json", b'{"data":null}', "not a Stash"),
        (200, "application/json", b'{"data":{"other":1}}', "unknown form: data.systemStatus"),
        (
            200,
            "application/json",
            b'{"errors":[{"message":"dim"}],"data":{"systemStatus":null}}',
            "dim",
        ),
        (400, "application/json", b'{"errors":[{"message":"No  such\\nfield"}]}', "No such field"),
        (422, "application/json", b"{", "no GraphQL API"),
        (404, "application/json", b'{"message":"Not Found"}', "no GraphQL API"),
        (400, "application/json", b'{"errors":[]}', "no GraphQL API"),
        (403, "text/plain", b"", "forbids access"),
        (301, "text/html", b"", "another address"),
    ],
)
def test_not_the_api(
    trouble_at: TroubleAt, status: int, content_type: str, body: bytes, said: str
) -> None:
    """A wrong path, another server, or a Stash that refuses for good: never tried again."""
    with answering(status, content_type, body) as url:
        error = trouble_at(url)
    assert said in error.message
    assert url in error.message
    assert not error.transient


@pytest.mark.parametrize("status", [408, 429])
def test_not_now(trouble_at: TroubleAt, status: int) -> None:
    """What stands before Stash and wants to be asked later is asked again."""
    with answering(status, "application/json", b'{"errors":[{"message":"slower"}]}') as url:
        error = trouble_at(url)
    assert f"HTTP {status}" in error.message
    assert error.transient


def test_typesense_is_no_stash(trouble_at: TroubleAt, typesense: RunningTypesense) -> None:
    """STASH_URL with Typesense's address is a wrong address, not a Stash that is not known well."""
    error = trouble_at(typesense.url)
    assert error.message.startswith(f"There is no GraphQL API at {typesense.url}/graphql")
    assert "STASH_URL" in error.hint


def test_error_that_quotes_the_key(trouble_at: TroubleAt) -> None:
    """A server that repeats what it was sent doesn't bring the key into a message."""
    body = f'{{"errors":[{{"message":"bad header {KEY}"}}]}}'.encode()
    with answering(200, "application/json", body) as url:
        assert "bad header ***" in trouble_at(url, KEY).message


def test_error_that_quotes_the_login(trouble_at: TroubleAt) -> None:
    """A server that repeats a proxy's login, as it was sent, doesn't bring it into a message."""
    sent = b64encode(f"keeper:{KEY}".encode()).decode()
    body = f'{{"errors":[{{"message":"bad login Basic {sent}"}}]}}'.encode()
    with answering(200, "application/json", body) as url:
        error = trouble_at(url.replace("http://", f"http://keeper:{KEY}@"))
    assert "bad login Basic ***" in error.message


def test_login_in_the_url_is_not_shown(trouble_at: TroubleAt) -> None:
    """A proxy's password in STASH_URL is used, and shown nowhere."""
    with answering(404, "text/plain", b"") as url:
        error = trouble_at(url.replace("http://", f"http://keeper:{KEY}@"))
    assert url in error.message


@pytest.mark.parametrize(
    "url", ["", "localhost:9999", "ftp://stash.example", "http://", "http://[::"]
)
def test_url_that_is_none(open_source: OpenSource, url: str) -> None:
    """A URL that can't be one is a wrong setting, found before any connection."""
    with pytest.raises(ConfigurationError, match="STASH_URL"):
        open_source(url)


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY} {KEY}", f"{KEY}\u2026"])
def test_key_that_is_none(open_source: OpenSource, key: str) -> None:
    """A key that no header can carry is a wrong setting; the error doesn't show it."""
    with pytest.raises(ConfigurationError) as caught:
        open_source("http://stash.example", key)
    assert KEY not in repr(caught.value)
    assert KEY not in repr(vars(caught.value))


def test_login_wanted(trouble_at: TroubleAt, small_library: Path) -> None:
    """A Stash with login and no key configured here."""
    with StashServer(small_library, api_key=KEY) as stash:
        error = trouble_at(stash.url)
    assert "no API key is configured" in error.message
    assert "STASH_API_KEY" in error.hint


def test_sent_to_the_login_page(trouble_at: TroubleAt, stash: StashServer) -> None:
    """A proxy or an old Stash that sends to the login page wants a login; it isn't followed."""
    stash.faults.add(Fault("302"))
    assert "wants a login" in trouble_at(stash.url).message
    assert len(stash.requests) == 1


def test_wrong_key(trouble_at: TroubleAt, small_library: Path) -> None:
    """A key that isn't Stash's is refused, once, without patience."""
    with StashServer(small_library, api_key="another-fake-key") as stash:
        error = trouble_at(stash.url, KEY)
        assert len(stash.requests) == 1
    assert "refuses the API key" in error.message


@pytest.mark.recordings
def test_wrong_key_at_v025(trouble_at: TroubleAt, recorded_library: Callable[[str], Path]) -> None:
    """Stash v0.25 says 500 to a wrong key: that is no server error, and is not tried again."""
    with StashServer(recorded_library("v0.25.0"), api_key="another-fake-key") as stash:
        error = trouble_at(stash.url, KEY)
    assert "refuses the API key" in error.message
    assert not error.transient


def test_key_where_none_is_configured(trouble_at: TroubleAt, stash: StashServer) -> None:
    """A Stash without login refuses every key: the hint says so."""
    assert "leave STASH_API_KEY unset" in trouble_at(stash.url, KEY).hint


def test_right_key(open_source: OpenSource, small_library: Path) -> None:
    """With the right key all is well, with or without /graphql in the URL."""
    with StashServer(small_library, api_key=KEY) as stash:
        for url in (stash.url, f"{stash.url}/", f"{stash.url}/graphql", f"{stash.url}/graphql/"):
            assert open_source(url, KEY).info().url == stash.url


def test_headers(open_source: OpenSource, stash: StashServer) -> None:
    """JSON is asked for, gzipped; no key is sent where none is configured."""
    open_source(stash.url).info()
    headers = stash.requests[0].headers
    assert headers["Accept"] == "application/json"
    assert headers["Accept-Encoding"] == "gzip"
    assert "ApiKey" not in headers


@pytest.mark.parametrize(
    ("status", "said"), [("NEEDS_MIGRATION", "to be migrated"), ("SETUP", "not set up yet")]
)
def test_not_ready(trouble_at: TroubleAt, stash: StashServer, status: str, said: str) -> None:
    """A Stash that waits for its owner is named before anything else is asked of it."""
    stash.status = status
    error = trouble_at(stash.url)
    assert said in error.message
    assert len(stash.requests) == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("locked", "database is locked"),
        ("500", "HTTP 500"),
        ("truncated", "breaks off"),
        ("cut", "connection to"),
        ("refused", "connection to"),
    ],
)
def test_what_may_pass(
    trouble_at: TroubleAt, open_source: OpenSource, stash: StashServer, kind: FaultKind, said: str
) -> None:
    """What may pass is an error only after patience; with it, it is told and tried again."""
    stash.faults.add(Fault(kind))
    error = trouble_at(stash.url)
    assert said in error.message
    assert error.transient
    stash.faults.add(Fault(kind, times=2))
    told: list[Event] = []
    info = open_source(stash.url, patience=Patience(30), emit=told.append).info()
    assert info.counts["scene"] == 200
    assert [type(event) for event in told] == [Retrying] * 2


def test_restart_in_between(open_source: OpenSource, small_library: Path) -> None:
    """A Stash that has answered before and is gone is waited for: it is being restarted."""
    with StashServer(small_library) as stash:
        port = int(stash.url.rpartition(":")[2])
        reading = open_source(stash.url, patience=Patience(30))
        reading.info()

    restarted = []

    def restart() -> None:
        time.sleep(0.3)
        restarted.append(StashServer(small_library, port=port).start())

    thread = threading.Thread(target=restart)
    thread.start()
    try:
        assert reading.info().counts["scene"] == 200
    finally:
        thread.join()
        restarted[0].stop()


def test_lone_surrogates_become_replacement_characters(trouble_at: TroubleAt) -> None:
    """Halves of characters, which no text can hold, become U+FFFD; whole ones stay."""
    body = (
        rb'{"data":{"systemStatus":{"databaseSchema":1,"appSchema":1,'
        rb'"status":"a\ud800b\uDFFF \ud83c\udfac \\ud800"}}}'
    )
    with answering(200, "application/json", body) as url:
        assert "(a\ufffdb\ufffd \U0001f3ac \\ud800)" in trouble_at(url).message
