"""Durations as a person types them: 90s, 10m, 36h, 2d."""

import re

import click

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> float:
    """Return the seconds of a duration: a number and its unit, s, m, h or d.

    Raises:
        click.BadParameter: it is none; the message says how one looks.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", str(text).strip())
    if found is None:
        raise click.BadParameter(f"{text!r} is no duration such as 90s, 10m, 36h or 2d.")
    return float(found[1]) * _SECONDS[found[2]]
