"""`backhaul understand`: texts on standard input, what they mean on standard output, a line each."""

import json
import sys

import click

from bot.understand import understand as read

MALFORMED = 2


@click.command()
@click.pass_context
def understand(context: click.Context) -> None:
    """Read texts and write what they mean.

    Each line is {"text": ..., "lang": ...}; "lang" may be left out.
    """
    failed = False
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        said = answer(line)
        failed = failed or "error" in said
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    context.exit(MALFORMED if failed else 0)


def answer(line: bytes) -> dict[str, object]:
    """The reading of a line, or the error that says what is wrong with it."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as fault:
        return _error(f"is no JSON: {fault}")
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        return _error('must be an object with a "text"')
    language = document.get("lang")
    if language is not None and not isinstance(language, str):
        return _error('"lang" must be a language code')
    return read(document["text"], language).document()


def _error(message: str) -> dict[str, object]:
    return {"error": {"code": "malformed", "message": message}}
