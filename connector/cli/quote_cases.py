"""`backhaul quote`: cases on standard input, quotes on standard output."""

import json
import sys
from collections.abc import Iterator
from typing import NoReturn

import click

from connector.real_outside import real_outside
from domain.case import read_case
from domain.errors import DomainError, Malformed
from domain.outside import Outside
from domain.quote import assess

MALFORMED = 2
"""The exit code when a case cannot be read."""


@click.command()
@click.option("--lines", is_flag=True, help="Read one case a line and write one quote a line.")
@click.pass_context
def quote(context: click.Context, *, lines: bool) -> None:
    """Read a case and write its quote: what may come back, and what money moves."""
    outside = real_outside()
    failed = False
    for document in _cases() if lines else [sys.stdin.buffer.read()]:
        said = answer(document, outside)
        failed = failed or "error" in said
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
    context.exit(MALFORMED if failed else 0)


def _cases() -> Iterator[bytes]:
    """The lines of standard input as they come; empty ones are no cases."""
    return (line for line in sys.stdin.buffer if line.strip())


def answer(document: bytes, outside: Outside) -> dict[str, object]:
    """The quote of a JSON document, or the error that says where it is malformed."""
    try:
        return assess(read_case(_parse(document)), outside).document()
    except DomainError as refusal:
        at = {"at": refusal.at} if isinstance(refusal, Malformed) else {}
        return {"error": {"code": refusal.code, "message": refusal.message, **at}}


def _parse(document: bytes) -> dict[str, object]:
    try:
        parsed = json.loads(document, parse_constant=_refuse)
    except RecursionError:
        raise Malformed("nests too deep") from None
    except ValueError as fault:
        raise Malformed(f"is no JSON: {fault}") from None
    if not isinstance(parsed, dict):
        raise Malformed("must be an object")
    return parsed


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


if __name__ == "__main__":
    quote()
