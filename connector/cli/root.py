"""The program `backhaul`: its commands by name, each loaded only when it is called."""

from importlib import import_module

import click

COMMANDS = {
    "serve": "connector.cli.serve:serve",
    "worker": "connector.cli.serve:worker",
    "migrate": "connector.cli.serve:migrate",
    "demo": "connector.cli.demo_shop:demo",
    "shop": "connector.cli.shop:shop",
    "import": "connector.cli.import_orders:import_orders",
    "quote": "connector.cli.quote_cases:quote",
    "understand": "connector.cli.understand_texts:understand",
}
"""Where each command is."""


class Commands(click.Group):
    """The commands of the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's form
        """Their names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's form
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backhaul")
def root() -> None:
    """Backhaul: returns and exchanges for Shopify, WooCommerce and physical stores."""
