"""The pipeline: the order of things."""
