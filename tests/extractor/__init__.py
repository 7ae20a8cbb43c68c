"""What the extractor asks of Stash, what it makes of the answers, and what it says of errors."""
