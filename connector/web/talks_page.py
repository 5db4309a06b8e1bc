"""Every conversation of the shop's assistant, for the merchant to read; a person answers in the inbox."""

from starlette.responses import Response
from starlette.routing import Route

from connector.services import browse_talks
from connector.services.roles import Action
from connector.web.dashboard import time_of
from connector.web.doors import Visit, staff_page
from connector.web.rendering import render
from connector.web.transcript import choices_of, lines_of, transcript_of

HOME = "/shops/{shop}/dashboard/conversations"


def talks(visit: Visit) -> Response:
    """All of them, the latest first."""
    shown = browse_talks.talks(visit.app, visit.shop, before=time_of(visit.query("before")))
    context = {"shop": visit.shop, "staff": visit.staff, "shown": shown, "is_first": not visit.query("before")}
    return render(visit.request, "talks.html", context)


def talk(visit: Visit) -> Response:
    """One, as it was said."""
    seen = browse_talks.talk(visit.app, visit.shop, conversation_id=visit.path("conversation"))
    turns = transcript_of(visit.app, visit.shop, seen.id)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "seen": seen,
        "lines": lines_of(turns),
        "choices": choices_of(turns),
    }
    return render(visit.request, "talk_of_shopper.html", context)


routes = [
    Route(HOME, staff_page(talks, to=Action.ANSWER_SHOPPERS), methods=["GET"]),
    Route(f"{HOME}/{{conversation}}", staff_page(talk, to=Action.ANSWER_SHOPPERS), methods=["GET"]),
]
