"""The server behind the page, abused: what it lets through, and what it doesn't."""

import socket
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from tests.cli.conftest import Indexer, indexer  # noqa: F401 - a fixture
from tests.stash.faults import Fault
from tests.ui.site import STASH_KEY, Answer, Site, run, served, settings

PASSWORD = "obviously-fake-password"


def search(site: Site, collection: str = "", **parameters: Any) -> Answer:
    """Post one search, of the scenes unless another collection is named."""
    asked = {"collection": collection or f"{site.prefix}scenes", "q": "*", **parameters}
    return site.ask("POST", "/multi_search", orjson.dumps({"searches": [asked]}))


def test_search(site: Site) -> None:
    """A search of an alias is answered as Typesense answers it, and kept by nobody."""
    answer = search(site, query_by="title", include_fields="title", per_page=3)
    assert answer.status == 200
    (result,) = orjson.loads(answer.body)["results"]
    assert result["found"] == site.truth()["found"]
    assert len(result["hits"]) == 3
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"collection": "scenes"}, 403),
        ({"collection": "indexer_runs"}, 403),
        ({"collection": "*"}, 403),
        ({"collection": ["scenes"]}, 400),
        ({"filter_by": "$performers(id:*)"}, 403),
        ({"include_fields": "$performers (name)"}, 403),
        ({"sort_by": "$performers(rating:desc)"}, 403),
        ({"filter_by": "$ performers(id:*)"}, 403),
        ({"filter_by": "$\tperformers (id:*)"}, 403),
        ({"filter_by": "title:=`a` && $performers(id:*)"}, 403),
        ({"filter_by": "`&& $performers(id:*) && title:=`a`"}, 403),
        ({"filter_by": "title:a`=`&& $performers(id:*) && title:=`"}, 403),
        ({"filter_by": "title:=`a\\`` && $performers(id:*) && title:=`b`"}, 403),
        ({"include_fields": "`,$performers(*),`"}, 403),
        ({"exclude_fields": "`,$performers(*),`"}, 403),
        ({"sort_by": "`,$performers(rating:desc),`"}, 403),
        ({"facet_by": "$ performers(name)"}, 403),
        ({"facet_by": "`,$performers(name),`"}, 403),
        ({"facet_query": "$performers(name):a"}, 403),
        ({"query_by": "$performers(name)"}, 403),
        ({"preset": "browse"}, 400),
        ({"x-typesense-api-key": "another"}, 400),
        ({"vector_query": "embedding:([], id: 1)"}, 400),
        ({"conversation": True}, 400),
        ({"q": {"nested": "object"}}, 400),
    ],
)
def test_searches_that_are_refused(site: Site, parameters: dict[str, Any], status: int) -> None:
    """Other collections, joins into them and parameters that the page doesn't need are refused."""
    assert search(site, **parameters).status == status


@pytest.mark.parametrize(
    "parameters",
    [
        {"filter_by": "tags:=`$ale (cheap)`"},
        {"filter_by": "tags:=[`ale`, `$ale (cheap)`] && year:>1"},
        {"facet_by": "tags", "facet_query": "tags:$ale (cheap)"},
        {"q": "$ale (cheap)", "query_by": "title"},
    ],
)
def test_a_dollar_in_a_name_is_no_join(site: Site, parameters: dict[str, str]) -> None:
    """What people typed may look like a join: names, and words that are looked for."""
    answer = search(site, **parameters)
    assert answer.status == 200
    assert "hits" in orjson.loads(answer.body)["results"][0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not JSON", 400),
        (b"[]", 400),
        (b'{"searches": {}}', 400),
        (b'{"searches": ["scenes"]}', 400),
        (b'{"searches": [], "union": true}', 400),
        (orjson.dumps({"searches": [{}] * 51}), 400),
        (b" " * (256 * 1024 + 1), 413),
    ],
)
def test_bodies_that_are_refused(site: Site, body: bytes, status: int) -> None:
    """What is no list of searches, or too much of it, is refused."""
    assert site.ask("POST", "/multi_search", body).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Transfer_Encoding": "chunked"}, 411),
        ({"Transfer_Encoding": "chunked", "Content_Length": "2"}, 411),
        ({"Content_Length": "-1"}, 411),
        ({"Content_Length": "1e3"}, 411),
        ({"Content_Length": "9" * 5000}, 413),
    ],
)
def test_a_body_needs_its_length(site: Site, headers: dict[str, str], status: int) -> None:
    """Where a body ends must be beyond doubt; the connection ends where it isn't."""
    answer = site.ask("POST", "/multi_search", None, **headers)
    assert answer.status == status
    assert answer.headers["Connection"] == "close"


def test_a_body_is_no_second_request(site: Site) -> None:
    """What comes along with a GET is never taken for the next request."""
    answer = site.ask("GET", "/", b"GET /config.json HTTP/1.1\r\n\r\n")
    assert (answer.status, answer.headers["Connection"]) == (200, "close")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
@pytest.mark.parametrize("target", ["/multi_search", "/collections/scenes", "/aliases/scenes"])
def test_verbs_that_write(site: Site, method: str, target: str) -> None:
    """Nothing but GET, HEAD and the one POST is understood, and no other site is invited."""
    answer = site.ask(method, target)
    assert answer.status == 501
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "target",
    [
        "/collections",
        "/collections/scenes/documents/search?q=*",
        "/collections/scenes/documents/export",
        "/keys",
        "/debug",
        "/health",
        "/graphql",
        "/multi_search/../collections",
        "/../settings.py",
        "/static/app.js",
        "/%61pp.js",
        "//app.js",
        "/./app.js",
        "/app.js?x",
        "/app.js%00",
        "/..%2findex.html",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_paths_that_lead_nowhere(site: Site, method: str, target: str) -> None:
    """Administration, files beside the page and tricks with paths are not found."""
    assert site.ask(method, target).status == 404


def test_a_search_is_posted(site: Site) -> None:
    """There is one way to search."""
    assert site.ask("GET", "/multi_search").status == 404


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/picture/scene/12/screenshot", "/scene/12/screenshot"),
        ("/picture/performer/7/image?t=99", "/performer/7/image"),
        ("/picture/group/2/frontimage", "/group/2/frontimage"),
        ("/picture/gallery/2/cover", "/gallery/2/cover"),
    ],
)
def test_pictures(site: Site, target: str, path: str) -> None:
    """A picture is asked of Stash with the key in a header, and can run no script."""
    before = len(site.stash.requests)
    answer = site.ask("GET", target)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("image/")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    (seen,) = site.stash.requests[before:]
    assert seen.path == path
    assert seen.headers["ApiKey"] == STASH_KEY


@pytest.mark.parametrize(
    "target",
    [
        "/picture/scene/0/screenshot",
        "/picture/scene/-1/screenshot",
        "/picture/scene/1e3/screenshot",
        "/picture/scene/%ef%bc%91/screenshot",
        "/picture/scene/12/stream",
        "/picture/scene/12/screenshot/../stream",
        "/picture/scene/12/screenshot?apikey=x",
        "/picture/scene/12/screenshot?t=1&default=true",
        "/picture/scene/12%2f..%2f..%2fgraphql",
        "/picture/scene/../graphql",
        "/picture//scene/12/screenshot",
        "//picture/scene/12/screenshot",
        "/picture/downloads/x",
        "/picture/http://stash.example/scene/1/screenshot",
        "/scene/12/screenshot",
    ],
)
def test_pictures_that_are_none(site: Site, target: str) -> None:
    """Whatever isn't a kind and whole numbers never reaches Stash."""
    before = len(site.stash.requests)
    assert site.ask("GET", target).status == 404
    assert site.stash.requests[before:] == []


def test_other_sites_are_refused(site: Site) -> None:
    """Neither a name that leads here nor another site's script gets an answer; a link may."""
    host = urlsplit(site.url).netloc
    assert site.ask("GET", "/", Host="rebound.example").status == 421
    assert site.ask("GET", "/config.json", Host=f"rebound.example:{host[-5:]}").status == 421
    assert site.ask("POST", "/multi_search", b"{}", Origin="https://evil.example").status == 403
    assert site.ask("POST", "/multi_search", b"{}", Origin="null").status == 403
    assert site.ask("POST", "/multi_search", b"{}", Origin="http://[").status == 403
    assert site.ask("GET", "/config.json", Sec_Fetch_Site="cross-site").status == 403
    link = site.ask("GET", "/?in=scenes", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")
    assert link.status == 200
    assert site.ask("GET", "/", Host=host.replace("127.0.0.1", "localhost")).status == 200


def test_headers(site: Site) -> None:
    """Every answer, a refusal too, forbids foreign scripts, frames, guesses and referrers."""
    for target in ("/", "/app.js", "/config.json", "/nowhere"):
        headers = site.ask("GET", target).headers
        assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Server"] == "indexer"


def test_head(site: Site) -> None:
    """A HEAD has the headers of a GET and no body."""
    assert site.ask("HEAD", "/app.js").body == b""
    assert site.ask("HEAD", "/app.js").headers["Content-Length"] != "0"


def test_what_is_no_http(site: Site) -> None:
    """A line that is no request is refused, and the server goes on."""
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname or "", address.port or 0), 30) as connection:
        connection.sendall(b"LANTERN\r\n\r\n")
        assert b"Bad Request" in connection.recv(4096)
    assert site.ask("GET", "/").status == 200


def test_nothing_secret(site: Site) -> None:
    """No key is in the page, the script, what the page is told, nor in what the program logs."""
    search(site, collection="scenes")
    site.ask("GET", "/picture/scene/999999999999/screenshot")
    shown = [site.ask("GET", target).body for target in ("/", "/app.js", "/styles.css")]
    shown += [site.ask("GET", "/config.json").body, site.log.read_bytes()]
    for key in (STASH_KEY, site.typesense.api_key):
        assert not any(key.encode() in body for body in shown)


@pytest.fixture
def locked(site: Site, tmp_path: Path) -> Iterator[Site]:
    """A page with a password, on all addresses of this machine."""
    environment = settings(site.stash, site.typesense, site.prefix)
    environment |= {"INDEXER_UI_PASSWORD": PASSWORD}
    with served(tmp_path, environment, "--bind", "0.0.0.0") as (url, log):
        address = url.replace("0.0.0.0", "127.0.0.1")
        yield Site(address, site.stash, site.typesense, site.prefix, log)


def test_password(locked: Site) -> None:
    """With a password nothing is answered without it, and with it all, under any name."""
    for target in ("/", "/app.js", "/config.json", "/picture/scene/1/screenshot"):
        refused = locked.ask("GET", target)
        assert refused.status == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")
        for wrong in ("Basic", "Basic !", "Basic Ondyb25n", f"Bearer {PASSWORD}", "Basic ég=="):
            encoded = wrong.encode().decode("latin-1")
            assert locked.ask("GET", target, Authorization=encoded).status == 401
        right = f"Basic {b64encode(f'anybody:{PASSWORD}'.encode()).decode()}"
        assert locked.ask("GET", target, Authorization=right, Host="quay.example").status == 200
    assert locked.ask("POST", "/multi_search", b"{}").status == 401
    assert PASSWORD not in locked.log.read_text()


def test_no_password_on_a_public_address(
    site: Site,
    indexer: Indexer,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Any address but this machine's first needs a password: exit code 2, and nothing listens."""
    for name, value in settings(site.stash, site.typesense, site.prefix).items():
        monkeypatch.setenv(name, value)
    for address in ("0.0.0.0", "::", "192.0.2.1", "127.0.0.2", "quay.example"):
        outcome = indexer("ui", "--no-open", "--bind", address)
        assert outcome.code == 2
        assert "INDEXER_UI_PASSWORD" in outcome.err
    monkeypatch.setenv("INDEXER_UI_PASSWORD", "short")
    assert "8 characters or more" in indexer("ui", "--no-open").err


def test_a_port_that_is_taken(
    site: Site,
    indexer: Indexer,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where somebody listens already is told: exit code 2."""
    for name, value in settings(site.stash, site.typesense, site.prefix).items():
        monkeypatch.setenv(name, value)
    port = str(urlsplit(site.url).port)
    outcome = indexer("ui", "--no-open", "--port", port)
    assert outcome.code == 2
    assert "Choose another --port" in outcome.err


def test_the_search_key_is_enough(site: Site, tmp_path: Path) -> None:
    """With a search key no other is needed; without Stash there are no pictures."""
    environment = settings(site.stash, site.typesense, site.prefix)
    environment["INDEXER_SEARCH_KEY_FILE"] = str(tmp_path / "search.key")
    run(tmp_path, environment, "keys", "ensure")
    del environment["TYPESENSE_API_KEY"], environment["STASH_URL"], environment["STASH_API_KEY"]
    with served(tmp_path, environment) as (url, log):
        page = Site(url, site.stash, site.typesense, site.prefix, log)
        assert orjson.loads(search(page, query_by="title").body)["results"][0]["found"] > 0
        assert page.ask("GET", "/picture/scene/1/screenshot").status == 404
        assert orjson.loads(page.ask("GET", "/config.json").body)["pictures"] is False


def test_a_connection_that_breaks(site: Site) -> None:
    """A picture whose connection breaks once is asked for again: the page shows no gap."""
    site.stash.faults.add(Fault("refused", match="/scene/1/screenshot"))
    assert site.ask("GET", "/picture/scene/1/screenshot").status == 200


def test_servers_that_are_away(site: Site, tmp_path: Path) -> None:
    """Without Typesense or Stash the page is there and says so; the log names no key."""
    environment = settings(site.stash, site.typesense, site.prefix)
    environment |= {"TYPESENSE_URL": "http://127.0.0.1:9", "STASH_URL": "http://127.0.0.1:9"}
    with served(tmp_path, environment) as (url, log):
        page = Site(url, site.stash, site.typesense, site.prefix, log)
        assert page.ask("GET", "/").status == 200
        assert search(page, query_by="title").status == 502
        assert page.ask("GET", "/picture/scene/1/screenshot").status == 502
        said = log.read_text()
    assert "can't be reached" in said
    assert not any(key in said for key in (STASH_KEY, site.typesense.api_key))
