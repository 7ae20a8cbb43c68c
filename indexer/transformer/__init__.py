"""Knows documents: what a spec says, and records turned into bytes. No input, no output.

spec        what a collection spec may say
check       whether it fits records and converters
compile     a spec as a schema, a hash and a function from record to document
paths       where a value stands in a record
shapes      the types of values
converters  from record values to a field's value
dimensions  tags, performers, studios and groups, whole
references  ids that no dimension has
membership  counts that the scene stream feeds
seal        documents as bytes with a digest
"""
