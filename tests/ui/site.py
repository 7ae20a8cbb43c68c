"""The search page as a program of its own, over a small indexed library with hostile names."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.stash import edits
from tests.stash.server import StashServer
from tests.typesense.choice import RunningTypesense

STASH_KEY = "stash-key-of-the-ui-tests"
PUBLIC_STASH = "https://stash.example"

SCRIPT_NAME = "<script>document.title='taken over'</script>"
QUOTED_NAME = """a "quoted" & 'single' <img src=x onerror="document.title='taken over'">"""
FILTER_NAME = "a: colon, [brackets] && more:=2"
TITLE = "<b>Harbour</b> & \"Lantern\" 'Quay'"


@dataclass(frozen=True)
class Answer:
    """What came over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A page that is served; `log` holds what the program printed."""

    url: str
    stash: StashServer
    typesense: RunningTypesense
    prefix: str
    log: Path

    def ask(self, method: str, target: str, body: bytes | None = None, /, **headers: str) -> Answer:
        """Send a request whose target is left exactly as it is."""
        address = urlsplit(self.url)
        assert address.hostname is not None
        connection = HTTPConnection(address.hostname, address.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, named)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def truth(self, **parameters: str) -> dict[str, Any]:
        """What Typesense itself answers to a search of the scenes."""
        answer = httpx.get(
            f"{self.typesense.url}/collections/{self.prefix}scenes/documents/search",
            params={"q": "*", **parameters},
            headers={"X-TYPESENSE-API-KEY": self.typesense.api_key},
        )
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


def make_hostile(library: Path) -> None:
    """Give things names that are HTML, quotes and what filters are written with."""
    edits.rename_performer(library, 1, SCRIPT_NAME)
    edits.rename_tag(library, 1, QUOTED_NAME)
    edits.rename_tag(library, 2, FILTER_NAME)
    edits.add_scene(library, title=TITLE, tags=(1, 2), performers=(1,))


def settings(stash: StashServer, typesense: RunningTypesense, prefix: str) -> dict[str, str]:
    """The environment of the programs, without what whoever runs the tests has set."""
    ours = ("STASH_", "TYPESENSE_", "INDEXER_")
    rest = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return rest | {
        "STASH_URL": stash.url,
        "STASH_API_KEY": STASH_KEY,
        "STASH_PUBLIC_URL": PUBLIC_STASH,
        "TYPESENSE_URL": typesense.url,
        "TYPESENSE_API_KEY": typesense.api_key,
        "INDEXER_ALIAS_PREFIX": prefix,
    }


def run(directory: Path, environment: Mapping[str, str], *arguments: str) -> str:
    """Run the program to its end and return what it printed."""
    command = [sys.executable, "-m", "indexer", *arguments]
    done = subprocess.run(
        command, cwd=directory, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def served(
    directory: Path, environment: Mapping[str, str], *arguments: str
) -> Iterator[tuple[str, Path]]:
    """Yield the address of a page that a program serves, and what that program has printed."""
    command = [sys.executable, "-m", "indexer", "ui", "--port", "0", "--no-open", *arguments]
    log = directory / "ui.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as program,
    ):
        assert program.stdout is not None
        try:
            told = program.stdout.readline()
            assert told.startswith("The search page: "), log.read_text()
            yield told.split()[-1].rstrip("/"), log
        finally:
            program.terminate()
