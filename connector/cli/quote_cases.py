"""`backhaul quote`: cases on standard input, quotes on standard output."""

import sys
from collections.abc import Iterator

import click

from connector.json_text import written
from connector.real_outside import real_outside
from connector.services.answer_case import answer_case, explain_case

MALFORMED = 2
"""The exit code when a case cannot be read."""


@click.command()
@click.option("--lines", is_flag=True, help="Read one case a line and write one quote a line.")
@click.option("--explain", is_flag=True, help="Add how each figure was worked out.")
@click.pass_context
def quote(context: click.Context, *, lines: bool, explain: bool) -> None:
    """Read a case and write its quote.

    A quote says what may come back and what money moves. Exit code 2 when a case is malformed.
    """
    outside, answer = real_outside(), explain_case if explain else answer_case
    failed = False
    for document in _cases() if lines else [sys.stdin.buffer.read()]:
        said = answer(document, outside)
        failed = failed or "error" in said
        sys.stdout.buffer.write(written(said) + b"\n")
        sys.stdout.buffer.flush()
    context.exit(MALFORMED if failed else 0)


def _cases() -> Iterator[bytes]:
    """The lines of standard input as they come; empty ones are no cases."""
    return (line for line in sys.stdin.buffer if line.strip())


if __name__ == "__main__":
    quote()
