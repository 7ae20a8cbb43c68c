"""Whether a database that a Stash works with may be opened here, before it is.

SQLite keeps a log and a table of its readers beside the file (-wal, -shm). Who can't see these
reads what was; who makes them as a user whose files Stash may not write keeps Stash from writing.
"""

import os
from pathlib import Path

from indexer.errors import ConfigurationError
from indexer.extractor.mounts import is_mount_point, network_file_system
from indexer.extractor.trouble import WHICH_FILE_HINT, SourceUnavailable

_ROOT = 0


def find(path: Path) -> Path:
    """Return where a file is, past all symbolic links.

    Raises:
        ConfigurationError: if there is no such file.
        SourceUnavailable: if this user may not look there.
    """
    try:
        if path.is_file():
            return path.resolve()
    except OSError as error:
        raise cannot_be_opened(path, error.strerror) from None
    raise ConfigurationError(f"There is no file {path}.", WHICH_FILE_HINT)


def check(path: Path) -> None:
    """Raise SourceUnavailable where reading it would give wrong data, or hinder Stash."""
    if found := network_file_system(path):
        raise SourceUnavailable(
            f"{path} lies on a network file system ({found}), where a database can't be "
            "read safely while Stash writes.",
            "Run indexer on Stash's own machine, or use --source sql or backup.",
        )
    status = path.stat()
    if status.st_nlink > 1 or is_mount_point(path):
        raise SourceUnavailable(
            f"{path} was mounted or linked here by itself, away from the log that holds what "
            "Stash wrote last.",
            "Mount the directory that Stash has it in, or use --source sql or backup.",
        )
    if not (may_open_first(status.st_uid, os.geteuid()) or Path(f"{path}-shm").exists()):
        raise SourceUnavailable(
            f"{path} belongs to another user, and Stash has not opened it: the files that SQLite "
            "makes beside it would keep Stash from writing.",
            "Run indexer as the user that Stash runs as, or use --source sql or backup.",
        )


def may_open_first(owner: int, user: int) -> bool:
    """Say whether what SQLite makes beside a file is its owner's; for root it gives it away."""
    return user in {owner, _ROOT}


def not_a_database(path: Path) -> SourceUnavailable:
    """Return the error for a file of another kind."""
    return SourceUnavailable(f"{path} is not a database.", WHICH_FILE_HINT)


def damaged(path: Path) -> SourceUnavailable:
    """Return the error for a database that contradicts itself."""
    return SourceUnavailable(
        f"The database {path} is damaged.",
        "Restore a backup that Stash made, or read what Stash still can by --source api.",
    )


def cannot_be_opened(path: Path, reason: str | None) -> SourceUnavailable:
    """Return the error for a database that this user may not open."""
    return SourceUnavailable(
        f"The database {path} can't be opened for reading here ({reason or 'unknown error'}).",
        "SQLite needs to write -wal and -shm beside a live database: allow that directory, or "
        "use --source sql or backup.",
    )
