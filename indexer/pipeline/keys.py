"""The key that people search with: made once, the same on every run."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ConfigurationError
from indexer.loader.keys import (
    SEARCH,
    Key,
    create_search_key,
    delete_key,
    list_keys,
    may_search,
)
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
        ConfigurationError: the file can't be read or written, or its value may be another key's.
    """
    keys = list_keys(server)
    if file is None:
        if any(_serves(key, aliases) for key in keys):
            return Ensured(made=False, collections=aliases)
        value = _new_value()
        create_search_key(server, DESCRIPTION, aliases, value)
        return Ensured(made=True, collections=aliases, value=value)
    value = _value_in(file)
    taken = ConfigurationError(
        f"Another key of Typesense at {server.url} has the value that is in {file} already.",
        "Revoke that key by its id, which `indexer keys list` shows, or remove the file for a new "
        "value.",
    )
    holders = _holders(server, value, keys, aliases)
    if any(_serves(key, aliases) for key in holders or ()):
        return Ensured(made=False, collections=aliases)
    if holders is not None:
        if [key.description for key in holders] != [DESCRIPTION]:
            raise taken
        delete_key(server, holders[0].id)
    if not create_search_key(server, DESCRIPTION, aliases, value):
        raise taken
    return Ensured(made=True, collections=aliases)


def _holders(
    server: Typesense, value: str, keys: Sequence[Key], aliases: Sequence[str]
) -> list[Key] | None:
    """Return the keys of which one has this value, None where it may search nothing: no key has.

    The server tells the first signs of a value and what each key may search. Whose first signs fit
    is told apart by what the value itself may search.
    """
    alike = [key for key in keys if key.may_be(value)]
    names = {*aliases, *(name for key in alike for name in key.collections)}
    reach = {name for name in sorted(names) if may_search(server, value, name)}
    return [key for key in alike if {*key.collections} == reach] if reach else None


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
    """Say whether it is a key of ours for these aliases."""
    allowed = (sorted(key.collections), list(key.actions))
    return key.description == DESCRIPTION and allowed == (sorted(aliases), [SEARCH])


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
