"""The source that every Stash offers: its GraphQL API."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from random import SystemRandom

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from indexer.extractor import introspection, pick, queries, trouble, wire
from indexer.extractor.answer import STATUS, Answer
from indexer.extractor.graphql import StashClient
from indexer.extractor.groups import Memberships
from indexer.extractor.introspection import Schema
from indexer.extractor.shape import SHAPES
from indexer.extractor.shape_scene import scene
from indexer.extractor.source import Page, StashInfo
from indexer.extractor.trouble import QueryFailed
from indexer.extractor.walk import Things, Walk
from indexer.extractor.ways import GROUP_PATHS
from indexer.records import Kind


class CountsAnswer(TypedDict):
    """The answer to queries.counts: numbers by kind, in two parts."""

    stats: dict[Kind, int]
    markers: dict[Kind, int]


_SEEDS = 10**8
_COUNTS = TypeAdapter(Answer[CountsAnswer])


class ApiSource:
    """Reads a Stash library through its GraphQL API."""

    name = "api"

    def __init__(self, client: StashClient, *, page_size: int = 1000) -> None:
        """Take the Stash to ask, and how many things to ask for at a time."""
        self._client = client
        self._page_size = page_size

    def info(self) -> StashInfo:
        """Return Stash's version, schema and counts. Raises StashError, also if it isn't ready."""
        status = self._client.ask(queries.STATUS, {}, STATUS)["systemStatus"]
        if status["status"] != "OK":
            raise trouble.needs_attention(self._client.url, status["status"])
        counts = self._client.ask(queries.counts(self._schema), {}, _COUNTS)
        return StashInfo(
            url=self._client.url,
            version=self._schema.version,
            schema=status["databaseSchema"] or status["appSchema"],
            counts={**counts["stats"], **counts["markers"]},
        )

    def absent(self, kind: Kind, paths: frozenset[str]) -> frozenset[str]:
        """Return those of `paths` that this Stash doesn't have; they read as unset.

        Raises StashError if one that every Stash since v0.22 has is missing.
        """
        return queries.selection(self._schema, kind, paths).absent

    def pages(
        self,
        kind: Kind,
        paths: frozenset[str],
        ids: Sequence[int] | None = None,
        *,
        after: int = 0,
    ) -> Iterator[Page]:
        """Yield all records of a kind in ascending order of id, or those of `ids` that exist.

        Those up to the id `after` are left out.

        Scenes and galleries are exact whatever changes meanwhile; of the other kinds, which are
        few, one created meanwhile may come or not. Raises StashError.
        """
        listing = queries.listing(self._schema, kind)
        fields = queries.selection(self._schema, kind, paths).text
        takes_ids = "ids" in self._schema.arguments[listing.find]
        walk = Walk(self._client, kind, listing, fields, self._page_size, takes_ids)
        if ids is None:
            found = walk.pages(after)
        else:
            found = pick.pages(walk, [one for one in ids if one > after])
        if kind == "scene" and paths & GROUP_PATHS:
            groups = Memberships(self._client, self._schema, self._page_size)
            for things in found:
                yield _scenes(things, paths, groups)
        else:
            for things in found:
                records = [SHAPES[kind](thing, paths) for thing in things.found]
                yield Page(records, things.unreadable)

    def sample(self, kind: Kind, size: int) -> list[int]:
        """Return the ids of `size` things of a kind picked by chance, and of as many newest ones.

        Of all if there are fewer; of none where Stash can't even name them. Raises StashError.
        """
        listing = queries.listing(self._schema, kind)
        walk = Walk(self._client, kind, listing, "id", size)
        found: set[int] = set()
        chance = queries.by_chance(listing, SystemRandom().randrange(_SEEDS))
        for query in (chance, queries.newest(listing)):
            with suppress(QueryFailed):
                answer = walk.ask(query, {"n": size}, wire.PAGES[kind])
                found.update(thing["id"] for thing in answer["found"]["things"])
        return sorted(found)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @cached_property
    def _schema(self) -> Schema:
        answer = self._client.ask(introspection.QUERY, {}, introspection.ANSWER)
        return introspection.schema_of(answer)


def _scenes(things: Things, paths: frozenset[str], groups: Memberships) -> Page:
    """Return a page of scenes with their places in groups."""
    records = [scene(thing, paths) for thing in things.found]
    places = groups.of((record["id"] for record in records), index="groups.index" in paths)
    for record in records:
        record["groups"] = places.get(record["id"], [])
    return Page(records, things.unreadable)
