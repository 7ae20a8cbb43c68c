"""Resolvers of the root fields of queries: which objects, how many; objects.py loads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from tests.stash.dialect import Dialect
from tests.stash.filters import Where, order
from tests.stash.objects import Row, Selection, Shelf, selected
from tests.stash.values import number

NOT_MIGRATED = (
    "Internal system error. "
    "Error <runtime error: invalid memory address or nil pointer dereference>"
)


@dataclass(frozen=True)
class Library:
    """What resolvers know: the open database, how this Stash is set up, what is to fail."""

    shelf: Shelf
    dialect: Dialect
    database_schema: int
    status: str
    version: str
    poisoned: frozenset[int]

    def check(self) -> None:
        """Fail as Stash does while its database waits for migration."""
        if self.status != "OK":
            raise GraphQLError(NOT_MIGRATED)


@dataclass(frozen=True)
class Listing:
    """One find… query: its kind of object, the list in its answer, its filter and default order."""

    kind: str
    items: str
    filter: str
    default_sort: str | None

    def find(self, library: Library, arguments: Mapping[str, Any], chosen: Selection) -> Row:
        """The answer to the query, with what was selected of it."""
        library.check()
        kind = library.shelf.kinds[self.kind]
        ids = arguments.get("ids") or arguments.get("scene_ids")
        where = Where()
        if ids is None:
            condition = where.whole(kind.table, arguments.get(self.filter))
            page = self._page(library, condition, where.parameters, arguments.get("filter") or {})
        else:
            page = [int(one) for one in ids]
            condition = f"id IN ({','.join(map(str, page))})"
        self._refuse(library, page, by_id=ids is not None)
        answer: Row = {}
        if "count" in chosen:
            answer["count"] = self._count(library, condition, where.parameters)
        if chosen.keys() & {"duration", "filesize"}:
            answer |= self._totals(library, condition, where.parameters)
        if self.items in chosen:
            loaded = library.shelf.load(self.kind, page, chosen[self.items])
            missing = next((one for one in page if one not in loaded), None)
            if missing is not None:
                raise GraphQLError(f"{self.kind.lower()} with id {missing} not found")
            answer[self.items] = [loaded[one] for one in page]
        return answer

    def _refuse(self, library: Library, page: list[int], *, by_id: bool) -> None:
        bad = library.poisoned.intersection(page) if self.kind == "Scene" else None
        if bad:
            raise GraphQLError(f"scene {min(bad)} cannot be read")
        twice = next((one for one in page if page.count(one) > 1), None) if by_id else None
        if twice is not None and library.dialect.has(75):
            raise GraphQLError(f"validating ids: duplicate id found: {twice}")
        if twice is not None:
            raise GraphQLError(f"{self.kind.lower()} with id {twice} not found")

    def _page(
        self, library: Library, condition: str, bound: Mapping[str, Any], find: Mapping[str, Any]
    ) -> list[int]:
        table = library.shelf.kinds[self.kind].table
        connection = library.shelf.connection
        names = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        tail = order(table, names, find, self.default_sort)
        sql = f"SELECT DISTINCT {table}.id FROM {table} WHERE {condition}{tail}"
        return [row[0] for row in connection.execute(sql, bound)]

    def _count(self, library: Library, condition: str, bound: Mapping[str, Any]) -> int:
        table = library.shelf.kinds[self.kind].table
        sql = f"SELECT count(*) FROM {table} WHERE {condition}"
        return int(library.shelf.connection.execute(sql, bound).fetchone()[0])

    def _totals(self, library: Library, condition: str, bound: Mapping[str, Any]) -> Row:
        sql = f"""SELECT coalesce(sum(duration), 0), coalesce(sum(size), 0)
            FROM scenes JOIN scenes_files ON scene_id = scenes.id AND "primary"
            JOIN files ON files.id = file_id JOIN video_files USING (file_id)
            WHERE {condition}"""
        duration, filesize = library.shelf.connection.execute(sql, bound).fetchone()
        return {"duration": duration, "filesize": filesize}


LISTINGS = {
    "findScenes": Listing("Scene", "scenes", "scene_filter", None),
    "findPerformers": Listing("Performer", "performers", "performer_filter", "name"),
    "findStudios": Listing("Studio", "studios", "studio_filter", "name"),
    "findTags": Listing("Tag", "tags", "tag_filter", "name"),
    "findGroups": Listing("Group", "groups", "group_filter", "name"),
    "findMovies": Listing("Movie", "movies", "movie_filter", "name"),
    "findGalleries": Listing("Gallery", "galleries", "gallery_filter", "title"),
    "findSceneMarkers": Listing("Marker", "scene_markers", "scene_marker_filter", "title"),
}


def version(info: GraphQLResolveInfo[Library]) -> Row:
    """The release; home-made builds of Stash say ""."""
    return {"version": info.context.version, "hash": "", "build_time": ""}


def system_status(info: GraphQLResolveInfo[Library]) -> Row:
    """Whether the database is ready to be read."""
    library = info.context
    return {
        "databaseSchema": library.database_schema,
        "databasePath": "stash.sqlite",
        "configPath": "config.yml",
        "appSchema": library.dialect.schema,
        "status": library.status,
    }


def stats(info: GraphQLResolveInfo[Library]) -> Row:
    """Counts and sums over the whole library."""
    library = info.context
    library.check()
    groups = library.dialect.groups
    files = "scenes_files JOIN files ON files.id = file_id JOIN video_files USING (file_id)"
    parts = {
        "scene_count": "count(*) FROM scenes",
        "scenes_size": f"coalesce(sum(size), 0) FROM {files}",
        "scenes_duration": f"{number('coalesce(sum(duration), 0)')} FROM {files}",
        "image_count": "count(*) FROM images",
        "gallery_count": "count(*) FROM galleries",
        "performer_count": "count(*) FROM performers",
        "studio_count": "count(*) FROM studios",
        "movie_count": f'count(*) FROM "{groups}"',
        "group_count": f'count(*) FROM "{groups}"',
        "tag_count": "count(*) FROM tags",
        "total_play_duration": "coalesce(sum(play_duration), 0) FROM scenes",
        **(_HISTORY if library.dialect.has(55) else _HISTORY_IN_SCENES),
    }
    columns = ", ".join(f"(SELECT {sql}) AS {name}" for name, sql in parts.items())
    cursor = library.shelf.connection.execute(f"SELECT {columns}")
    return dict(zip(parts, cursor.fetchone(), strict=True))


_HISTORY = {
    "total_o_count": "count(*) FROM scenes_o_dates",
    "total_play_count": "count(*) FROM scenes_view_dates",
    "scenes_played": "count(DISTINCT scene_id) FROM scenes_view_dates",
}
_HISTORY_IN_SCENES = {
    "total_o_count": "coalesce(sum(o_counter), 0) FROM scenes",
    "total_play_count": "coalesce(sum(play_count), 0) FROM scenes",
    "scenes_played": "count(*) FROM scenes WHERE play_count > 0",
}


def find_scene(info: GraphQLResolveInfo[Library], id: str) -> Row | None:  # noqa: A002
    """One scene, or null."""
    library = info.context
    library.check()
    if int(id) in library.poisoned:
        raise GraphQLError(f"scene {id} cannot be read")
    return library.shelf.load("Scene", [int(id)], selected(info)).get(int(id))


def _find(name: str) -> Callable[..., Row]:
    """The resolver of one find… query."""

    def resolve(info: GraphQLResolveInfo[Library], **arguments: object) -> Row:
        return LISTINGS[name].find(info.context, arguments, selected(info))

    return resolve


ROOTS: dict[str, Callable[..., Any]] = {
    "version": version,
    "systemStatus": system_status,
    "stats": stats,
    "findScene": find_scene,
    **{name: _find(name) for name in LISTINGS},
}
"""The resolvers of all root fields of queries, by name."""
