"""The bulk pass: a stream of documents into a collection, every outcome counted."""

from indexer.errors import RunFailed
from indexer.events import Emit, Progress
from indexer.extractor.source import Unreadable
from indexer.loader.bulk import RefusedDocument, import_documents
from indexer.loader.dead_letters import DeadLetters
from indexer.loader.server import Typesense
from indexer.pipeline.report import CollectionReport
from indexer.pipeline.stream import Stream

REFUSED_AT_THE_START = 10
"""The first so many documents all refused: the spec is wrong, not the data."""

_NO_DOCUMENT = b"null"


def load(
    server: Typesense,
    collection: str,
    stream: Stream,
    report: CollectionReport,
    dead_letters: DeadLetters,
    emit: Emit,
) -> None:
    """Load the stream's documents; count in the report what was read, loaded and refused.

    Records that Stash couldn't give count as refused and become dead letters too.

    Raises:
        RunFailed: the first documents were all refused.
        StashError, TypesenseError: a server failed for longer than its patience.
    """
    refused_from_start = 0
    unreadable_told = 0
    for imported in import_documents(server, collection, stream.documents()):
        report.loaded += imported.loaded
        dead_letters.write(imported.refused)
        for document in imported.refused:
            refused_from_start += document.position == refused_from_start
        if refused_from_start >= REFUSED_AT_THE_START:
            raise _spec_is_wrong(report, imported.refused[0])
        unreadable_told = _tell(stream, dead_letters, unreadable_told)
        _count(stream, report, dead_letters)
        emit(Progress(report.name, report.read, report.loaded, report.refused))
    _tell(stream, dead_letters, unreadable_told)
    _count(stream, report, dead_letters)


def _count(stream: Stream, report: CollectionReport, dead_letters: DeadLetters) -> None:
    report.read = stream.read
    report.refused = dead_letters.count
    report.dead_letters = str(dead_letters.path) if dead_letters.path else None


def _tell(stream: Stream, dead_letters: DeadLetters, told: int) -> int:
    """Write the records that Stash couldn't give, from the one after those told already."""
    found = stream.unreadable[told:]
    dead_letters.write(_as_refused(stream, each) for each in found)
    return told + len(found)


def _as_refused(stream: Stream, unreadable: Unreadable) -> RefusedDocument:
    number = stream.spec.document_id(unreadable.id)
    return RefusedDocument(-1, number, 0, unreadable.error, _NO_DOCUMENT)


def _spec_is_wrong(report: CollectionReport, first: RefusedDocument) -> RunFailed:
    return RunFailed(
        f"Typesense refused the first {REFUSED_AT_THE_START} documents of {report.name}, "
        f"{first.id} with: {first.error}",
        f"The spec does not fit the records; look at {report.name}.toml and at "
        f"`indexer documents {report.name} --limit 1`.",
    )
