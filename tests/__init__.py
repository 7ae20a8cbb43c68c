"""The tests of the indexer: real parts only, named after what they test."""
