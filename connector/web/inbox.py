"""The inbox: shoppers who asked for a person, what was said so far, and the answer."""

from starlette.responses import Response
from starlette.routing import Route

from connector.services import answer_shopper
from connector.services.roles import Action
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render
from connector.web.transcript import choices_of, lines_of, transcript_of

HOME = "/shops/{shop}/dashboard/inbox"


def inbox(visit: Visit) -> Response:
    """Everybody whose matter is open, who waits longest first."""
    cases = answer_shopper.inbox(visit.app, visit.shop)
    return render(visit.request, "inbox.html", {"shop": visit.shop, "staff": visit.staff, "cases": cases})


def talk(visit: Visit) -> Response:
    """One conversation, with a place to answer."""
    wanted = visit.path("conversation")
    case = answer_shopper.case_of(visit.app, visit.shop, conversation_id=wanted)
    turns = transcript_of(visit.app, visit.shop, wanted)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "case": case,
        "lines": lines_of(turns),
        "choices": choices_of(turns),
        "once": visit.app.token(),
    }
    return render(visit.request, "conversation.html", context)


def reply(visit: Visit) -> Response:
    """Say something to the shopper."""
    answer_shopper.reply(
        visit.app,
        visit.shop,
        conversation_id=visit.path("conversation"),
        text=visit.field("text"),
        actor=visit.actor,
        key=visit.once,
    )
    return see(f"{_home(visit)}/{visit.path('conversation')}#latest")


def close(visit: Visit) -> Response:
    """The matter is settled."""
    answer_shopper.close(visit.app, visit.shop, conversation_id=visit.path("conversation"), key=visit.once)
    return see(_home(visit))


def _home(visit: Visit) -> str:
    return HOME.format(shop=visit.shop.slug)


routes = [
    Route(HOME, staff_page(inbox, to=Action.ANSWER_SHOPPERS), methods=["GET"]),
    Route(f"{HOME}/{{conversation}}", staff_page(talk, to=Action.ANSWER_SHOPPERS), methods=["GET"]),
    Route(f"{HOME}/{{conversation}}/reply", staff_page(reply, to=Action.ANSWER_SHOPPERS), methods=["POST"]),
    Route(f"{HOME}/{{conversation}}/close", staff_page(close, to=Action.ANSWER_SHOPPERS), methods=["POST"]),
]
