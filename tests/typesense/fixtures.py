"""A pytest plugin: gives tests a real Typesense, and leaves out tests that need a newer one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from pytest_docker.plugin import Services

from tests.left_out import leave_out
from tests.typesense import health
from tests.typesense.choice import Candidate, Kind, RunningTypesense, candidates, named_server
from tests.typesense.server import API_KEY, START_SECONDS, TypesenseServer

CONTAINER_PORT = 8108

StartTypesense = Callable[..., TypesenseServer]
"""The type of the fixture `private_typesense`."""


@pytest.fixture(scope="session")
def docker_compose_file(pytestconfig: pytest.Config) -> str:
    """The services that pytest-docker starts."""
    return str(pytestconfig.rootpath / "compose.test.yml")


@pytest.fixture(scope="session")
def docker_setup() -> str:
    """The command that starts them; readiness is looked at from outside."""
    return "up --detach"


@pytest.fixture(scope="session")
def typesense(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningTypesense]:
    """A settled Typesense that the whole session shares: keep to `alias_prefix` in it."""
    candidate: Candidate = request.param
    if candidate.kind is Kind.NAMED:
        named = named_server()
        assert named is not None
        yield RunningTypesense(*named, candidate.version)
    elif candidate.kind is Kind.DOCKER:
        yield _in_docker(candidate, request.getfixturevalue("docker_services"))
    else:
        with TypesenseServer(tmp_path_factory.mktemp("typesense")) as server:
            yield RunningTypesense(server.url, server.api_key, candidate.version, server)


@pytest.fixture
def private_typesense(tmp_path: Path) -> Iterator[StartTypesense]:
    """Start servers of the test's own, to be killed and filled up: `private_typesense(**flags)`.

    Flags are the server's, with _ for -: `private_typesense(disk_used_max_percentage="1")`.
    """
    started: list[TypesenseServer] = []

    def start(**flags: str) -> TypesenseServer:
        named = {name.replace("_", "-"): value for name, value in flags.items()}
        server = TypesenseServer(tmp_path / f"typesense-{len(started)}", named)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        if server.is_running:
            server.kill9()  # quicker than an orderly end, and the data goes anyway


@pytest.fixture
def alias_prefix(typesense: RunningTypesense) -> Iterator[str]:
    """A prefix for aliases that no other test has; what was made under it goes at the end."""
    with own_prefix(typesense) as prefix:
        yield prefix


@contextmanager
def own_prefix(typesense: RunningTypesense) -> Iterator[str]:
    """Yield a prefix for aliases that nobody has; what was made under it goes at the end."""
    prefix = f"t{uuid4().hex[:10]}_"
    yield prefix
    headers = {"X-TYPESENSE-API-KEY": typesense.api_key}
    with httpx.Client(
        base_url=typesense.url, headers=headers, timeout=60, trust_env=False
    ) as client:
        for alias in client.get("/aliases").raise_for_status().json()["aliases"]:
            if alias["name"].startswith(prefix):
                client.delete(f"/aliases/{alias['name']}").raise_for_status()
        for collection in client.get("/collections").raise_for_status().json():
            if collection["name"].startswith(prefix):
                client.delete(f"/collections/{collection['name']}").raise_for_status()
        for preset in client.get("/presets").raise_for_status().json()["presets"]:
            if preset["name"].startswith(prefix):
                client.delete(f"/presets/{preset['name']}").raise_for_status()
        for key in client.get("/keys").raise_for_status().json()["keys"]:
            if any(name.startswith(prefix) for name in key["collections"]):
                client.delete(f"/keys/{key['id']}").raise_for_status()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks for the shared server once against every candidate."""
    if "typesense" in metafunc.fixturenames:
        chosen = candidates()
        names = [candidate.name for candidate in chosen]
        metafunc.parametrize("typesense", chosen, ids=names, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, and count, what needs a newer Typesense than the one at hand."""
    leave_out(config, items, _is_too_new, "they need a newer Typesense")


def _is_too_new(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("needs_typesense")
    if marker is None or not isinstance(item, pytest.Function):
        return False
    candidate = item.callspec.params["typesense"]
    assert isinstance(candidate, Candidate)
    return not candidate.is_new_enough(marker.args[0])


def _in_docker(candidate: Candidate, services: Services) -> RunningTypesense:
    url = f"http://127.0.0.1:{services.port_for(candidate.name, CONTAINER_PORT)}"
    deadline = time.monotonic() + START_SECONDS
    while not health.is_settled(url, API_KEY):
        if time.monotonic() > deadline:
            raise RuntimeError(f"The service {candidate.name} at {url} did not get ready.")
        time.sleep(0.2)
    return RunningTypesense(url, API_KEY, candidate.version)
