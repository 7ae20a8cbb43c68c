"""A walk over a source's documents beside a collection's digests: what differs, what is gone."""

from array import array
from collections.abc import Iterator

from indexer.documents import Document
from indexer.errors import StashError
from indexer.loader.digests import LARGEST_NUMBER, Digests, number_of, row
from indexer.pipeline.stream import Stream


class Comparison:
    """The differences between a stream and a collection, found by one merge of the two.

    Both ascend by id. The figures are complete once changed() is exhausted:

    missing    ids that the collection doesn't have
    stale      ids whose document there is another one
    doubled    ids that it has twice, which no upsert repairs
    unchanged  how many documents are equal
    gone       document ids that only the collection has, looked for twice
    """

    def __init__(self, stream: Stream, digests: Digests) -> None:
        self.missing = array("q")  # a whole library's, in the bulk pass
        self.stale: list[int] = []
        self.doubled: list[int] = []
        self.unchanged = 0
        self.gone: list[str] = []
        self._stream = stream
        self._digests = digests
        self._absent: dict[int, bytes] = {}

    @property
    def into_nothing(self) -> bool:
        """Whether the collection had no documents."""
        return not self._digests.rows

    def had(self, number: int) -> bool:
        """Say whether the collection had a document of a record before."""
        return self._digests.rows.has(number)

    def changed(self) -> Iterator[Document]:
        """Yield the documents that are missing or different. Raises StashError."""
        yield from self._walk()
        yield from self._second_look()

    def _walk(self) -> Iterator[Document]:
        theirs = self._theirs()
        number, their_row = next(theirs)
        last = -1
        for document in self._stream.documents():
            ours = self._row(document)
            wanted = number_of(ours)
            if wanted <= last:
                raise _out_of_order(document)
            last = wanted
            while number is not None and number < wanted:
                self._absent[number] = their_row
                number, their_row = next(theirs)
            if number != wanted:
                self.missing.append(wanted)
                yield document
                continue
            same = their_row == ours
            number, their_row = next(theirs)
            if same:
                self.unchanged += 1
            else:
                self.stale.append(wanted)
                yield document
        while number is not None:
            self._absent[number] = their_row
            number, their_row = next(theirs)

    def _theirs(self) -> Iterator[tuple[int | None, bytes]]:
        """Yield the collection's rows by number, each number once, and None at the end."""
        last = None
        for each in self._digests.rows:
            number = number_of(each)
            if number == last:
                self.doubled.append(number)
            else:
                yield number, each
            last = number
        yield None, b""

    def _second_look(self) -> Iterator[Document]:
        """Ask for the absent ones by id: a listing alone is no proof that they are gone.

        What Stash has but can't give stays in the collection as it is.
        """
        absent = self._absent
        self._keep_unreadable()
        for document in self._stream.documents(sorted(absent)) if absent else ():
            ours = self._row(document)
            number = number_of(ours)
            if absent.pop(number) == ours:
                self.unchanged += 1
            else:
                self.stale.append(number)
                yield document
        self._keep_unreadable()
        document_id = self._stream.spec.document_id
        replaced = set(map(document_id, self.missing)) if self._digests.strange else set()
        strange = [each for each in self._digests.strange if each not in replaced]
        self.gone = [*map(document_id, absent), *strange]

    def _keep_unreadable(self) -> None:
        for unreadable in self._stream.unreadable:
            self._absent.pop(unreadable.id, None)

    def _row(self, document: Document) -> bytes:
        if not 0 < document.number <= LARGEST_NUMBER:
            raise _strange(document)
        return row(document.number, document.digest)


def _out_of_order(document: Document) -> StashError:
    return StashError(
        f"Stash listed {document.id} out of order, so nothing can be said of what is missing.",
        "Run again; if it stays, please report it with Stash's version.",
    )


def _strange(document: Document) -> StashError:
    return StashError(
        f"Stash gave a record with an id that can't be: {document.id}.",
        "Ids are whole numbers above 0; look at this record in Stash.",
    )
