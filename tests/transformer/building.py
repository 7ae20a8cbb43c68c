"""Records and specs to test with, each whole: a test names only what it is about."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from typing_extensions import is_typeddict

from indexer.events import Emit, nobody
from indexer.records import RECORD_TYPES, Kind, SceneMarker, VideoFile
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_spec
from indexer.transformer.dimensions import Dimensions
from indexer.transformer.membership import Membership
from indexer.transformer.paths import Context
from indexer.transformer.shapes import Shape, fields_of
from indexer.transformer.spec import Spec, load_spec

Record: TypeAlias = dict[str, Any]
DIMENSIONS: tuple[Kind, ...] = ("performer", "tag", "studio", "group")


def record(kind: Kind, number: int, **values: object) -> Record:
    """Return a whole record; what isn't named is unset."""
    return _whole(RECORD_TYPES[kind], id=number, **values)


def video_file(number: int = 1, **values: object) -> Record:
    """Return a whole file of a scene."""
    return _whole(VideoFile, id=number, **{"folder": "/media", "basename": "a.mp4"} | values)


def marker(number: int = 1, **values: object) -> Record:
    """Return a whole marker of a scene."""
    return _whole(SceneMarker, id=number, **values)


def _whole(record_type: type, **values: object) -> Record:
    fields = fields_of(record_type)
    assert values.keys() <= fields.keys(), "no such field"
    return {name: values.get(name, _unset(shape)) for name, shape in fields.items()}


def _unset(shape: Shape) -> object:
    if shape.many:
        return []
    return None if shape.optional or is_typeddict(shape.base) else shape.base()


@cache
def shipped(name: str) -> CompiledSpec:
    """Return a collection that comes with the program, compiled."""
    return compile_spec(load_spec(shipped_collections() / f"{name}.toml"))


def spec(kind: Kind = "scene", **values: Any) -> Spec:
    """Return a spec called "lamps", of one field unless others are given."""
    content = {"name": "lamps", "alias": "lamps", "record": kind}
    return Spec.model_validate(content | {"fields": {"title": TITLE}} | values)


TITLE = {"type": "string", "from": "code"}


def transformed(
    compiled: CompiledSpec,
    records: Iterable[Mapping[str, Any]],
    dimensions: Mapping[Kind, Iterable[Mapping[str, Any]]] | None = None,
    membership: Membership | None = None,
    emit: Emit = nobody,
) -> list[dict[str, Any]]:
    """Return the contents of documents; dimensions that aren't given are empty."""
    context = Context(Dimensions(emit), membership or Membership())
    transform = compiled.transform(context)
    for kind in context.dimensions.kinds:
        context.dimensions.load(kind, (dimensions or {}).get(kind, ()))
    return list(map(transform, records))


def counted(
    scenes: Iterable[Mapping[str, Any]],
    dimensions: Mapping[Kind, Iterable[Mapping[str, Any]]] | None = None,
) -> Membership:
    """Return the counts over some scenes; ancestors are those of the dimensions."""
    membership, looked_up = Membership(), Dimensions()
    membership.look_up_in(looked_up)
    for kind in looked_up.kinds:
        looked_up.load(kind, (dimensions or {}).get(kind, ()))
    membership.add(list(scenes))
    return membership
