"""What a server says, made fit for a message: without secrets, in one line, not long."""

from base64 import b64encode
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import quote as percent_encoded

Quote: TypeAlias = Callable[[str], str]
"""Makes a server's text fit for a message."""

_LONGEST = 300


def quoting(key: str | None, login: tuple[str, str] | None) -> Quote:
    """Return what quotes a server that is sent this key, and this user and password.

    What a server complains of it may repeat: a request's headers, or its address.
    """
    secrets = [key] if key else []
    if login and login[1]:
        sent = b64encode(":".join(login).encode()).decode()
        secrets += [sent, login[1], percent_encoded(login[1], safe="")]

    def quote(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, "***")
        text = " ".join(text.split())
        if len(text) <= _LONGEST:
            return text
        half = _LONGEST // 2  # what is wrong with a statement comes after all of it
        return f"{text[:half]} ... {text[-half:]}"

    return quote
