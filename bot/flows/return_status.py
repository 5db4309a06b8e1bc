"""How the returns of the proved order are doing."""

from bot.questions import Scene
from bot.replies import Message
from bot.speech import Card, Ended


def go_on(scene: Scene, *messages: Message) -> Ended:
    """Each return's status and next step, and the newest as a card."""
    returns = scene.facts.returns
    if not returns:
        return Ended((*messages, Message("no_returns", {"order": scene.facts.order_number or ""})))
    told = (
        Message("status", {"rma": one.return_id, "status": one.status, "next_step": one.next_step}) for one in returns
    )
    newest = returns[0]
    card = Card("status", {"return": newest.return_id, "status": newest.status, "link": newest.link})
    return Ended((*messages, *told), card=card)
