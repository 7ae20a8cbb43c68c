"""A real Typesense server for the tests, out of the wheels that carry it."""
