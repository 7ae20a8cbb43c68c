"""The source that is fast wherever Stash runs: SELECTs sent through its GraphQL API.

Stash runs them inside a writing transaction: while one runs, nobody can edit. So each
asks for as many rows as took Stash a blink, and nothing but a SELECT of ours is ever sent.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from indexer.extractor import selects
from indexer.extractor.answer import Answer
from indexer.extractor.api import ApiSource
from indexer.extractor.columns import Row
from indexer.extractor.graphql import StashClient
from indexer.extractor.source import Page, StashInfo
from indexer.extractor.statements import Statements, statements
from indexer.extractor.trouble import QueryFailed, QueryRefused, SourceUnavailable
from indexer.records import Kind

LONGEST_HOLD = 0.05
"""For how many seconds a statement may keep others from writing."""
_FIRST_ROWS, _FEWEST_ROWS, _MOST_ROWS = 500, 50, 2000
_QUERY = "mutation($sql:String!){found:querySQL(sql:$sql){rows}}"
_OURS = re.compile(r"SELECT [^;]*")


class Found(TypedDict):
    """The rows of a statement."""

    rows: list[list[object]]


class FoundAnswer(TypedDict):
    """The answer to a statement."""

    found: Found


_ANSWER = TypeAdapter(Answer[FoundAnswer])


class SqlSource:
    """Reads a Stash library by SELECTs through its API."""

    name = "sql"
    copied_at: int | None = None

    def __init__(
        self,
        client: StashClient,
        api: ApiSource,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the Stash to ask, and the same one's API for what isn't in its database."""
        self._client = client
        self._api = api
        self._clock = clock
        self._pace = Pace()

    def info(self) -> StashInfo:
        """Return Stash's version, schema and counts. Raises StashError, also if it isn't ready."""
        return self._api.info()

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
        """Return those of `paths` that this Stash doesn't have; they read as unset."""
        return selects.absent(self._statements.tables, kind, paths)

    def pages(
        self, kind: Kind, paths: frozenset[str], ids: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield all records of a kind in ascending order of id, or those of `ids` that exist.

        Raises StashError; SourceUnavailable if Stash takes no SQL.
        """
        return self._statements.pages(kind, paths, ids)

    def counts(self) -> dict[Kind, int]:
        """Return how many there are of each kind."""
        return self._statements.counts()

    def sample(self, kind: Kind, size: int) -> list[int]:
        """Return the ids of `size` things of a kind, or of all if fewer, picked by chance."""
        return self._statements.sample(kind, size)

    def close(self) -> None:
        """Do nothing: the connections are those of the API, which go on."""

    @cached_property
    def _statements(self) -> Statements:
        return statements(self._run, self._pace, self._client.emit)

    def _run(self, sql: str) -> list[Row]:
        if not _OURS.fullmatch(sql):
            raise AssertionError(f"not a SELECT of ours: {sql[:50]}")
        began = self._clock()
        try:
            rows: list[Row] = [*self._client.ask(_QUERY, {"sql": sql}, _ANSWER)["found"]["rows"]]
        except (QueryFailed, QueryRefused) as error:
            raise SourceUnavailable(
                f"{error.message} (by SQL)", "Use --source api, which needs no SQL."
            ) from error
        self._pace.seconds = self._clock() - began
        return rows


class Pace:
    """How many rows a statement may ask for, of each kind of thing as quickly as they come."""

    def __init__(self) -> None:
        """Begin small, while nothing is known of this Stash."""
        self.seconds = 0.0
        """How long the last answer took."""
        self._rows: dict[str, int] = {}

    def rows(self, what: str) -> int:
        """Return how many to ask for next."""
        return self._rows.get(what, _FIRST_ROWS)

    def filled(self, what: str) -> None:
        """Learn from the last answer, which had all the rows that were asked for."""
        self._rows[what] = next_rows(self.rows(what), self.seconds)


def next_rows(rows: int, seconds: float) -> int:
    """Return how many rows to ask for next, after an answer that took so many seconds.

    The whole answer takes longer than the lock is held, so this errs on the side of Stash's
    people; a statement that had to wait for the lock makes the next ones smaller for a while.
    """
    if seconds > LONGEST_HOLD:
        return max(_FEWEST_ROWS, int(rows * max(0.25, LONGEST_HOLD / seconds)))
    if seconds < LONGEST_HOLD / 2:
        return min(_MOST_ROWS, rows * 3 // 2)
    return rows
