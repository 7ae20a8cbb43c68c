"""Documents put aside: they come back as they went, from memory and from disk."""

import pytest

from indexer.documents import Document
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
