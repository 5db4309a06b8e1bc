"""The program `backhaul`: its commands by name, each loaded only when it is called."""

import gc
from importlib import import_module
from types import ModuleType

import click

COMMANDS = {
    "demo": ("connector.cli.demo_shop:demo", "Make the demo shop if it is not there and serve it."),
    "serve": ("connector.cli.serve:serve", "Answer requests and carry out jobs in one process."),
    "worker": ("connector.cli.serve:worker", "Carry out jobs until stopped."),
    "migrate": ("connector.cli.serve:migrate", "Bring the database up to date."),
    "shop": ("connector.cli.shop:shop", "Shops of this install."),
    "plugin": ("connector.cli.store_plugin_file:plugin", "Write the plugin that a shop's platform installs."),
    "webhook": ("connector.cli.webhook_endpoints:webhook", "Addresses that are told of returns."),
    "jobs": ("connector.cli.shop_jobs:jobs", "Jobs of a shop, and what waits for a person."),
    "doctor": ("connector.cli.look_over:doctor", "Compare a shop's books with what its platform shows."),
    "token": ("connector.cli.token:token", "Tokens of programs for the API."),
    "import": ("connector.cli.import_orders:import_orders", "Fill a shop with products and orders."),
    "quote": ("connector.cli.quote_cases:quote", "Read a case and write its quote."),
    "understand": ("connector.cli.understand_texts:understand", "Read texts and write what they mean."),
}
"""Where each command is and what it does, so that help needs none of them."""


class Commands(click.Group):
    """The commands of the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's form
        """Their names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's form
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(_loaded(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's form
        """Write the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


def _loaded(module: str) -> ModuleType:
    """A module and all that it imports.

    That stays as long as the process, so it is not looked through for what could go: a fifth of the time of a start.
    """
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


@click.command("backhaul", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backhaul")
def root() -> None:
    """Backhaul: returns and exchanges for Shopify, WooCommerce and physical stores."""
