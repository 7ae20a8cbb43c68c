"""Names of physical collections: scenes_20261123T031500Z_4f2a9c1e_k3x9.

The alias, the start of the run in UTC, the spec hash's first 8 hex digits, and 4 characters by
chance, so that two runs of one second don't meet.
"""

import re
import secrets
import string
from datetime import UTC, datetime
from typing import NamedTuple

from indexer.errors import TypesenseError

_PHYSICAL = re.compile(
    r"(?P<alias>.+)_(?P<start>\d{8}T\d{6}Z)_(?P<hash>[0-9a-f]{8})_(?P<run>[a-z0-9]{4})",
    re.ASCII,
)
_START = "%Y%m%dT%H%M%SZ"
_HASH_LENGTH = 8
_RUN_LENGTH = 4
_RUN_ALPHABET = string.ascii_lowercase + string.digits


class PhysicalName(NamedTuple):
    """What a physical collection's name tells. `start` sorts as the times do."""

    alias: str
    start: str
    spec_hash: str
    run: str


def physical_name(alias: str, now: datetime, spec_hash: str) -> str:
    """Return a new name behind an alias; `now` carries its zone, `spec_hash` is hex (8 used)."""
    run = "".join(secrets.choice(_RUN_ALPHABET) for _ in range(_RUN_LENGTH))
    return f"{alias}_{stamp(now)}_{spec_hash[:_HASH_LENGTH]}_{run}"


def stamp(moment: datetime) -> str:
    """Return a moment as names have it: in UTC, and sorting as the moments do."""
    return moment.astimezone(UTC).strftime(_START)


def parse_name(name: str) -> PhysicalName | None:
    """Return the parts of a physical name; None for any other name."""
    found = _PHYSICAL.fullmatch(name)
    return PhysicalName(*found.groups()) if found else None


def began(name: str) -> float:
    """Return when the run began that made a physical collection, in epoch seconds; 0 for others."""
    parts = parse_name(name)
    if parts is None:
        return 0.0
    return datetime.strptime(parts.start, _START).replace(tzinfo=UTC).timestamp()


def belongs_to(name: str, alias: str) -> bool:
    """Say whether a name is that of a physical collection made for this alias."""
    parts = parse_name(name)
    return parts is not None and parts.alias == alias


def require_physical(name: str) -> None:
    """Make sure that a name is a physical one, before anything is written under it.

    Typesense queues writes by the name in the URL: written under an alias as well, ids double.

    Raises:
        TypesenseError: it is no physical name.
    """
    if parse_name(name) is None:
        raise TypesenseError(
            f"Won't write documents to {name}: it is not the name of a physical collection.",
            "Write to the collection behind the alias.",
        )
