"""What a shop's storefront sends through the app proxy, signed as Shopify documents it [D]."""

import hashlib
import hmac

from tests.simulators.shopify.books import SECRET, SHOP

PREFIX = "/apps/backhaul"


def proxied_pairs(
    *extra: tuple[str, str], at: float, secret: str = SECRET, **changes: str
) -> list[tuple[str, str]]:  # fmt: skip
    """The parameters of a visit: what the visitor sent, what Shopify adds, and the signature over both."""
    added = {
        "shop": SHOP, "path_prefix": PREFIX, "timestamp": str(int(at)), "logged_in_customer_id": "501", **changes,
    }  # fmt: skip
    pairs = [*added.items(), *extra]
    together: dict[str, list[str]] = {}
    for name, value in pairs:
        together.setdefault(name, []).append(value)
    signed = "".join(sorted(f"{name}={','.join(several)}" for name, several in together.items()))
    made = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return [*pairs, ("signature", made)]
