"""Who may ask: people on this machine, or whoever has the password; no other site's scripts."""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from indexer.errors import ConfigurationError
from indexer.ui.answer import Answer, refused

_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
_LOCAL_ADDRESSES = frozenset(map(ip_address, ("127.0.0.1", "::1")))
_HTTP_PORT = 80


@dataclass(frozen=True)
class Guard:
    """What a request must have: the password if there is one, else a Host header of `hosts`.

    A site that makes its own name lead to 127.0.0.1 could read the page through its visitor's
    browser: the Host header is then that site's. It doesn't have the password.
    """

    password: str | None
    hosts: frozenset[str]

    def refusal(self, headers: Mapping[str, str]) -> Answer | None:
        """Return why a request with these headers is refused; None if it isn't."""
        host = headers.get("Host", "").lower()
        if self.password is None and host not in self.hosts:
            return refused(HTTPStatus.MISDIRECTED_REQUEST, "This page has another address.")
        if self.password is not None and not _has_password(headers, self.password):
            challenge = 'Basic realm="indexer", charset="UTF-8"'
            return refused(
                HTTPStatus.UNAUTHORIZED, "The password is needed.", WWW_Authenticate=challenge
            )
        if _is_from_elsewhere(headers, host):
            return refused(HTTPStatus.FORBIDDEN, "Other sites may not ask here.")
        return None


def guard(bind: str, port: int, password: str | None) -> Guard:
    """Return the guard of a server on an address.

    Raises:
        ConfigurationError: others could reach it, and there is no password.
    """
    if password is None and not _is_local(bind):
        raise ConfigurationError(
            f"On {bind} others can reach the page, and there is no password.",
            "Set INDEXER_UI_PASSWORD or INDEXER_UI_PASSWORD_FILE, or leave --bind out.",
        )
    hosts = {f"{name}:{port}" for name in _LOCAL_NAMES}
    if port == _HTTP_PORT:  # which browsers leave out
        hosts.update(_LOCAL_NAMES)
    return Guard(password, frozenset(hosts))


def _is_local(address: str) -> bool:
    """Whether only this machine reaches an address to listen on, by the names that are answered."""
    try:
        return ip_address(address) in _LOCAL_ADDRESSES
    except ValueError:
        return address == "localhost"


def _has_password(headers: Mapping[str, str], password: str) -> bool:
    scheme, _, encoded = headers.get("Authorization", "").partition(" ")
    try:
        _, _, given = b64decode(encoded.strip(), validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, password.encode()) and scheme.lower() == "basic"


def _is_from_elsewhere(headers: Mapping[str, str], host: str) -> bool:
    """Whether another site's page makes this request; following a link from there is fine."""
    origin = headers.get("Origin")
    if origin is not None and _netloc(origin) != host:
        return True
    is_foreign = headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    return is_foreign and headers.get("Sec-Fetch-Mode") != "navigate"


def _netloc(origin: str) -> str | None:
    """Return an origin's host and port; None where it is none, as browsers never send it."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None
