"""Name sets: other names for collections and fields, in one TOML file, and what is left out.

Every collection and field has to be named or left out, so that a new field is decided upon, never
forgotten. Fields marked private in the specs are left out unless a collection asks for them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from indexer.documents import DIGEST_FIELD, NUMBER_FIELD
from indexer.errors import SpecError
from indexer.transformer.spec import Canary, Spec
from indexer.transformer.strict import Name, Names, Strict, load

DIRECTORY = "names"
RESERVED = frozenset({"id", "library", "stash_id", NUMBER_FIELD, DIGEST_FIELD})
"""The fields that the indexer makes itself: they are called so everywhere."""

Ids: TypeAlias = Literal["plain", "uuid"]


class NamedCollection(Strict):
    """A collection of a name set: the spec that it extends, its alias, and what fields are called.

    `fields` has the spec's name on the left; `leave_out` names fields that aren't wanted, `private`
    those marked private that are.
    """

    extends: str
    alias: Name
    fields: dict[str, Name]
    leave_out: Names = ()
    private: Names = ()


class NameSet(Strict):
    """A name set, called as its file is; `leave_out` names specs that it has no collection for."""

    name: str
    ids: Ids = "plain"
    leave_out: Names = ()
    collections: dict[Name, NamedCollection]


@dataclass(frozen=True)
class Naming:
    """What a collection and its fields are called, by the names of the spec it extends.

    Without `extends` a spec keeps its own names. Fields that aren't in `names` are left out.
    """

    extends: str | None = None
    name: str = ""
    alias: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    ids: Ids = "plain"

    def renamed(self, spec: Spec) -> Spec:
        """Return a spec under its new names; it was checked under its own."""
        sorting = spec.default_sorting_field
        changed = {
            "name": self.name,
            "alias": self.alias,
            "default_sorting_field": None if sorting is None else self.names[sorting],
            "fields": {self.names[name]: spec.fields[name] for name in self.names},
            "canaries": tuple(filter(None, map(self._canary, spec.canaries))),
        }
        return spec.model_copy(update=changed)

    def _canary(self, canary: Canary) -> Canary | None:
        """Return a canary under the new names; None if it needs a field that is left out."""
        texts = [name.strip() for name in (canary.query_by or "").split(",") if name.strip()]
        needed = [*texts, *([canary.facet_by] if canary.facet_by else [])]
        if not self.names.keys() >= set(needed):
            return None
        query_by = ",".join(self.names[name] for name in texts) or None
        facet_by = self.names[canary.facet_by] if canary.facet_by else None
        return canary.model_copy(update={"query_by": query_by, "facet_by": facet_by})


PLAIN = Naming()


def find_name_set(name: str, *directories: Path) -> Path:
    """Return the file of a name set: one in the directory of that name, else beside the specs.

    Raises:
        SpecError: there is none, or the directory has several.
    """
    own = Path(name)
    if own.is_dir():
        found = sorted(own.glob("*.toml"))
        if len(found) == 1:
            return found[0]
        raise SpecError(
            f"{own} has {len(found)} name sets (*.toml).", "Name a directory that has just one."
        )
    places = [directory / DIRECTORY for directory in directories]
    for place in places:
        if (place / f"{name}.toml").is_file():
            return place / f"{name}.toml"
    known = sorted({file.stem for place in places for file in place.glob("*.toml")})
    raise SpecError(
        f'There is no name set "{name}", and no directory of that name.',
        f"Known are: {', '.join(known) or 'none'}.",
    )


def load_name_set(file: Path) -> NameSet:
    """Return a name set. Raises SpecError, naming the file and the place."""
    return load(file, NameSet)


def namings(name_set: NameSet, specs: Sequence[Spec]) -> list[tuple[Spec, Naming]]:
    """Return the set's collections, in the order of the specs they extend.

    Raises:
        SpecError: a name is missing, double or unknown; the file and the name are told.
    """
    by_name = {spec.name: spec for spec in specs}
    extended = [each.extends for each in name_set.collections.values()]
    _complete(f"{name_set.name}.toml", "collection", by_name, extended, name_set.leave_out)
    _once(f"{name_set.name}.toml", "alias", _aliases(name_set, specs))
    found = {
        each.extends: _naming(name_set, name, each, by_name[each.extends])
        for name, each in name_set.collections.items()
    }
    return [(spec, found[spec.name]) for spec in specs if spec.name in found]


def _aliases(name_set: NameSet, specs: Iterable[Spec]) -> list[str]:
    """The specs' own aliases count: both sets of collections may stand on one server."""
    return [
        *(spec.alias for spec in specs),
        *(each.alias for each in name_set.collections.values()),
    ]


def _naming(name_set: NameSet, name: str, given: NamedCollection, spec: Spec) -> Naming:
    where = f"{name_set.name}.toml, {name}"
    _complete(where, "field", spec.fields, given.fields, given.leave_out)
    _once(where, "name", [*given.fields.values(), *RESERVED])
    private = {each for each, field in spec.fields.items() if field.private}
    for each in given.private:
        if each not in private & given.fields.keys():
            raise SpecError(
                f'{where}: it asks for "{each}", which is no private field that it names.',
                f"Private are: {', '.join(sorted(private)) or 'none'}.",
            )
    hidden = private.difference(given.private)
    names = {each: given.fields[each] for each in given.fields if each not in hidden}
    if spec.default_sorting_field not in {None, *names}:
        raise SpecError(
            f'{where}: it leaves out "{spec.default_sorting_field}", by which {spec.name} is '
            "sorted unless a search says otherwise.",
            "Name that field too.",
        )
    return Naming(spec.name, name, given.alias, names, name_set.ids)


def _complete(
    where: str, what: str, known: Iterable[str], named: Iterable[str], left_out: Iterable[str]
) -> None:
    """Refuse what is unknown, named and left out or named twice, or neither named nor left out."""
    told = Counter([*named, *left_out])
    for name in told:
        if name not in known:
            raise SpecError(
                f'{where}: there is no {what} "{name}".', f"Known are: {', '.join(known)}."
            )
    _once(where, what, told.elements())
    missing = [name for name in known if name not in told]
    if missing:
        raise SpecError(
            f"{where}: no name is given for the {what} {', '.join(missing)}.",
            "Give it one, or name it in leave_out.",
        )


def _once(where: str, what: str, names: Iterable[str]) -> None:
    double = [name for name, times in Counter(names).items() if times > 1]
    if double:
        raise SpecError(
            f"{where}: the {what} {', '.join(double)} is there twice.", "Take one of them away."
        )
