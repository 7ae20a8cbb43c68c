"""Whether a collection on the server has the schema of a spec, and what it has differently."""

from collections.abc import Sequence

from indexer.loader.catalog import Collection
from indexer.loader.names import parse_name
from indexer.loader.schema import differences
from indexer.transformer.compile import CompiledSpec


def wrong_schema(spec: CompiledSpec, found: Collection) -> str | None:
    """Return what a collection's schema has differently from the spec; None where it is right.

    The hash in its name tells of another spec. Whoever altered the fields on the server left the
    name as it is. What a server dropped by itself is no matter: no such collection is ever made.
    """
    name = parse_name(found.name)
    if name is None or name.spec_hash != spec.spec_hash:
        return what_changed(spec, found.fields)
    altered = "; ".join(differences({"fields": spec.schema_fields}, {"fields": found.fields}))
    return f"altered on the server: {altered}" if altered else None


def what_changed(spec: CompiledSpec, fields: Sequence[object]) -> str:
    """Return the names of fields that a live collection has differently, or not at all."""
    theirs = {field["name"]: field for field in fields if isinstance(field, dict)}
    ours = {str(field["name"]): field for field in spec.schema_fields}
    new = [name for name in ours if name not in theirs]
    gone = [name for name in theirs if name not in ours]
    other = [
        name
        for name, field in ours.items()
        if name in theirs and any(theirs[name].get(key) != value for key, value in field.items())
    ]
    told = [("new", new), ("gone", gone), ("different", other)]
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in told if names) or (
        "how a field is made, or the form of ids"
    )
