"""The languages that the assistant speaks: English in the code, each other one a gettext catalogue."""

from functools import cache
from importlib.resources import files

from bot.replies import Translate

SPOKEN = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "ja", "zh", "ko")


@cache
def voice(language: str) -> Translate:
    """What says an English sentence in a language; one that its catalogue lacks stays English."""
    if language == SPOKEN[0]:
        return str
    # A megabyte, and 30 ms, that a server starts without; what speaks English alone never needs it.
    from babel.messages.pofile import read_po

    with (files("bot") / "catalogues" / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    said = {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
    return lambda sentence: said.get(sentence, sentence)


def spoken(wanted: str | None) -> str:
    """The language that is spoken with who wants one: `pt` for `pt-BR`, English for any that we do not speak."""
    primary = (wanted or "").replace("_", "-").partition("-")[0].casefold()
    return primary if primary in SPOKEN else SPOKEN[0]
