"""Which scenes are in which groups, read from the group side.

`Scene.groups` scans a whole table for every scene it is asked of, so it is asked only
where the number inside the group is wanted, and only of scenes that are in one.
"""

from collections.abc import Iterable, Iterator, Mapping

from indexer.events import Warned
from indexer.extractor import canonical, queries, wire
from indexer.extractor.answer import Id
from indexer.extractor.graphql import StashClient
from indexer.extractor.introspection import Schema
from indexer.extractor.trouble import QueryFailed
from indexer.extractor.walk import Walk
from indexer.extractor.wire import WireSceneGroups
from indexer.records import GroupMembership


class Memberships:
    """The groups of each scene, as they were when this was made. Raises StashError.

    A group that can't be read with its scenes, such as one that names a scene that is gone, is
    looked for among the scenes.
    """

    def __init__(self, client: StashClient, schema: Schema, page_size: int) -> None:
        """Read the scenes of every group."""
        self._client = client
        self._query = queries.places(schema)
        self._members = queries.members(schema)
        self._groups: dict[int, list[int]] = {}
        listing = queries.listing(schema, "group")
        fields = queries.selection(schema, "group", ["scenes"]).text
        for page in Walk(client, "group", listing, fields, page_size).pages():
            for group in page.found:
                self._add(group["id"], group["scenes"])
            for bad in page.unreadable:
                answer = client.ask(self._members, {"ids": [bad.id]}, wire.PAGES["scene"])
                self._add(bad.id, answer["found"]["things"])

    def _add(self, group: int, scenes: Iterable[Id]) -> None:
        for scene in scenes:
            self._groups.setdefault(scene["id"], []).append(group)

    def of(self, scenes: Iterable[int], *, index: bool) -> Mapping[int, list[GroupMembership]]:
        """Return the places in groups of those scenes that have any, with the index if asked."""
        members = [scene for scene in scenes if scene in self._groups]
        numbers = dict(self._numbers(members)) if index else {}
        return {
            scene: canonical.memberships(
                GroupMembership(group=group, index=numbers.get((scene, group)))
                for group in self._groups[scene]
            )
            for scene in members
        }

    def _numbers(self, scenes: list[int]) -> Iterator[tuple[tuple[int, int], int | None]]:
        """Yield ((scene, group), number) of these scenes' places."""
        for found in self._places(scenes):
            for place in found["places"]:
                yield (found["id"], place["group"]["id"]), place["scene_index"]

    def _places(self, scenes: list[int]) -> list[WireSceneGroups]:
        """Return the places of scenes; one scene that is gone fails all, so they are halved."""
        if not scenes:
            return []
        try:
            answer = self._client.ask(self._query, {"ids": scenes}, wire.PLACES)
        except QueryFailed as error:
            if len(scenes) == 1:
                self._client.emit(
                    Warned(f"The numbers of scene {scenes[0]} in its groups are unknown. {error}")
                )
                return []
            middle = len(scenes) // 2
            return self._places(scenes[:middle]) + self._places(scenes[middle:])
        return answer["found"]["things"]
