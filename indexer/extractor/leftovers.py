"""Files of a run's own that are gone after it: at its end, or when the next one looks.

Whoever has one open holds a lock on it, which goes with its process however that ends.
"""

import fcntl
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeAlias

File: TypeAlias = IO[bytes]


def private_file(directory: Path, prefix: str, suffix: str) -> File:
    """Return a new file that only this user can read, locked against sweeping.

    Raises OSError if it can't be made.
    """
    while True:
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it is closed by whoever asked for it
            prefix=prefix, suffix=suffix, dir=directory, delete=False
        )
        fcntl.flock(file, fcntl.LOCK_EX)
        if Path(file.name).exists():  # or another run swept it before it was locked
            return file
        file.close()


def sweep(directory: Path, prefix: str) -> None:
    """Remove the files that killed runs left behind: nobody holds a lock on them.

    What is no regular file is somebody else's: others may write to this directory too.
    """
    for path in directory.glob(f"{prefix}*"):
        with suppress(OSError):
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if stat.S_ISREG(os.fstat(file).st_mode):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
            finally:
                os.close(file)


def remove(file: File) -> None:
    """Remove a file of this run's own, whatever there was no room for."""
    Path(file.name).unlink(missing_ok=True)
    with suppress(OSError):  # closing tries once more to write what didn't fit
        file.close()
