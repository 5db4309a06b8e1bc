"""A case of the quote's contract as JSON becomes its quote, or the error that says where it is malformed."""

from collections.abc import Callable

from connector.json_text import parsed
from domain.case import read_case
from domain.errors import DomainError, Malformed
from domain.outside import Outside
from domain.proof_of_quote import prove
from domain.quote import assess, quote_of, work_out
from domain.workings import Workings

Document = dict[str, object]


def answer_case(document: bytes, outside: Outside) -> Document:
    """The quote of a JSON document, or `{"error": {code, message, at}}`; the same case gives the same answer."""
    return _answered(lambda: assess(read_case(_parse(document)), outside).document())


def explain_case(document: bytes, outside: Outside) -> Document:
    """The same with `proof`: each figure with its inputs, its arithmetic and the rule that it follows from."""
    return _answered(lambda: _explained(work_out(read_case(_parse(document)), outside)))


def _explained(workings: Workings) -> Document:
    digits = workings.case.order.digits
    return {**quote_of(workings).document(), "proof": [step.document(digits) for step in prove(workings)]}


def _answered(quote: Callable[[], Document]) -> Document:
    try:
        return quote()
    except DomainError as refusal:
        at = {"at": refusal.at} if isinstance(refusal, Malformed) else {}
        return {"error": {"code": refusal.code, "message": refusal.message, **at}}


def _parse(document: bytes) -> dict[str, object]:
    try:
        case = parsed(document)
    except RecursionError:
        raise Malformed("nests too deep") from None
    except ValueError as fault:
        raise Malformed(f"is no JSON: {fault}") from None
    if not isinstance(case, dict):
        raise Malformed("must be an object")
    return case
