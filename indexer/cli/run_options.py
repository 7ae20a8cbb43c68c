"""The options that several of the commands that run share."""

from pathlib import Path

import click

from indexer.cli.durations import seconds

names_argument = click.argument("names", nargs=-1, metavar="[NAME]...")

keep_option = click.option(
    "--keep", metavar="N", help="How many earlier collections to keep, instead of INDEXER_KEEP."
)

allow_shrink_option = click.option(
    "--allow-shrink",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Go on even if up to N documents fewer than now would be found.",
)

no_room_check_option = click.option(
    "--no-room-check",
    is_flag=True,
    help="Build even where memory or disk seem too little for another copy.",
)

older_source_option = click.option(
    "--older-source",
    is_flag=True,
    help="Take a snapshot even if it is older than what people search.",
)

wait_for_option = click.option(
    "--wait-for",
    type=seconds,
    default="0s",
    metavar="TIME",
    help="For how long to wait for servers that are just starting, such as 10m.",
)

report_option = click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the run's report there, as --json prints it.",
)
