"""Documents put aside: they come back as they went, from memory and from disk."""

import resource

import pytest

from indexer.documents import Document
from indexer.errors import RunFailed
from indexer.pipeline import spool
from indexer.pipeline.spool import Spool


@pytest.mark.parametrize("in_memory", [8_000_000, 100], ids=["memory", "disk"])
def test_as_they_went(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All documents come back in order, with every byte, more than once."""
    monkeypatch.setattr(spool, "IN_MEMORY_BYTES", in_memory)
    documents = [
        Document(f"main-{number}", b'{"title":"tab \\t and \xc3\xa9","n":%d}' % number)
        for number in range(1, 500)
    ]
    with Spool() as kept:
        for document in documents:
            kept.add(document)
        assert list(kept.documents()) == documents
        assert list(kept.documents()) == documents


def fill() -> None:
    """Put half a megabyte aside."""
    with Spool() as kept:
        for number in range(10_000):
            kept.add(Document(f"main-{number}", b'{"title":"Lantern in the orchard"}'))


def test_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is an error that says where, and what to do; closing says no more."""
    monkeypatch.setattr(spool, "IN_MEMORY_BYTES", 100)
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, allowed[1]))
    try:
        with pytest.raises(RunFailed, match="can't be put aside in") as told:
            fill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert "TMPDIR" in told.value.hint
