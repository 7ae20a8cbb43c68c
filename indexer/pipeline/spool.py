"""Documents put aside on disk until it is clear that they may be written."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import SpooledTemporaryFile, gettempdir
from typing import Self

from indexer.documents import Document
from indexer.errors import RunFailed

IN_MEMORY_BYTES = 8_000_000


class Spool:
    """A private file without a name: nobody else can open it, and no kill leaves it behind."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - see close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # it writes what is left; what couldn't be written was told before
            self._file.close()

    def add(self, document: Document) -> None:
        """Put one document aside. Raises RunFailed."""
        with _room_is_needed():
            self._file.write(b"%b\t%b\n" % (document.id.encode(), document.body))

    def documents(self) -> Iterator[Document]:
        """Yield all documents, in the order they came. Raises RunFailed."""
        with _room_is_needed():
            self._file.seek(0)
        for line in self._file:
            number, _, body = line.rstrip(b"\n").partition(b"\t")
            yield Document(number.decode(), body)


@contextmanager
def _room_is_needed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RunFailed(
            f"What differs can't be put aside in {gettempdir()}: {error.strerror}.",
            "Make room there, or set TMPDIR to a directory with more; then run again.",
        ) from error
