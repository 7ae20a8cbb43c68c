"""Writes the function from a record to its document, as one would by hand.

Some 90 fields a document make the calls between small functions cost more than the work itself:
written out as plain statements, what several fields share is worked out once, and a transform
takes three quarters of the time.
"""

from collections.abc import Callable, Mapping
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

Transform: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]
"""From a record to the fields of its document, in the order they were added."""

RECORD = "record"
CHAIN = "chain"
"""The name that every function knows itertools.chain.from_iterable by."""


class Code:
    """A function being written: its statements, and the objects that they name."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._objects: dict[str, Any] = {CHAIN: chain.from_iterable}
        self._names: dict[int, str] = {}
        self._locals: dict[str, str] = {}
        self._keys: dict[str, itemgetter[str]] = {}

    def name(self, thing: Any, hint: str) -> str:
        """Return a name for an object that stays the same: a column, a converter, a default."""
        known = self._names.get(id(thing))
        if known is None:
            known = self._names[id(thing)] = f"{hint}_{len(self._objects)}"
            self._objects[known] = thing
        return known

    def key(self, key: str) -> str:
        """Return a name for what takes a key's value from an object."""
        return self.name(self._keys.setdefault(key, itemgetter(key)), key)

    def local(self, expression: str) -> str:
        """Return a variable that holds an expression's value; equal expressions share one."""
        known = self._locals.get(expression)
        if known is None:
            known = self._locals[expression] = f"v{len(self._locals)}"
            self._statements.append(f"{known} = {expression}")
        return known

    def add(self, field: str, expression: str) -> None:
        """Set a field of the document."""
        self._statements.append(f"document[{field!r}] = {expression}")

    def add_if_set(self, field: str, expression: str, *, number: bool) -> None:
        """Set a field, but leave it out for None, "" and []; a number's 0 is a value, and False."""
        value = self.local(expression)
        condition = f"{value} is not None" if number else value
        self._statements.append(f"if {condition}: document[{field!r}] = {value}")

    def finish(self, title: str) -> Transform:
        """Return the function."""
        lines = [f"def transform({RECORD}):", "document = {}", *self._statements, "return document"]
        source = "\n    ".join(lines)
        exec(compile(source, f"<{title}>", "exec"), self._objects)  # noqa: S102 - our own text
        # Taken out: a function among its own globals would keep whole dimensions in memory.
        transform: Transform = self._objects.pop("transform")
        return transform
