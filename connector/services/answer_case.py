"""A case of the quote's contract as JSON becomes its quote, or the error that says where it is malformed."""

import json
from typing import NoReturn

from domain.case import read_case
from domain.errors import DomainError, Malformed
from domain.outside import Outside
from domain.quote import assess


def answer_case(document: bytes, outside: Outside) -> dict[str, object]:
    """The quote of a JSON document, or `{"error": {code, message, at}}`; the same case gives the same answer."""
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
