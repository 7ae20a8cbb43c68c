"""Reads a Stash library and gives it as records; the only room that knows Stash."""
