"""JSON by msgspec, in a third of the standard library's time (decision 37).

What msgspec does not take (numbers beyond all measure, half of a character, other encodings, a text that is no JSON)
goes to the standard library, which reads it or says what is wrong with it.
"""

import json
from typing import Any, NoReturn

import msgspec

_read = msgspec.json.Decoder().decode
_write = msgspec.json.Encoder(enc_hook=dict).encode


def parsed(document: bytes | str) -> Any:  # noqa: ANN401  whatever the document holds
    """What a JSON document holds; raises ValueError for what is none, RecursionError for one that nests too deep."""
    try:
        return _read(document)
    except (ValueError, RecursionError):
        return _STANDARD.decode(document if isinstance(document, str) else _text(document))


def written(value: object) -> bytes:
    """A value as JSON in UTF-8, without spaces; mappings of any kind become objects, what is no number null."""
    try:
        return _write(value)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), default=dict).encode()


def _text(document: bytes) -> str:
    return document.decode(json.detect_encoding(document), "surrogatepass")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


_STANDARD = json.JSONDecoder(parse_constant=_refuse)
