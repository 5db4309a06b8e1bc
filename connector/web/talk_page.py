"""The assistant without JavaScript: the same conversation as plain forms, held by a cookie."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.buttons import label
from bot.questions import MENU
from bot.replies import Message, say
from bot.signs import signs
from bot.voice import spoken, voice
from connector.services import converse
from connector.services.converse import Heard, Talk
from connector.services.errors import InvalidInput
from connector.web.doors import Visit, client_address, page, see
from connector.web.photo_upload import upload_page
from connector.web.rendering import render
from connector.web.transcript import choices_of, lines_of, transcript_of

COOKIE = "backhaul_talk"
ASIDE = frozenset({"back", "human"})
UNPROCESSABLE = 422

Document = Mapping[str, Any]


def show(visit: Visit) -> Response:
    """The conversation so far and the question that is open; without one, the first question."""
    return _page(visit)


def _page(visit: Visit, *, problem: bool = False) -> Response:
    talk = _talk(visit)
    turns = transcript_of(visit.app, visit.shop, talk.conversation_id) if talk else ()
    language = next((turn["language"] for turn in reversed(turns) if "language" in turn), _language(visit))
    translate = voice(language)
    context = {
        "shop": visit.shop,
        "language": language,
        "words": signs(translate),
        "problem": problem,
        "lines": lines_of(turns),
        "greeting": say(Message("greeting", {"shop": visit.shop.name}), translate),
        "ask": _asked(turns) if turns else _first_question(language),
        "choices": choices_of(turns),
        "aside": ASIDE,
        "once": visit.app.token(),
    }
    return render(visit.request, "talk.html", context, status=UNPROCESSABLE if problem else 200)


def speak(visit: Visit) -> Response:
    """Say something, begin the conversation when there is none, and look at it."""
    home = f"/shops/{visit.shop.slug}/returns"
    if visit.field("again"):
        return _without_cookie(see(home), home)
    heard, talk = _heard(visit), _talk(visit)
    if heard is None:
        return see(f"{home}#latest")
    answer = see(f"{home}#latest")
    if talk is None:
        talk = _begin(visit, answer, path=home)
    converse.say(visit.app, visit.shop, talk=talk, heard=heard)
    return answer


def show_photos(visit: Visit, photos: tuple[bytes, ...]) -> Response:
    """Show photos where they were asked for, and look at what is said to them."""
    home, talk = f"/shops/{visit.shop.slug}/returns", _talk(visit)
    if talk is None:
        return see(home)
    try:
        if not photos:
            raise InvalidInput("There is no photo.", at="photo")
        converse.say(visit.app, visit.shop, talk=talk, heard=Heard(photos=photos, id=visit.once))
    except InvalidInput:
        return _page(visit, problem=True)
    return see(f"{home}#latest")


def _heard(visit: Visit) -> Heard | None:
    """What the form says; None when nothing was typed."""
    once = visit.once
    if visit.field("text"):
        return Heard(text=visit.field("text"), id=once)
    if "text" in visit.form:
        return None
    return Heard(choices=visit.form.get("choice", ()), id=once)


def _begin(visit: Visit, answer: Response, *, path: str) -> Talk:
    address = client_address(visit.request, visit.app.settings)
    turn = converse.start(visit.app, visit.shop, language=_language(visit), address=address)
    conversation = str(turn["conversation"])
    answer.set_cookie(
        COOKIE,
        f"{conversation}.{turn['token']}",
        path=path,
        secure=visit.app.settings.is_https,
        httponly=True,
        samesite="lax",
    )
    return Talk(conversation, address)


def _talk(visit: Visit) -> Talk | None:
    """The conversation of the cookie, when the cookie holds its token."""
    conversation, _, token = visit.request.cookies.get(COOKIE, "").partition(".")
    if not token or not converse.is_authorised(visit.app, visit.shop, conversation_id=conversation, token=token):
        return None
    return Talk(conversation, client_address(visit.request, visit.app.settings))


def _language(visit: Visit) -> str:
    """The language that the browser asks for first, as far as it is spoken."""
    return spoken(visit.request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip())


def _asked(turns: Sequence[Document]) -> Document | None:
    """The question of the assistant's last turn, whatever a person said since."""
    return next((turn["ask"] for turn in reversed(turns) if turn["from"] == "assistant"), None)


def _first_question(language: str) -> Document:
    plain = {"detail": None, "image": None, "disabled": False, "why": None}
    choices = [{"id": one, "label": label(one, voice(language)), **plain} for one in (*MENU, "human")]
    return {"slot": "menu", "for": None, "multiple": False, "choices": choices}


def _without_cookie(answer: Response, path: str) -> Response:
    answer.delete_cookie(COOKIE, path=path)
    return answer


routes = [
    Route("/shops/{shop}/returns", page(show), methods=["GET"]),
    Route("/shops/{shop}/returns", page(speak), methods=["POST"]),
    Route("/shops/{shop}/returns/photos", upload_page(show_photos), methods=["POST"]),
]
