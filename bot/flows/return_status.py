"""How the returns of the proved order are doing."""

from bot.knowledge import ReturnFact
from bot.questions import Scene
from bot.replies import Message
from bot.speech import Card, Ended


def go_on(scene: Scene, *messages: Message) -> Ended:
    """Each return's status and next step, and the newest as a card."""
    returns = scene.facts.returns
    if not returns:
        return Ended((*messages, Message("no_returns", {"order": scene.facts.order_number or ""})))
    told = (_told(scene, one) for one in returns)
    newest = returns[0]
    card = Card("status", {"return": newest.return_id, "status": scene.translate(newest.status), "link": newest.link})
    return Ended((*messages, *told), card=card)


def _told(scene: Scene, one: ReturnFact) -> Message:
    status, next_step = scene.translate(one.status), scene.translate(one.next_step)
    return Message("status", {"rma": one.return_id, "status": status, "next_step": next_step})
