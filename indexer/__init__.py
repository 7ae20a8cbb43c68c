"""Streams a Stash library into Typesense and swaps it live without downtime."""

__version__ = "0.1.0"
