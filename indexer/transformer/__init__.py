"""Knows documents: what a spec says, and records turned into bytes. No input, no output.

spec        what a collection spec may say
check       whether it fits records and converters
compile     a spec as a schema, a hash and a function from record to document
naming      name sets: other names for collections and fields
paths       where a value stands in a record
shapes      the types of values
converters  from record values to a field's value (missing, pictures: more of them)
dimensions  tags, performers, studios and groups, whole
derived     labels, ancestors, paths and levels, made of a whole dimension
suggestions what anything is called, whatever its kind
references  ids that no dimension has
membership  counts that the scene stream feeds
seal        documents as bytes with a digest
"""
