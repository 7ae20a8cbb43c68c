"""The one error tree.

IndexerError
├── RunFailed             1    what was built can't be right, whatever the servers say
├── Unexpected            1    something that nobody foresaw
├── ConfigurationError    2    a setting, a flag or a file is wrong
│   ├── SpecError         2    a collection spec is wrong
│   └── NameTaken         2    an alias's name belongs to a real collection
├── GateRefused           4    a gate or canary said no; what people search is untouched
├── AliasHeld             4    a person holds the alias where it is
├── StashError            5    Stash unreachable or refusing
├── TypesenseError        6    Typesense unreachable or refusing
│   └── UnexpectedAnswer  6    an answer that can't be true, such as too few result lines
├── AliasMoved            7    another run moved the alias
├── LockHeld              7    another run holds the lock on the alias
└── Outdated              9    the last good run is too long ago

Each error has a stable `slug` (for programs), a `message` (what happened, with which URL or
file) and a `hint` (what to do). `transient` marks what may go away by itself,
`starting` a server that may not be up yet: retries.py decides by both whether to try again, and
who has another way on asks the former too.
"""

from collections.abc import Iterable
from typing import ClassVar

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_REFUSED_SOME = 3
EXIT_DRIFT = 8
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143
SEVERITY = (2, 6, 5, 1, 4, 7, 9, 8, 3)
"""The exit code of a run with several outcomes is the first of these that occurred."""


class IndexerError(Exception):
    """Something went wrong in a way that a person can act on."""

    slug: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = EXIT_FAILED

    def __init__(
        self, message: str, hint: str, *, transient: bool = False, starting: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.transient = transient
        self.starting = starting


class RunFailed(IndexerError):
    """The run can't end well whatever the servers say.

    A spec that doesn't fit, a count that is off, no room for what differs.
    """

    slug = "run-failed"


class Unexpected(IndexerError):
    """Something that nobody foresaw: a fault of the program."""

    slug = "unexpected"


class ConfigurationError(IndexerError):
    """A setting, a flag or a file is wrong."""

    slug = "configuration"
    exit_code = EXIT_USAGE


class SpecError(ConfigurationError):
    """A collection spec is wrong; the message names file and field."""

    slug = "spec"


class NameTaken(ConfigurationError):
    """An alias's name belongs to a real collection."""

    slug = "name-taken"


class GateRefused(IndexerError):
    """A gate or canary refused the swap; the alias was not moved."""

    slug = "gate-refused"
    exit_code = 4


class AliasHeld(IndexerError):
    """A person holds the alias where it is, after a rollback."""

    slug = "held"
    exit_code = 4


class StashError(IndexerError):
    """Stash is unreachable, refuses, or answers what can't be used."""

    slug = "stash"
    exit_code = 5


class TypesenseError(IndexerError):
    """Typesense is unreachable, refuses, or is not ready."""

    slug = "typesense"
    exit_code = 6


class UnexpectedAnswer(TypesenseError):
    """Typesense answered what can't be true, such as fewer result lines than documents."""

    slug = "typesense-answer"


class AliasMoved(IndexerError):
    """Another run moved the alias meanwhile; nothing of it was touched."""

    slug = "alias-moved"
    exit_code = 7


class LockHeld(IndexerError):
    """Another run holds the lock on the alias, or took it over meanwhile."""

    slug = "locked"
    exit_code = 7


class Outdated(IndexerError):
    """The last good run is longer ago than a person allows."""

    slug = "outdated"
    exit_code = 9


class Interrupted(BaseException):
    """A signal ends the program; raised where the main thread is, so that it can clean up.

    It is none of the tree: what handles errors must not take it for one.
    """

    slug = "interrupted"
    message = "The command was interrupted."
    hint = "Run it again; a collection that was half built is gone on with."

    def __init__(self, exit_code: int) -> None:
        super().__init__(self.message)
        self.exit_code = exit_code


def unexpected(error: Exception) -> Unexpected:
    """Return the error for one that nobody foresaw."""
    said = " ".join(str(error).split())
    return Unexpected(
        f"Something unexpected happened: {type(error).__name__}: {said}",
        "Run again with --debug for the traceback.",
    )


def worst(codes: Iterable[int]) -> int:
    """Return the exit code of a run from those of its parts."""
    failures = (code for code in codes if code != EXIT_OK)
    return min(failures, key=SEVERITY.index, default=EXIT_OK)


def deciding(errors: Iterable[IndexerError | None]) -> IndexerError | None:
    """Return the error whose exit code stands for all, the first of several; None of none."""
    there = (error for error in errors if error is not None)
    return min(there, key=lambda error: SEVERITY.index(error.exit_code), default=None)
