"""The operations that are sent to Shopify: one a file in `queries/`, validated against its real schema by a test."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

FOLDER = Path(__file__).parent / "queries"
OPERATION = re.compile(r"^(query|mutation) (\w+)", re.MULTILINE)
COMMENT = re.compile(r"^\s*#.*\n", re.MULTILINE)


class Document(Struct, frozen=True):
    """An operation: its file's name, its own name, what is sent, and whether it changes the shop."""

    name: str
    operation: str
    text: str
    is_mutation: bool


@cache
def documents() -> Mapping[str, Document]:
    """Every operation by the name of its file."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.graphql"))}


def _read(path: Path) -> Document:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    found = OPERATION.search(text)
    if found is None:
        raise ValueError(f"{path.name} holds no operation with a name")
    return Document(name=path.stem, operation=found[2], text=text, is_mutation=found[1] == "mutation")
