"""`indexer completion`: the script that lets a shell complete commands and options."""

import click
from click.shell_completion import shell_complete

from indexer.cli.help import Command

EXAMPLES = (
    'eval "$(indexer completion bash)"                                   # in ~/.bashrc',
    'eval "$(indexer completion zsh)"                                    # in ~/.zshrc',
    "indexer completion fish > ~/.config/fish/completions/indexer.fish",
)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print the script for completion in SHELL."""
    program = context.find_root().command
    return shell_complete(program, {}, "indexer", "_INDEXER_COMPLETE", f"{shell}_source")
