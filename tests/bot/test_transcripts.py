"""Whole conversations as data: what the shopper does, and what the assistant says, asks, shows and does."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import asdict, replace

from bot.conversation import Conversation
from bot.inputs import Chose, Said, Started
from bot.knowledge import CreditFact, OfferFact, ReturnFact
from bot.speech import Turn
from bot.voice import SPOKEN, voice
from tests.bot.world import LINES, POLICY, World

FOLDER = Path(__file__).parent / "transcripts"


def spoken_in(transcript: dict[str, Any], language: str) -> dict[str, Any]:
    """A transcript whose sentences stand in several languages, in one of them."""
    turns = [{**said, "say": said["say"][language]} if is_for_each(said) else said for said in transcript["turns"]]
    return {**transcript, "turns": turns, "language": language}


def is_for_each(said: dict[str, Any]) -> bool:
    return isinstance(said.get("say"), dict)


def read() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every transcript by its name, those with sentences in every language once for each."""
    for path in sorted(FOLDER.glob("*.toml")):
        for title, transcript in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if any(is_for_each(said) for said in transcript["turns"]):
                yield from ((f"{title} [{one}]", spoken_in(transcript, one)) for one in SPOKEN)
            else:
                yield f"{path.stem}: {title}", transcript


TRANSCRIPTS = dict(read())
DOES = ("say", "pick")


def world_of(transcript: dict[str, Any]) -> World:
    """The shop of a transcript: its policy, whether anything may come back, returns, results to come, the language.

    What is `translated` has its buttons in that language as well.
    """
    lines = LINES if transcript.get("returnable", True) else LINES[2:]
    said = transcript.get("policy", {}).items()
    policy: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in said}
    return World(
        policy=replace(POLICY, **policy),
        lines=lines,
        offers=tuple(OfferFact(**one) for one in transcript.get("offers", [])),
        returns=tuple(ReturnFact(*one) for one in transcript.get("returns", [])),
        credits=tuple(CreditFact(*one) for one in transcript.get("credits", [])),
        stage=transcript.get("stage", "delivered"),
        contact=transcript.get("contact", ""),
        return_address=transcript.get("return_address", ""),
        quotes=list(transcript.get("quotes", [])),
        next_results=list(transcript.get("results", [])),
        conversation=Conversation(language=transcript.get("language", "en")),
        translate=voice(transcript["language"]) if transcript.get("translated") else str,
    )


def seen(world: World, turn: Turn) -> dict[str, Any]:
    """All of a turn that a transcript may name."""
    assert turn.ask is not None
    asked = turn.ask.question
    return {
        "keys": [message.key for message in turn.messages],
        "asks": asked.slot,
        "about": asked.line_id or "",
        "choices": [choice.id for choice in turn.ask.choices if choice.why is None],
        "disabled": [choice.id for choice in turn.ask.choices if choice.why is not None],
        "card": turn.card.kind if turn.card else "",
        "outcome": dict(turn.outcome or {}),
        "items": [{name: value for name, value in asdict(item).items() if value} for item in turn.conversation.items],
        "method": turn.conversation.value("method") or "",
        "does": type(world.effects[-1]).__name__ if world.effects else "",
        "texts": world.texts,
        "language": turn.conversation.language,
    }


@pytest.mark.parametrize("transcript", TRANSCRIPTS.values(), ids=TRANSCRIPTS.keys())
def test_the_conversation_goes_as_it_is_written(transcript: dict[str, Any]):
    world = world_of(transcript)
    world.hears(Started())
    for n, said in enumerate(transcript["turns"], start=1):
        event = Said(said["say"]) if "say" in said else Chose(tuple(said["pick"]))
        found = seen(world, world.hears(event))
        wanted = {what: value for what, value in said.items() if what not in DOES}
        assert {what: found[what] for what in wanted} == wanted, f"turn {n}"
        assert "human" in found["choices"]


SPOKEN_IN = [one for name, one in TRANSCRIPTS.items() if name.startswith("languages: ")]


@pytest.mark.parametrize("transcript", SPOKEN_IN, ids=lambda one: one["language"])
def test_the_conversation_is_gone_on_with_in_the_language_that_is_written(transcript: dict[str, Any]):
    world = world_of({**transcript, "language": "en"})
    world.hears(Started())
    languages = [world.hears(Said(said["say"])).conversation.language for said in transcript["turns"]]
    assert languages == [transcript["language"]] * len(languages)
