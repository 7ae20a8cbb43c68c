"""Somebody who edits the library while it is read: renames, merges, deletes, new things."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from tests.extractor.reading import sql
from tests.stash import edits

MOST_OF_A_KIND = 4
"""So many scenes are added, and so many deleted, at most: the gates let 10 pass."""


class Editor:
    """Makes random edits; in the background from `with` to its end."""

    def __init__(self, library: Path, rng: Random, *, counts_stay: bool = False) -> None:
        self.added = 0
        self.deleted = 0
        self._library = library
        self._rng = rng
        self._edits: Sequence[Callable[[], None]] = [
            self._retitle,
            self._rename_performer,
            self._rename_tag,
            self._rename_studio,
            self._merge_tags,
            self._tag,
            self._play,
            *([] if counts_stay else [self._add, self._add, self._delete, self._delete]),
        ]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop)

    def edit(self) -> None:
        """Make one edit."""
        self._rng.choice(self._edits)()

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

    def _loop(self) -> None:
        while not self._stop.wait(self._rng.uniform(0.02, 0.3)):
            self.edit()

    def _any(self, table: str) -> int:
        return int(self._rng.choice(sql(self._library, f"SELECT id FROM {table}")))

    def _name(self) -> str:
        return f"{self._rng.choice(['Quay', 'Lantern', 'Orchard'])} {self._rng.randrange(10**9)}"

    def _retitle(self) -> None:
        edits.set_title(self._library, self._any("scenes"), self._name())

    def _rename_performer(self) -> None:
        edits.rename_performer(self._library, self._any("performers"), self._name())

    def _rename_tag(self) -> None:
        edits.rename_tag(self._library, self._any("tags"), self._name())

    def _rename_studio(self) -> None:
        edits.rename_studio(self._library, self._any("studios"), self._name())

    def _merge_tags(self) -> None:
        gone, kept = self._rng.sample(sql(self._library, "SELECT id FROM tags"), 2)
        edits.merge_tags(self._library, gone, kept)

    def _tag(self) -> None:
        edits.tag_scene(
            self._library, self._any("scenes"), edits.add_tag(self._library, self._name())
        )

    def _play(self) -> None:
        edits.play(self._library, self._any("scenes"))

    def _add(self) -> None:
        if self.added < MOST_OF_A_KIND:
            self.added += 1
            performer = edits.add_performer(self._library, self._name())
            tags, title = [self._any("tags")], self._name()
            edits.add_scene(self._library, title=title, tags=tags, performers=[performer])

    def _delete(self) -> None:
        if self.deleted < MOST_OF_A_KIND:
            self.deleted += 1
            edits.delete_scene(self._library, self._any("scenes"))
