"""`backhaul understand`: texts on standard input, what they mean on standard output, a line each."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import BinaryIO

import click

from bot.idle_entries import Labelled, idle_entries
from bot.lexicon import Entry, Found
from bot.understand import Reading
from bot.understand import understand as read

MALFORMED = 2
Document = dict[str, object]


@click.command()
@click.option("--why", is_flag=True, help="Add the lexicon entries that speak for each intent, and the words that did.")
@click.option("--idle", type=click.File("rb"), metavar="FILE", help="List the entries that never help FILE's texts.")
@click.pass_context
def understand(context: click.Context, *, why: bool, idle: BinaryIO | None) -> None:
    """Read texts and write what they mean.

    Each line is {"text": ..., "lang": ...}; "lang" may be left out. The lines of FILE have "intent" besides, and may
    have "also", a list: what is right for the text.
    """
    answered = _explained if why else Reading.document
    said = _idle(idle) if idle else (answer(line, as_document=answered) for line in sys.stdin.buffer if line.strip())
    context.exit(_write(said))


def answer(line: bytes, *, as_document: Callable[[Reading], Document] = Reading.document) -> Document:
    """The reading of a line, or the error that says what is wrong with it."""
    document = _read_line(line)
    if "error" in document:
        return document
    language = document["lang"]
    return as_document(read(str(document["text"]), str(language) if language is not None else None))


def _write(documents: Iterable[Document]) -> int:
    failed = False
    for document in documents:
        failed = failed or "error" in document
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return MALFORMED if failed else 0


def _read_line(line: bytes) -> Document:
    """A line with at least "text" and "lang", or an error."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as fault:
        return _error(f"is no JSON: {fault}")
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        return _error('must be an object with a "text"')
    if not isinstance(document.get("lang"), str | None):
        return _error('"lang" must be a language code')
    return {"lang": None, **document}


def _explained(reading: Reading) -> Document:
    return reading.document() | {"why": [_why(found) for found in reading.found]}


def _why(found: Found) -> Document:
    return _entry(found.entry) | {"weight": found.entry.weight, "said": found.said}


def _entry(entry: Entry) -> Document:
    return {"lang": entry.language, "for": entry.topic, "entry": entry.written}


def _idle(lines: BinaryIO) -> Iterable[Document]:
    documents = [_read_line(line) for line in lines if line.strip()]
    faults = [document for document in documents if "error" in document]
    yield from faults
    if not faults:
        yield from (_entry(one.entry) | {"wrong": one.wrong} for one in idle_entries(map(_labelled, documents)))


def _labelled(document: Document) -> Labelled:
    also = document.get("also")
    right = {document.get("intent"), *(also if isinstance(also, list) else ())}
    return Labelled(str(document["text"]), str(document["lang"] or "en"), frozenset(map(str, right)))


def _error(message: str) -> Document:
    return {"error": {"code": "malformed", "message": message}}
