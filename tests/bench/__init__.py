"""Speed and memory beside their limits: `make bench`, or `python -m tests.bench NAME…` for some.

A group of figures is a module with a function `figures()` that yields them; __main__ lists all.
"""
