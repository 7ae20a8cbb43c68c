"""Commands whose help begins with examples."""

from collections.abc import Sequence
from typing import Any

import click


class Command(click.Command):
    """A command; `examples`, such as "indexer status   # what is live", open its help."""

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.examples = examples

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then what click writes."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{' ' * formatter.current_indent}{example}\n")
        formatter.write_paragraph()
        super().format_help(ctx, formatter)


class Group(Command, click.Group):
    """A group of commands; without one it shows its help, which is no mistake."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options | {"invoke_without_command": True})

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was named, if one was."""
        answer = super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            click.echo(ctx.get_help())
        return answer
