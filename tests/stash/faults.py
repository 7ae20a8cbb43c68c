"""What a stand-in Stash can be told to do wrong, and what it has seen."""

import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Literal

FaultKind = Literal[
    "locked",  # 200 with errors: database is locked
    "slow",  # answers after `delay` seconds
    "cut",  # closes the connection after `after_bytes` bytes of the answer's body
    "truncated",  # a whole HTTP answer whose body ends after `after_bytes` bytes (or half-way)
    "refused",  # closes the connection without an answer
    "partial",  # 200 with errors, and data of which half is missing
    "poison",  # any page with scene `scene_id` answers errors
    "crash",  # any page with scene `scene_id` answers HTTP 500
    "html",  # a page instead of JSON, as a wrong path gives
    "401",
    "302",
    "500",
]


@dataclass
class Fault:
    """One thing to do wrong.

    `times` requests that have `match` in their path or body (None: without end), or during
    `lasts` seconds from when it is added.
    """

    kind: FaultKind
    times: int | None = 1
    match: str = ""
    lasts: float | None = None
    delay: float = 0.0
    after_bytes: int | None = None
    scene_id: int | None = None
    ends: float | None = field(default=None, init=False)


class Faults:
    """The faults in store. Each request takes the first that matches, and all of scenes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Have this go wrong from now on."""
        if fault.lasts is not None:
            fault.ends = time.monotonic() + fault.lasts
            fault.times = None
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        with self._lock:
            self._faults.clear()

    def take(self, request: str) -> Fault | None:
        """The fault for this request (its path and body), used up by one."""
        with self._lock:
            now = time.monotonic()
            self._faults = [f for f in self._faults if f.ends is None or f.ends > now]
            for fault in self._faults:
                if fault.scene_id is None and fault.match in request:
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
        return None

    def poisoned(self, query: str) -> dict[int, FaultKind]:
        """The scenes that this query can't read, and what they make of its answer."""
        with self._lock:
            return {f.scene_id: f.kind for f in self._faults if f.scene_id and f.match in query}


@dataclass(frozen=True)
class Seen:
    """One request as it came. `operation` is its first root field ("findScenes"), or ""."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def operation(self) -> str:
        """The first field asked of the root."""
        query = re.sub(r"\([^()]*\)", "", str(self.body.get("query", "")), count=1)
        found = re.search(r"\{\s*(?:\w+\s*:\s*)?(\w+)", query)
        return found.group(1) if found else ""
