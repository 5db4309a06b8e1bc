"""What proves that an order is the shopper's own."""

import hmac
import re
from collections.abc import Mapping

NOT_IN_A_NUMBER = re.compile(r"[\s#]+")
NOT_IN_A_POSTCODE = re.compile(r"[\s-]+")


def number_key(number: str) -> str:
    """An order number as it is compared: without spaces, hash and case ("# 1001" is "1001")."""
    return NOT_IN_A_NUMBER.sub("", number).casefold()


def email_key(email: str) -> str:
    """An e-mail address as it is compared."""
    return email.strip().casefold()


def postcode_key(postcode: str) -> str:
    """A postcode as it is compared ("SW1A 1AA" is "sw1a1aa")."""
    return NOT_IN_A_POSTCODE.sub("", postcode).casefold()


def proves(order: Mapping[str, object], *, number: str, proof: str) -> bool:
    """Whether number and proof (e-mail or postcode) are those of an order document in the normal form.

    Every comparison is made whatever the others said, so that the time taken tells nothing.
    """
    customer, ship_to = _part(order, "customer"), _part(order, "ship_to")
    of_number = _same(number_key(str(order.get("number") or "")), number_key(number))
    of_email = _same(email_key(str(customer.get("email") or "")), email_key(proof))
    of_postcode = _same(postcode_key(str(ship_to.get("postal_code") or "")), postcode_key(proof))
    return of_number & (of_email | of_postcode)


def is_of(order: Mapping[str, object], *, number: str, customer: str) -> bool:
    """Whether an order has this number and is this customer's, by the id that the platform knows them by."""
    of_number = _same(number_key(str(order.get("number") or "")), number_key(number))
    return of_number & _same(str(_part(order, "customer").get("id") or ""), customer)


def _part(order: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = order.get(name)
    return part if isinstance(part, Mapping) else {}


def _same(kept: str, said: str) -> bool:
    return bool(kept) & hmac.compare_digest(kept.encode(), said.encode())
