"""A stand-in Stash: an HTTP server that answers as Stash v0.22 to v0.30 do from a database."""
