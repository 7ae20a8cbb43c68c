"""The indexer as processes of their own: started, paused, killed at a moment, waited for."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import orjson

PROJECT = Path(__file__).parents[2]
LONGEST_RUN = 60.0


class Child:
    """One running indexer. What it tells comes as events, JSON lines on its stderr."""

    def __init__(self, environment: Mapping[str, str], *arguments: str) -> None:
        self.arguments = arguments
        self.told: list[str] = []
        self._ended = False
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.child", *arguments, "--log", "json", "--json"],
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def kill9(self) -> None:
        """End it as a power cut would; nothing where it ended before."""
        self._process.kill()

    def pause(self) -> None:
        """Stop its clockwork."""
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def wait_for_event(self, number: int) -> None:
        """Return once it told so many things, or ended."""
        with self._news:
            arrived = self._news.wait_for(
                lambda: len(self.told) >= number or self._ended, LONGEST_RUN
            )
        assert arrived, self

    def wait(self) -> int:
        """Return its exit code: below 0 where a signal ended it."""
        code = self._process.wait(LONGEST_RUN)
        self._listener.join()
        return code

    def live(self) -> set[str]:
        """The names of the collections that it brought live; it must have ended by itself."""
        assert self._process.stdout is not None
        told = orjson.loads(self._process.stdout.read())
        return {each["name"] for each in told["collections"] if each["state"] == "live"}

    def close(self) -> None:
        """End it, whatever state it is in, and let go of its pipes."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe is not None
            pipe.close()

    def __repr__(self) -> str:
        return f"<{' '.join(self.arguments)}: {self._process.poll()}, told {self.told[-8:]}>"

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            with self._news:
                self.told.append(line.strip())
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()
