"""`python -m portal`: one module a subcommand, imported only when it is the one asked for."""

from importlib import import_module

import click

# name -> module and function. A new command is a module here and a line below.
COMMANDS = {
    "backup": "portal.cli.backup:backup",
    "build": "portal.cli.build:build",
    "demo": "portal.cli.demo:demo",
    "import": "portal.cli.import_:import_",
    "migrate": "portal.cli.migrate:migrate",
    "provider": "portal.cli.provider:provider",
    "restore": "portal.cli.restore:restore",
    "serve": "portal.cli.serve:serve",
    "settings": "portal.cli.settings:settings",
    "staff": "portal.cli.staff:staff",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Family Portal: everything about a family's classes in one place."""
