"""Which way of reading Stash is taken: the first that works here and tells what the API tells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from indexer.errors import StashError
from indexer.events import Emit, Step, Warned
from indexer.extractor import backup
from indexer.extractor.api import ApiSource
from indexer.extractor.backup import BackupSource
from indexer.extractor.crosscheck import SampledSource, differences, told
from indexer.extractor.database import DatabaseSource
from indexer.extractor.graphql import StashClient
from indexer.extractor.source import Page, Source, StashInfo
from indexer.extractor.sql import SqlSource
from indexer.extractor.trouble import DatabaseLocked
from indexer.records import Kind
from indexer.retries import Patience

_WAYS: Mapping[str, tuple[str, ...]] = {
    "auto": ("sql", "api"),
    "file": ("file", "sql", "api"),
    "sql": ("sql",),
    "backup": ("backup",),
    "api": ("api",),
}
"""What each setting tries, in this order."""
_WITH_OTHERS = frozenset(setting for setting, ways in _WAYS.items() if len(ways) > 1)


class ChosenSource:
    """The way of reading that works here; chosen when something is asked for the first time."""

    def __init__(
        self, setting: str, client: StashClient, *, page_size: int, patience: Patience, emit: Emit
    ) -> None:
        """Take the setting `source`, the Stash to ask, and who is told what was chosen and why."""
        self._setting, _, path = setting.partition(":")
        self._path = Path(path)
        self._client = client
        self._patience = patience
        self._emit = emit
        self._api = ApiSource(client, page_size=page_size)
        self._opened: list[Source] = []

    @property
    def name(self) -> str:
        """The name of the way that was chosen. Raises StashError if none works."""
        return self._source.name

    def info(self) -> StashInfo:
        """Return Stash's version, schema and counts, which its API knows best."""
        return self._api.info()

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
        """Return those of `paths` that this Stash doesn't have; they read as unset."""
        return self._source.absent(kind, paths)

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield all records of a kind in ascending order of id, or those of `ids` that exist.

        Where the way that was chosen stops to work for good, or is locked out for longer than
        patience lasts, the API goes on from there: it takes no lock.
        """
        source, last = self._source, 0
        try:
            for page in source.pages(kind, paths, ids):
                yield page
                last = max((last, *_ids(page)))
        except StashError as error:
            passes = error.transient and not isinstance(error, DatabaseLocked)
            if source is self._api or passes or self._setting not in _WITH_OTHERS:
                raise
            self._go_on_by_api(source, error)
        else:
            return
        yield from self._api.pages(kind, paths, ids, after=last)

    def close(self) -> None:
        """Let go of connections and files."""
        for source in self._opened:
            source.close()
        self._api.close()

    def _go_on_by_api(self, source: Source, error: StashError) -> None:
        """Read by the API from now on; what the source still gives to others stays open."""
        if self._source is not self._api:
            self._emit(
                Warned(
                    f"Stash is no longer read by {source.name}, but by its API. {error.message} "
                    f"{error.hint}"
                )
            )
            self._source = self._api

    @cached_property
    def _source(self) -> Source:
        backup.sweep()
        *ways, last = _WAYS[self._setting]
        for way in ways:
            try:
                return self._checked(way)
            except StashError as error:
                self._emit(Warned(f"Stash is not read by {way}. {error.message} {error.hint}"))
        return self._checked(last)

    def _checked(self, way: str) -> Source:
        """Return a way of reading, after a look whether it tells what the API tells."""
        if way == "api":
            return self._api
        source = self._open(way)
        try:
            found = differences(source, self._api, SqlSource(self._client, self._api))
        except BaseException:
            source.close()
            raise
        if found:
            source.close()
            self._emit(
                Warned(
                    f"Read by {way}, this differs from Stash's API, which is used: {told(found)}"
                )
            )
            return self._api
        self._opened.append(source)
        self._emit(Step("source", f"Stash is read by {way}; a sample is what its API gives"))
        return source

    def _open(self, way: str) -> SampledSource:
        opened: Mapping[str, Callable[[], SampledSource]] = {
            "file": lambda: DatabaseSource(self._path, patience=self._patience, emit=self._emit),
            "sql": lambda: SqlSource(self._client, self._api),
            "backup": lambda: BackupSource(self._client),
        }
        return opened[way]()


def _ids(page: Page) -> Iterator[int]:
    yield from (record["id"] for record in page.records)
    yield from (bad.id for bad in page.unreadable)
