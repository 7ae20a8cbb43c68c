"""The search page: what it shows, the small server behind it, and what that lets through.

page          page.toml: how each kind of collection is shown, data only
config        page.toml and the compiled specs → what the page is told
page_config   that, in types
rules         which searches and pictures are passed on
guard         who may ask: the password, the Host header, other sites
upstream      Typesense and Stash, asked with keys that stay here
static_files  the page itself: static/, built from ui/ by `make ui`
server        HTTP and nothing else
answer        what it answers, with the headers of every answer
"""
