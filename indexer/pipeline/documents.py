"""documents: what would be stored, without storing it."""

from collections.abc import Iterator, Sequence
from itertools import islice

import orjson

from indexer.documents import Document
from indexer.errors import EXIT_OK, EXIT_REFUSED_SOME, StashError
from indexer.events import Emit, Event, Progress, Warned
from indexer.extractor.source import Source, Unreadable
from indexer.pipeline.stream import Stream, ensure_counted
from indexer.transformer.compile import CompiledSpec
from indexer.transformer.membership import Membership


class Documents:
    """Documents as they would be stored; `exit_code` counts once lines() is exhausted.

    `ids` are Stash's; all records if none is given, the first `limit` of them. What is asked for
    and doesn't come is warned of, one by one: then the exit code is 3.
    """

    def __init__(
        self,
        source: Source,
        spec: CompiledSpec,
        emit: Emit,
        *,
        limit: int | None,
        ids: Sequence[int] = (),
    ) -> None:
        self.exit_code = EXIT_OK
        self._source = source
        self._spec = spec
        self._emit = emit
        self._limit = limit
        self._ids = ids

    def lines(self) -> Iterator[bytes]:
        """Yield them, each one line of JSON with its keys sorted.

        Raises:
            StashError: Stash is unreachable or refusing, or can give none of what was asked for.
        """
        membership = Membership()
        ensure_counted(self._source, self._spec, membership, self._emit)
        stream = Stream(self._source, self._spec, membership, self._warn)
        absent = {self._spec.document_id(number): number for number in self._ids}
        given = 0
        for document in islice(stream.documents(self._ids or None), self._limit):
            given += 1
            absent.pop(document.id, None)
            yield _sorted(document)
        self._tell_unreadable(stream.unreadable, given)
        if given != self._limit:  # else there may be more, which nobody looked for
            unreadable = {each.id for each in stream.unreadable}
            self._tell_absent([number for number in absent.values() if number not in unreadable])

    def _warn(self, event: Event) -> None:
        """Pass events on, but not how far it is: the lines tell that."""
        if not isinstance(event, Progress):
            self._emit(event)

    def _tell_unreadable(self, unreadable: Sequence[Unreadable], given: int) -> None:
        for each in unreadable:
            self._leave_out(each.id, f"Stash has it but can't give it: {each.error}")
        if unreadable and not given:
            raise StashError(
                f"Stash has what was asked for, but can give nothing of it: {unreadable[0].error}",
                "Mend it in Stash, or read Stash in another way: --source.",
            )

    def _tell_absent(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._leave_out(number, "Stash doesn't have it.")

    def _leave_out(self, number: int, why: str) -> None:
        self.exit_code = EXIT_REFUSED_SOME
        self._emit(Warned(f"{self._spec.kind} {number} is left out. {why}"))


def _sorted(document: Document) -> bytes:
    return orjson.dumps(orjson.loads(document.body), option=orjson.OPT_SORT_KEYS)
