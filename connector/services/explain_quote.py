"""How a kept quote was worked out, redone from the case that was kept with it, in words for people."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import asdict

from connector.application import Application
from connector.services.browse_records import stored_quote
from connector.services.errors import NotFound
from connector.services.quote_return import Document
from connector.services.tell_working import Row, Teller
from connector.storage.shop_store import Shop
from domain.case import read_case
from domain.errors import DomainError
from domain.proof_of_quote import prove
from domain.quote import quote_of, work_out
from domain.returns import Return


class Explained(Struct, frozen=True):
    """The figures of a quote in order; `agrees` whether they are the very figures of the quote that was kept."""

    rows: tuple[Row, ...]
    agrees: bool

    def document(self) -> list[dict[str, str]]:
        """The rows as JSON."""
        return [asdict(row) for row in self.rows]


def explain(app: Application, shop: Shop, *, quote_id: str) -> Explained:
    """How a quote was worked out; raises NotFound."""
    kept = stored_quote(app, shop, quote_id=quote_id)
    return explained(app, kept.case, document=kept.document)


def explained(app: Application, case: Document, *, document: Document) -> Explained:
    """How a quote was worked out that is at hand, both it and its case in the contract's form."""
    workings = work_out(read_case(case), app.outside)
    rows = tuple(Teller(workings).rows(prove(workings)))
    return Explained(rows, agrees=_figures(quote_of(workings).document()) == _figures(document))


def of_return(app: Application, shop: Shop, found: Return) -> Explained | None:
    """How the quote of a return was worked out, None where none was kept."""
    try:
        return explain(app, shop, quote_id=found.quote_id)
    except (NotFound, DomainError):
        return None


FIGURES = ("currency", "shipping", "duties", "charges", "fees", "bonus", "goods", "exchange", "total", "due", "to")
OF_ITEMS = ("line_id", "quantity", "verdict", "resolution", "amount", "tax")
OF_CAPS = ("by", "wanted", "given")


def _figures(quote: Mapping[str, object]) -> list[object]:
    """Every figure of a quote, without its sentences."""
    return [
        *(quote.get(name) for name in FIGURES),
        *_of(quote.get("items"), OF_ITEMS),
        *_of(quote.get("capped"), OF_CAPS),
    ]


def _of(told: object, names: tuple[str, ...]) -> Iterator[object]:
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, Mapping):
            yield from (one.get(name) for name in names)
