"""Sources that lie, meddle or fail, each around the real one: nothing of ours is replaced."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, cast

from indexer.errors import StashError
from indexer.extractor.source import Page, Source, StashInfo, Unreadable
from indexer.records import Kind, Record


class Around:
    """Passes everything on; `listings` counts how often all scenes were listed."""

    name = "around"

    def __init__(self, inner: Source) -> None:
        self.inner = inner
        self.listings = 0

    def info(self) -> StashInfo:
        """Ask the real one."""
        return self.inner.info()

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
        """Ask the real one."""
        return self.inner.absent(kind, paths)

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Ask the real one, and let `changed` have a look at each page of scenes."""
        self.listings += kind == "scene" and ids is None
        for page in self.inner.pages(kind, paths, ids):
            yield self.changed(page, ids) if kind == "scene" else page

    def changed(self, page: Page, ids: Sequence[int] | None) -> Page:  # noqa: ARG002 - for others
        """Return the page to give in place of the real one; `ids` is what was asked for."""
        return page

    def close(self) -> None:
        """Close the real one."""
        self.inner.close()


class Forgetful(Around):
    """Leaves scenes out of listings, and out of answers by id too where it `insists`."""

    def __init__(self, inner: Source, scenes: Collection[int], *, insists: bool = False) -> None:
        super().__init__(inner)
        self._scenes = frozenset(scenes)
        self._insists = insists

    def changed(self, page: Page, ids: Sequence[int] | None) -> Page:
        """Leave them out."""
        if ids is not None and not self._insists:
            return page
        records = [each for each in page.records if each["id"] not in self._scenes]
        return Page(records, page.unreadable)


class Unable(Around):
    """Has some scenes and can't give them."""

    def __init__(self, inner: Source, scenes: Collection[int]) -> None:
        super().__init__(inner)
        self._scenes = frozenset(scenes)

    def changed(self, page: Page, ids: Sequence[int] | None) -> Page:  # noqa: ARG002 - as Around
        """Turn them into what can't be read."""
        records = [each for each in page.records if each["id"] not in self._scenes]
        failed = [each["id"] for each in page.records if each["id"] in self._scenes]
        return Page(records, [Unreadable(number, "the record is torn") for number in failed])


class Twisting(Around):
    """Gives a number where a scene's details should be text: Typesense refuses the document."""

    def __init__(self, inner: Source, scenes: Callable[[int], bool]) -> None:
        super().__init__(inner)
        self._scenes = scenes

    def changed(self, page: Page, ids: Sequence[int] | None) -> Page:  # noqa: ARG002 - as Around
        """Twist them."""
        return Page([self._twisted(each) for each in page.records], page.unreadable)

    def _twisted(self, record: Record) -> Record:
        if not self._scenes(record["id"]):
            return record
        return cast("Record", cast("dict[str, Any]", record) | {"details": 7})


class Lacking(Around):
    """Is of a Stash that doesn't have one of the fields of scenes."""

    def __init__(self, inner: Source, field: str) -> None:
        super().__init__(inner)
        self._field = field

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
        """Say that it isn't there."""
        own = frozenset({self._field} if kind == "scene" else ())
        return self.inner.absent(kind, paths) | (paths & own)


class Meddling(Around):
    """Lets something happen once, in the listing of that number, after its first page."""

    def __init__(self, inner: Source, act: Callable[[], object], *, listing: int = 1) -> None:
        super().__init__(inner)
        self._act = act
        self._listing = listing
        self._done = False

    def changed(self, page: Page, ids: Sequence[int] | None) -> Page:  # noqa: ARG002 - as Around
        """Act, then give the page as it was read before."""
        if self.listings == self._listing and not self._done:
            self._done = True
            self._act()
        return page


class Dying(Around):
    """Is gone from the listing of that number on."""

    def __init__(self, inner: Source, *, listing: int) -> None:
        super().__init__(inner)
        self._listing = listing

    def changed(self, page: Page, ids: Sequence[int] | None) -> Page:  # noqa: ARG002 - as Around
        """Fail as a Stash does whose machine went down."""
        if self.listings >= self._listing:
            raise StashError("Stash can't be reached.", "Check that it runs.")
        return page
