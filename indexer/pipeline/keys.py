"""The key that people search with: made once, the same on every run."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ConfigurationError
from indexer.loader.keys import SEARCH, Key, create_search_key, delete_key, list_keys
from indexer.loader.server import Typesense

DESCRIPTION = "indexer: search"
_VALUE_BYTES = 24
_OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Ensured:
    """What became of the search key; `value` only where it is to be shown, this once."""

    made: bool
    collections: Sequence[str]
    value: str | None = None


def ensure_search_key(
    server: Typesense, aliases: Sequence[str], file: Path | None = None
) -> Ensured:
    """See that there is a key that may search these aliases and do nothing else.

    Its value is the file's, which is written where it is missing; without a file a new one, to be
    shown, unless there is such a key. Where other aliases are to be searched than the file's key
    may, it is made anew with the same value: for a moment there is none.

    Raises:
        ConfigurationError: the file can't be read or written, or its value is another key's.
    """
    ours = [key for key in list_keys(server) if key.description == DESCRIPTION]
    if file is None:
        if any(_serves(key, aliases) for key in ours):
            return Ensured(made=False, collections=aliases)
        value = _new_value()
        create_search_key(server, DESCRIPTION, aliases, value)
        return Ensured(made=True, collections=aliases, value=value)
    value = _value_in(file)
    known = [key for key in ours if key.may_be(value)]
    if any(_serves(key, aliases) for key in known):
        return Ensured(made=False, collections=aliases)
    for key in known:
        delete_key(server, key.id)
    if not create_search_key(server, DESCRIPTION, aliases, value):
        raise ConfigurationError(
            f"Another key of Typesense at {server.url} has the value that is in {file} already.",
            "Remove the file for a new value; `indexer keys list` shows all keys.",
        )
    return Ensured(made=True, collections=aliases)


def revoke(server: Typesense, which: str) -> list[Key]:
    """Remove the key of this id, or all of this description; return what went.

    Raises:
        ConfigurationError: there is none.
    """
    found = [key for key in list_keys(server) if which in {str(key.id), key.description}]
    if not found:
        raise ConfigurationError(
            f'There is no key "{which}" on Typesense at {server.url}.',
            "`indexer keys list` shows ids and descriptions.",
        )
    return [key for key in found if delete_key(server, key.id)]


def _serves(key: Key, aliases: Sequence[str]) -> bool:
    return sorted(key.collections) == sorted(aliases) and list(key.actions) == [SEARCH]


def _value_in(file: Path) -> str:
    """Return the key in a file, a new one where there is no file yet."""
    try:
        if not file.exists():
            _write(file, _new_value())
        value = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"INDEXER_SEARCH_KEY_FILE: {file} can't be used: {error}.",
            "Name a file that can be read, or made.",
        ) from error
    if not (value.isascii() and value.isprintable() and len(value) >= _VALUE_BYTES):
        raise ConfigurationError(
            f"INDEXER_SEARCH_KEY_FILE: {file} holds no key of {_VALUE_BYTES} signs or more.",
            "Remove the file: a new value is made.",
        )
    return value


def _write(file: Path, value: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(f"{value}\n")


def _new_value() -> str:
    return secrets.token_urlsafe(_VALUE_BYTES)
