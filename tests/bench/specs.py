"""The shipped specs, compiled."""

from indexer.records import Kind
from indexer.shipped import shipped_collections
from indexer.transformer.compile import CompiledSpec, compile_spec
from indexer.transformer.spec import load_specs


def shipped_specs() -> list[CompiledSpec]:
    """All of them, in the order in which a run takes them."""
    return [compile_spec(spec) for spec in load_specs(shipped_collections())]


def shipped_spec(kind: Kind) -> CompiledSpec:
    """The one that is made of a kind of record."""
    return next(spec for spec in shipped_specs() if spec.kind == kind)
