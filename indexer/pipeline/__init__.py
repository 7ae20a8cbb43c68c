"""Knows the order of things: what a run does, step by step."""
