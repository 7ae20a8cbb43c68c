"""Knows Typesense: all that is read from and written to the server goes through here.

server     the connection: requests, retries, health, memory
package    the `typesense` package's client, on these connections
answers    what a refusal or a broken connection means
timeouts   for how long an answer may stay out
names      names of physical collections
catalog    what is there: collections and aliases
settling   waits until what the server says can be relied on
state      small documents that outlive a run, in collections of our own
identity   who runs, and whether its process is gone
locks      one run at a time writes to an alias
registry   what each collection is for, and which aliases a person holds
runs       what became of past runs
schema     creates a collection and checks that nothing of its schema got lost
bulk       imports documents
export     reads all documents
digests    the documents' numbers and digests, packed, in order
delete     deletes documents by id
search     searches, as people do
aliases    moves an alias
drop       drops a collection that is no longer needed
tuning     a collection's search behaviour: prepared, then switched to
presets    named sets of search parameters
synonyms   synonyms and stop words, in whichever way the server has them
keys       API keys
dead_letters  keeps the documents that the server refused
probe      tries what the key may do
"""
