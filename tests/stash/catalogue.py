"""Every kind of object that the API shows."""

from collections.abc import Mapping
from functools import cache

from tests.stash.catalogue_scenes import file, marker, scene
from tests.stash.catalogue_things import (
    folder,
    gallery,
    gallery_file,
    group,
    performer,
    studio,
    tag,
)
from tests.stash.dialect import Dialect
from tests.stash.objects import Kind


@cache
def catalogue(dialect: Dialect) -> Mapping[str, Kind]:
    """All kinds by name, as a release with this dialect has them."""
    makers = (scene, file, marker, performer, studio, tag, gallery, folder, gallery_file)
    kinds = {kind.name: kind for kind in (make(dialect) for make in makers)}
    return kinds | {name: group(dialect, name) for name in ("Group", "Movie")}
