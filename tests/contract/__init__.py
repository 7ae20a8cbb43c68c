"""What Stash does, held against the stand-in and, where one is named, against a real Stash."""
