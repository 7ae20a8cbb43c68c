"""Performers, studios, tags, groups and galleries: where each field of theirs comes from."""

from tests.stash.dialect import Dialect
from tests.stash.objects import Kind, Links, Pairs, Relation, Rows, Values
from tests.stash.pieces import (
    BATCH,
    FILE_PATH,
    first_url,
    many,
    plain,
    precise,
    stamps,
    stash_ids,
    studio_of,
    tags,
    texts,
    urls,
)
from tests.stash.values import natural, number, picture, text


def performer(dialect: Dialect) -> Kind:
    """The kind Performer."""
    columns = {
        **plain("id", "name", "gender", "weight", "circumcised", "favorite", "ignore_auto_tag"),
        **texts(
            "disambiguation", "ethnicity", "country", "eye_color", "hair_color", "measurements",
            "fake_tits", "career_length", "tattoos", "piercings", "details",
        ),
        **stamps(),
        "birthdate": precise(dialect, "birthdate"),
        "death_date": precise(dialect, "death_date"),
        "height_cm": "height",
        "penis_length": number("penis_length"),
        "rating100": "rating",
        "image_path": picture("performer", "performers", "image", "image_blob"),
        "scene_count": "(SELECT count(*) FROM performers_scenes WHERE performer_id=performers.id)",
    }  # fmt: skip
    if dialect.has(62):
        first = ("performer_urls", "performer_id", "performers")
        columns["url"] = first_url(*first)
        columns["twitter"] = first_url(*first, "%twitter.com/%")
        columns["instagram"] = first_url(*first, "%instagram.com/%")
    else:
        columns |= texts("url", "twitter", "instagram")
    relations: dict[str, Relation] = {
        "urls": urls("performer_urls", "performer_id"),
        "alias_list": Values(many("performer_aliases", "performer_id", "alias")),
        "tags": tags("performers_tags", "performer_id"),
        "scenes": Links(many("performers_scenes", "performer_id", "scene_id"), "Scene"),
        "stash_ids": stash_ids(dialect, "performer_stash_ids", "performer_id"),
        "custom_fields": Pairs(many("performer_custom_fields", "performer_id", "field, value")),
    }
    return Kind("Performer", "performers", columns, relations)


def studio(dialect: Dialect) -> Kind:
    """The kind Studio."""
    columns = {
        **plain("id", "name", "ignore_auto_tag"),
        **texts("details"),
        **stamps(),
        "rating100": "rating",
        "image_path": picture("studio", "studios", "image", "image_blob"),
        "url": first_url("studio_urls", "studio_id", "studios") if dialect.has(73) else text("url"),
    }
    if dialect.has(56):
        columns["favorite"] = "favorite"
    children = f"SELECT parent_id, id FROM studios WHERE parent_id IN {BATCH} ORDER BY 1, 2"
    parent = f"SELECT id, parent_id FROM studios WHERE id IN {BATCH} AND parent_id IS NOT NULL"
    relations: dict[str, Relation] = {
        "urls": urls("studio_urls", "studio_id"),
        "parent_studio": Links(parent, "Studio", one=True),
        "child_studios": Links(children, "Studio"),
        "aliases": Values(many("studio_aliases", "studio_id", "alias")),
        "tags": tags("studios_tags", "studio_id"),
        "stash_ids": stash_ids(dialect, "studio_stash_ids", "studio_id"),
    }
    return Kind("Studio", "studios", columns, relations)


def tag(dialect: Dialect) -> Kind:
    """The kind Tag."""
    columns = {
        **plain("id", "ignore_auto_tag"),
        **texts("name", "description"),
        **stamps(),
        "image_path": picture("tag", "tags", "image", "image_blob"),
    }
    if dialect.has(57):
        columns["favorite"] = "favorite"
    if dialect.has(72):
        columns["sort_name"] = text("sort_name")
    relations: dict[str, Relation] = {
        "aliases": Values(many("tag_aliases", "tag_id", "alias")),
        "parents": _tag_relatives(dialect, "child_id", "parent_id"),
        "children": _tag_relatives(dialect, "parent_id", "child_id"),
        "stash_ids": stash_ids(dialect, "tag_stash_ids", "tag_id"),
    }
    sort_key = "coalesce(sort_name, name)" if dialect.has(72) else "name"
    sorted_by = natural if dialect.has(75) else str
    return Kind("Tag", "tags", columns, relations, sort_key=sort_key, sorted_by=sorted_by)


def _tag_relatives(dialect: Dialect, owner: str, other: str) -> Links:
    by_name = f"1, (SELECT name FROM tags WHERE id = {other})"
    return Links(many("tags_relations", owner, other, by_name), "Tag", by_sort_key=dialect.has(75))


def group(dialect: Dialect, name: str) -> Kind:
    """The kind Group, or Movie, its name before v0.27."""
    groups, singular = dialect.groups, dialect.group
    columns = {
        **plain("id", "name", "duration"),
        **texts("aliases", "director"),
        **stamps(),
        "date": precise(dialect),
        "rating100": "rating",
        "synopsis": text("description" if dialect.has(65) else "synopsis"),
        "front_image_path": picture(singular, f'"{groups}"', "frontimage", "front_image_blob"),
        "back_image_path": f"CASE WHEN back_image_blob IS NOT NULL THEN :base || "
        f"'/{singular}/' || id || '/backimage?t=' || strftime('%s', updated_at) END",
        "url": first_url("group_urls", "group_id", '"groups"') if dialect.has(65) else text("url"),
    }
    members = many(f"{groups}_scenes", f"{singular}_id", "scene_id")
    relations: dict[str, Relation] = {
        "urls": urls("group_urls", "group_id"),
        "studio": Links(studio_of(groups), "Studio", one=True),
        "tags": tags("groups_tags", "group_id"),
        "scenes": Links(members, "Scene"),
        "containing_groups": _related("sub_id", "containing_id", "containing_id"),
        "sub_groups": _related("containing_id", "sub_id", "order_index"),
    }
    return Kind(name, f'"{groups}"', columns, relations)


def _related(owner: str, other: str, order: str) -> Rows:
    return Rows(
        f'SELECT {owner}, {other} AS "group", description FROM groups_relations '
        f"WHERE {owner} IN {BATCH} ORDER BY 1, {order}",
        links={"group": "Group"},
    )


def folder(_: Dialect) -> Kind:
    """The kind Folder."""
    return Kind("Folder", "folders", plain("id", "path"), {})


def gallery_file(_: Dialect) -> Kind:
    """The kind GalleryFile."""
    columns = {**plain("id", "basename"), "path": FILE_PATH}
    return Kind("GalleryFile", "files", columns, {})


def gallery(dialect: Dialect) -> Kind:
    """The kind Gallery."""
    columns = {
        **plain("id", "organized"),
        **texts("title", "details"),
        **stamps(),
        "date": precise(dialect),
        "rating100": "rating",
        "image_count": "(SELECT count(*) FROM galleries_images WHERE gallery_id = galleries.id)",
        "url": first_url("gallery_urls", "gallery_id", "galleries")
        if dialect.has(51)
        else text("url"),
    }
    if dialect.has(54):
        columns |= texts("code", "photographer")
    in_folder = f"SELECT id, folder_id FROM galleries WHERE id IN {BATCH} AND folder_id NOT NULL"
    relations: dict[str, Relation] = {
        "urls": urls("gallery_urls", "gallery_id"),
        "scenes": Links(many("scenes_galleries", "gallery_id", "scene_id"), "Scene"),
        "folder": Links(in_folder, "Folder", one=True),
        "files": Links(
            many("galleries_files", "gallery_id", "file_id", '1, "primary" DESC, 2'), "GalleryFile"
        ),
        "studio": Links(studio_of("galleries"), "Studio", one=True),
        "tags": tags("galleries_tags", "gallery_id"),
        "performers": Links(
            many("performers_galleries", "gallery_id", "performer_id"), "Performer"
        ),
    }
    return Kind("Gallery", "galleries", columns, relations)
