"""Reads a Stash library and gives it as records; the only room that knows Stash.

source      what every way of reading offers
choose      which way is taken: the first that works here

api         by GraphQL, as every Stash can be read
graphql     the connection: asks Stash, tries again, downloads
trouble     every way in which that can go wrong, as a StashError
introspection  what a Stash has: its version, the fields of its types
queries     which fields are asked for, and how a kind is listed
ways        which fields of the API give a record's fields
answer      the frame of Stash's answers
wire        the things in them, typed
walk        a listing from first to last, around what can't be read
pick        things by their ids, for a second look
groups      which scenes are in which groups
shape       from a thing as it came to its record (shape_scene: scenes)

sql         by SELECTs that Stash runs
database    by SELECTs on Stash's own file
backup      by SELECTs on a copy that Stash made
opening     whether that file may be opened while Stash works with it
mounts      what is mounted where: on some, SQLite's log breaks
leftovers   files of a run's own, gone after it
columns     which tables and columns a database has
selects     the one set of SELECTs, of what is there and what is asked for
select_common  what several kinds have alike (select_scene, select_things: the kinds)
expressions pieces of SQL that give the same everywhere
beforehand  what no index leads to from a scene, read before the scenes
places      scenes' places in groups
history     when scenes were played, before v0.27
statements  runs the SELECTs, whoever answers them
rows        from a row to its record
crosscheck  whether SQL tells what the API tells, looked at by chance

extract     writes all records into one file
snapshot    reads that file; no Stash is needed
narrow      leaves of a whole record what was asked for
canonical   from what Stash stores or prints to one form
"""
