"""What the generated library lacks for a test of every facet, added to a copy of it."""

import sqlite3
from contextlib import closing
from pathlib import Path

_VARIETY = """
UPDATE performers SET fake_tits = 'Yes' WHERE id % 3 = 0;
UPDATE performers SET circumcised = CASE id % 2 WHEN 0 THEN 'CUT' ELSE 'UNCUT' END;
UPDATE galleries SET photographer = 'Åsa ' || (id % 2), rating = 20 * id, folder_id = 1;
INSERT INTO galleries_tags
    SELECT galleries.id, tags.id FROM galleries JOIN tags ON tags.id % 12 = galleries.id;
INSERT INTO performers_galleries
    SELECT performers.id, galleries.id FROM galleries JOIN performers
    ON performers.id % 7 = galleries.id;
INSERT INTO groups_tags
    SELECT groups.id, tags.id FROM groups JOIN tags ON tags.id % 12 = groups.id;
INSERT INTO gallery_urls SELECT id, 0, 'https://stills' || id || '.example/' FROM galleries;
INSERT INTO group_urls SELECT id, 0, 'https://series' || id || '.example/' FROM groups;
"""

_DEPTH = """
UPDATE studios SET parent_id = id - 1 WHERE id BETWEEN 32 AND 36;
UPDATE scenes SET studio_id = 36 WHERE id % 5 IN (0, 3);
UPDATE groups SET studio_id = 36 WHERE id % 5 IN (0, 3);
UPDATE galleries SET studio_id = 36 WHERE id % 5 IN (0, 3);
"""
"""Studios below each other, one more than there are levels, and what is of the last."""


def vary(library: Path) -> None:
    """Give each kind a value of every facet, in the upper half of its ids too."""
    with closing(sqlite3.connect(library)) as connection:
        connection.executescript(_VARIETY + _DEPTH)
