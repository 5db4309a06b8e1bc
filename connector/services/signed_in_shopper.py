"""A shopper who is signed in to the storefront need prove nothing: the store's plugin says who they are, signed."""

from collections.abc import Mapping

from adapters.errors import ChannelError
from adapters.woocommerce.signed_token import Claims
from bot.conversation import Conversation, Slot, Source
from connector.application import Application
from connector.services.connect_store import CHANNEL
from connector.services.keep_order import kept
from connector.services.store_plugin import claims_of
from connector.storage.shop_store import Shop
from domain.errors import DomainError
from domain.proof import proves

PURPOSE = "shopper"


def introduced(app: Application, shop: Shop, conversation: Conversation, *, token: str | None) -> Conversation:
    """The conversation with what a token says of its shopper: whose they are, and which order it is about.

    A token that is not the plugin's, or is over, says nothing: the shopper is asked like anybody else.
    """
    claims = claims_of(app, shop, token=token, purpose=PURPOSE) if token else None
    if claims is None or not claims.email:
        return conversation
    order = _order(app, shop, claims) if claims.order_id else None
    proof = Slot("proof", claims.email, Source.STORE)
    if order is None:
        return Conversation(language=conversation.language, slots=(proof,))
    number = Slot("order_number", str(order["number"]), Source.STORE)
    return Conversation(language=conversation.language, slots=(number, proof), order_id=str(order["id"]))


def _order(app: Application, shop: Shop, claims: Claims) -> Mapping[str, object] | None:
    """The order of the claims, once the store itself shows it with the e-mail that was signed."""
    try:
        found = app.channels.for_shop(shop, CHANNEL).read_order(claims.order_id)
        if found is None or not proves(found, number=str(found.get("number") or ""), proof=claims.email):
            return None
        return kept(app, shop, found)
    except (ChannelError, DomainError):
        return None
