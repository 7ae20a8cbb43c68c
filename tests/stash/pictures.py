"""Small pictures for the paths under which Stash serves covers and portraits."""

import re

_PATHS = re.compile(
    r"/(scene|performer|studio|tag|group|movie|gallery)/([0-9]+)"
    r"/(screenshot|webp|image|frontimage|backimage|cover)"
)


def picture(path: str) -> bytes | None:
    """An SVG for a picture's path, its colour by the id; None for any other path."""
    found = _PATHS.fullmatch(path)
    if not found:
        return None
    kind, number, _ = found.groups()
    hue = int(number) * 47 % 360
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180">'
        f'<rect width="320" height="180" fill="hsl({hue},45%,45%)"/>'
        f'<text x="16" y="164" font-family="sans-serif" fill="#fff">{kind} {number}</text></svg>'
    ).encode()
