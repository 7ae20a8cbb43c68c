"""What a bench has to say: a figure beside its limit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Something measured; without a limit it is only shown."""

    name: str
    seen: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ok(self) -> bool:
        """Whether it is within its limit."""
        too_much = self.at_most is not None and self.seen > self.at_most
        too_little = self.at_least is not None and self.seen < self.at_least
        return not (too_much or too_little)

    @property
    def limit(self) -> str:
        """The limit as a person reads it."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return f"≥ {self.at_least:g}" if self.at_least is not None else ""

    @property
    def verdict(self) -> str:
        """What the table says of it."""
        if not self.limit:
            return ""
        return "ok" if self.ok else "over"
