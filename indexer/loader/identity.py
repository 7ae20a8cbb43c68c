"""Who runs: enough to tell a run from any other, and whether its process is gone."""

import os
import secrets
import socket
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_ENDED = {"Z", "X"}
"""The states of a process that ended and was not waited for yet."""

_START_TIME = 19
"""The place of the start time in /proc/<pid>/stat, counted from the state (proc(5): 22 and 3)."""


@dataclass(frozen=True)
class RunIdentity:
    """One run of the program.

    `owner` is unique, in hex; `started` is in epoch seconds. `place` says which booted system and
    which process namespace `pid` is of, as containers may share a host name, and `birth` when the
    process began in the kernel's own count; both are empty where the system doesn't tell.
    """

    owner: str
    host: str
    pid: int
    started: int
    place: str = ""
    birth: str = ""


def this_run() -> RunIdentity:
    """Return a new identity for a run of this process."""
    pid = os.getpid()
    try:
        _state, birth = _state_and_birth(pid)
    except OSError:
        birth = ""
    return RunIdentity(
        owner=secrets.token_hex(8),
        host=socket.gethostname(),
        pid=pid,
        started=int(time.time()),
        place=_place(),
        birth=birth,
    )


def is_gone(run: RunIdentity) -> bool:
    """Say whether a run's process is known to be over; False where that can't be seen from here."""
    here = (socket.gethostname(), _place())
    if not (run.place and run.birth) or (run.host, run.place) != here:
        return False
    try:
        state, birth = _state_and_birth(run.pid)
    except OSError:
        return not _exists(run.pid)  # other people's processes may be hidden in /proc
    return state in _ENDED or birth != run.birth


def _place() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _state_and_birth(pid: int) -> tuple[str, str]:
    """Return a process's state, and when it began in clock ticks since the boot."""
    stat = (_PROC / f"{pid}/stat").read_text()
    # The program's name comes before, in parentheses, and may itself hold spaces and parentheses.
    state_and_on = stat.rpartition(")")[2].split()
    return state_and_on[0], state_and_on[_START_TIME]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
