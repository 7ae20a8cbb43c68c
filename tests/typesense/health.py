"""Looks at a Typesense server from outside: is it ready, and which version is it?"""

import httpx

TIMEOUT_SECONDS = 5.0


def is_settled(url: str, api_key: str) -> bool:
    """Whether the server is healthy, leads, and has applied every write that it took."""
    try:
        health = _get(url, "/health", api_key)
        status = _get(url, "/status", api_key)
    except httpx.TransportError:
        return False
    if health.status_code != httpx.codes.OK or status.status_code != httpx.codes.OK:
        return False
    answer = status.json()
    return bool(answer["state"] == "LEADER" and answer["queued_writes"] == 0)


def version(url: str, api_key: str) -> str:
    """The server's version as it gives it: "0.24.1", "27.1".

    Raises:
        httpx.HTTPError: if it cannot be reached or refuses the key.
    """
    answer = _get(url, "/debug", api_key)
    answer.raise_for_status()
    return str(answer.json()["version"])


def _get(url: str, path: str, api_key: str) -> httpx.Response:
    headers = {"X-TYPESENSE-API-KEY": api_key}
    return httpx.get(url + path, headers=headers, timeout=TIMEOUT_SECONDS, trust_env=False)
