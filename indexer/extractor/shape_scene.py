"""From a scene as it came over the wire to its record.

`asked` are the record paths in use. A field of the API that feeds several fields of the record
(a path: folder and basename) fills only those asked for, so that every source gives the same.
"""

from indexer.extractor import canonical
from indexer.extractor.answer import id_of, ids_of
from indexer.extractor.canonical import codec, date, epoch, positive, positive_whole, text
from indexer.extractor.wire import WireFile, WireMarker, WireScene
from indexer.records import Caption, SceneMarker, SceneRecord, VideoFile


def scene(wire: WireScene, asked: frozenset[str]) -> SceneRecord:
    """Return a scene; its groups are read from the group side and filled in later."""
    files = [_file(file, asked) for file in wire.get("files", ())]
    captions = [
        Caption(language=caption["language_code"], type=caption["caption_type"])
        for caption in wire.get("captions") or ()
    ]
    return SceneRecord(
        id=wire["id"],
        title=text(wire.get("title")),
        code=text(wire.get("code")),
        details=text(wire.get("details")),
        director=text(wire.get("director")),
        urls=canonical.urls(wire.get("urls"), wire.get("url")),
        date=date(wire.get("date")),
        rating=wire.get("rating100"),
        organized=wire.get("organized", False),
        interactive=wire.get("interactive", False),
        interactive_speed=wire.get("interactive_speed"),
        created_at=epoch(wire.get("created_at")),
        updated_at=epoch(wire.get("updated_at")),
        last_played_at=epoch(wire.get("last_played_at")),
        last_o_at=canonical.latest(wire.get("o_history", ())),
        resume_time=wire.get("resume_time"),
        play_duration=wire.get("play_duration"),
        play_count=wire.get("play_count") or 0,
        o_counter=wire.get("o_counter") or 0,
        studio=id_of(wire.get("studio")),
        tags=ids_of(wire.get("tags", ())),
        performers=ids_of(wire.get("performers", ())),
        galleries=ids_of(wire.get("galleries", ())),
        groups=[],
        markers=canonical.markers(map(_scene_marker, wire.get("scene_markers", ()))),
        stash_ids=canonical.stash_ids(wire.get("stash_ids", ())),
        files=canonical.primary_first(files, lambda file: file["id"]),
        captions=canonical.captions(captions),
    )


def _file(wire: WireFile, asked: frozenset[str]) -> VideoFile:
    basename = wire.get("basename", "")
    return VideoFile(
        id=wire["id"],
        folder=canonical.folder(wire.get("path", ""), basename),
        basename=basename if "files.basename" in asked else "",
        size=positive_whole(wire.get("size")),
        mod_time=epoch(wire.get("mod_time")),
        format=codec(wire.get("format")),
        width=positive_whole(wire.get("width")),
        height=positive_whole(wire.get("height")),
        duration=positive(wire.get("duration")),
        video_codec=codec(wire.get("video_codec")),
        audio_codec=codec(wire.get("audio_codec")),
        frame_rate=positive(wire.get("frame_rate")),
        bit_rate=positive_whole(wire.get("bit_rate")),
        oshashes=_fingerprints(wire, "oshash") if "files.oshashes" in asked else [],
        md5s=_fingerprints(wire, "md5") if "files.md5s" in asked else [],
        phashes=_fingerprints(wire, "phash") if "files.phashes" in asked else [],
    )


def _fingerprints(wire: WireFile, type_: str) -> list[str]:
    return sorted(one["value"] for one in wire.get("fingerprints", ()) if one["type"] == type_)


def _scene_marker(wire: WireMarker) -> SceneMarker:
    return SceneMarker(
        id=wire["id"],
        title=text(wire.get("title")),
        seconds=wire["seconds"],
        primary_tag=id_of(wire.get("primary_tag")),
        tags=ids_of(wire.get("tags", ())),
    )
