"""Somebody who searches all the time, and notes what fails and how much is found."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import httpx

PAUSE_SECONDS = 0.01


class Searcher:
    """Searches everything behind an alias, over and over, from `with` to its end.

    found     how many documents searches found since the last forget()
    failures  what went wrong since then
    """

    def __init__(self, url: str, api_key: str, alias: str) -> None:
        self.found: set[int] = set()
        self.failures: list[str] = []
        self._path = f"/collections/{alias}/documents/search"
        self._client = httpx.Client(
            base_url=url, headers={"X-TYPESENSE-API-KEY": api_key}, timeout=30, trust_env=False
        )
        self._searching = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop)

    def forget(self) -> None:
        """Begin to note anew."""
        with self._searching:
            self.found.clear()
            self.failures.clear()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Don't search: the server itself is away."""
        with self._searching:
            yield

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._client.close()

    def _loop(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            with self._searching:
                self._search()

    def _search(self) -> None:
        try:
            answer = self._client.get(self._path, params={"q": "*", "per_page": "0"})
        except httpx.HTTPError as error:
            self.failures.append(repr(error))
            return
        if answer.status_code == httpx.codes.OK:
            self.found.add(int(answer.json()["found"]))
        else:
            self.failures.append(f"{answer.status_code} {answer.text}")
