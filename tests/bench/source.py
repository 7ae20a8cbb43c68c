"""Sources of made-up records: made page by page as they are read, or all beforehand."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from indexer.extractor.source import Page, StashInfo
from indexer.records import Kind, Record
from tests.bench import records

PAGE = 1_000
SCHEMA = 75

_MAKE: Mapping[Kind, Callable[[int], Record]] = {
    "scene": records.scene,
    "performer": records.performer,
    "tag": records.tag,
    "studio": records.studio,
    "group": records.group,
}


class GeneratedSource:
    """A library of that many scenes, none of which is kept; everything else is as in CAST."""

    name = "generated"

    def __init__(self, scenes: int) -> None:
        cast = records.CAST
        self._counts: Mapping[Kind, int] = {
            "scene": scenes,
            "performer": cast.performers,
            "tag": cast.tags,
            "studio": cast.studios,
            "group": cast.groups,
        }

    def info(self) -> StashInfo:
        """Name no server: there is none."""
        return StashInfo("", "", SCHEMA, self._counts)

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:  # noqa: ARG002 - as Source
        """Lack nothing."""
        return frozenset()

    def pages(
        self,
        kind: Kind,
        paths: frozenset[str],  # noqa: ARG002 - a record always has every key
        ids: Sequence[int] | None = None,
    ) -> Iterator[Page]:
        """Yield the records of a kind, or those of `ids`, made as they are read."""
        if kind not in _MAKE:  # no galleries, no markers of their own
            return
        numbers = iter(range(1, self._counts[kind] + 1) if ids is None else ids)
        make = _MAKE[kind]
        while page := [make(number) for number in islice(numbers, PAGE)]:
            yield Page(page)

    def close(self) -> None:
        """Hold nothing open."""


class PreparedSource(GeneratedSource):
    """The same library, all of it made beforehand and kept: reading it costs nothing.

    `scenes_begun` is when the latest reading of scenes began, on time.perf_counter's clock.
    """

    name = "prepared"

    def __init__(self, scenes: int) -> None:
        super().__init__(scenes)
        self.scenes_begun = 0.0
        self._pages: Mapping[Kind, Sequence[Page]] = {
            kind: list(super(PreparedSource, self).pages(kind, frozenset())) for kind in _MAKE
        }

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield what was prepared."""
        if kind == "scene":
            self.scenes_begun = time.perf_counter()
        yield from self._pages[kind] if ids is None else super().pages(kind, paths, ids)
