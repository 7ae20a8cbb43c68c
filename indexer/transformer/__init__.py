"""Knows documents: what a spec says, and records turned into bytes. No input, no output.

spec        what a collection spec may say
strict      files of TOML, read and told of in one way
check       whether a spec fits records and converters
compile     a spec as a schema, a hash and a function from record to document
fields      how one field of that function is made
code        the function, written as one would by hand
naming      name sets: other names for collections and fields
tuning      what a file of search behaviour may say
presets     whether it fits its collection, put as Typesense takes it
renamed     the same under the names of a name set
paths       where a value stands in a record
shapes      the types of values
converters  from record values to a field's value (dates, missing, natural, pictures: more of them)
alike       which texts Typesense takes for one
unspaced    text of scripts without spaces between words
dimensions  tags, performers, studios and groups, whole
derived     labels, ancestors, paths and levels, made of a whole dimension
suggestions what anything is called, whatever its kind
references  ids that no dimension has
membership  counts that the scene stream feeds
seal        documents as bytes with a digest
"""
