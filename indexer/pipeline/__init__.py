"""Knows the order of things: what a run does, step by step.

run         what a run works with, and one turn for each collection
turns       one turn after the other: locked, reported, recorded
recording   what became of each, put down for status
report      what a run did, as values

sync        makes each collection right, with as little work as that takes
update      what differs, written into the live collection
reindex     new collections beside the live ones
accept      a swap to what a gate refused, after a person looked
rollback    back to the collection before, and release
prune       drops what nobody needs
verify      what differs, nothing written
repair      mends it
rehearse    reads and transforms all, writes nothing
documents   what would be stored
doctor      all that a run needs, looked at
status      what is live, and whether it needs attention
search      one search, as a person asks it
keys        the key that people search with
tuning      search behaviour: put on the server, held against it

stream      records in, documents out, and what was seen of them
suggestions the same, made of all kinds
compare     that beside a collection's digests: what differs, what is gone
reconcile   makes a collection equal to the source
keep        old forms of what is refused, taken over into a new collection
spool       documents put aside until they may be written
room        what is free, and whether another copy fits
counting    what is counted of scenes, and whether enough came
libraries   whose documents people search
live        what people search now, as far as the gates ask
schemas     whether a collection has the schema of a spec
gates       checks on counts and coverage before a swap
canaries    searches before a swap
refusals    what a person is told of either
swap        both, the move of the alias, and what is written down
"""
