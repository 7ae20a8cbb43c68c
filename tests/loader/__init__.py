"""Tests of the loader, on a real Typesense."""
