"""The client of the `typesense` package, on connections of ours."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import typesense
from typesense.configuration import ConfigDict

Client = typesense.Client


def new_client(address: httpx.URL, api_key: str, connections: httpx.Client) -> Client:
    """Return a client that asks a server over these connections and tries nothing again."""
    with quietly():
        return Client(_configuration(address, api_key), http_client=connections)


@contextmanager
def quietly() -> Iterator[None]:
    """Leave out the package's warnings about parts of its own that it touches by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _configuration(address: httpx.URL, api_key: str) -> ConfigDict:
    """Tell the package where the server is; it wants the port named."""
    secure = address.scheme == "https"
    return {
        "nodes": [
            {
                "host": address.host,
                "port": address.port or (443 if secure else 80),
                "path": address.path.rstrip("/"),
                "protocol": address.scheme,
            }
        ],
        "api_key": api_key,
        "num_retries": 0,
    }
