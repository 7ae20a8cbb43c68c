"""The server that the tests start is what it is taken for."""

import httpx

from tests.typesense.choice import RunningTypesense
from tests.typesense.fixtures import StartTypesense
from tests.typesense.health import is_settled, version


def headers(api_key: str) -> dict[str, str]:
    """The header that carries the key."""
    return {"X-TYPESENSE-API-KEY": api_key}


def test_shared_server_is_real(typesense: RunningTypesense) -> None:
    """The session's server is settled and is of the version that tests are chosen by."""
    assert is_settled(typesense.url, typesense.api_key)
    assert version(typesense.url, typesense.api_key) == typesense.version


def test_prefix_is_the_tests_own(typesense: RunningTypesense, alias_prefix: str) -> None:
    """Nothing exists under a test's prefix before the test makes it."""
    answer = httpx.get(f"{typesense.url}/collections", headers=headers(typesense.api_key))
    assert not [each for each in answer.json() if each["name"].startswith(alias_prefix)]


def test_data_outlives_kill_and_restart(private_typesense: StartTypesense) -> None:
    """What a server acknowledged is there after kill -9, and after an orderly restart."""
    server = private_typesense()
    schema = {"name": "harbours", "fields": [{"name": "name", "type": "string"}]}
    created = httpx.post(f"{server.url}/collections", json=schema, headers=headers(server.api_key))
    assert created.status_code == 201
    server.kill9()
    assert not is_settled(server.url, server.api_key)
    server.start()
    server.restart()
    found = httpx.get(f"{server.url}/collections/harbours", headers=headers(server.api_key))
    assert found.json()["num_documents"] == 0


def test_flags_reach_the_server(private_typesense: StartTypesense) -> None:
    """A server told that its disk is full refuses a write with 422."""
    server = private_typesense(disk_used_max_percentage="1")
    schema = {"name": "orchards", "fields": [{"name": "name", "type": "string"}]}
    answer = httpx.post(f"{server.url}/collections", json=schema, headers=headers(server.api_key))
    assert answer.status_code == 422
