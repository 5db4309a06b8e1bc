"""Whole conversations as data: what the shopper does, and what the assistant says, asks, shows and does."""

import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import Conversation
from bot.inputs import Chose, Said, Started
from bot.knowledge import CreditFact, OfferFact, ReturnFact
from bot.speech import Turn
from tests.bot.world import LINES, POLICY, World

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS: dict[str, dict[str, Any]] = {
    f"{path.stem}: {title}": transcript
    for path in sorted(FOLDER.glob("*.toml"))
    for title, transcript in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
DOES = ("say", "pick")


def world_of(transcript: dict[str, Any]) -> World:
    """The shop of a transcript: its policy, whether anything may come back, returns, results to come, the language."""
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


SPOKEN_IN = [one for one in TRANSCRIPTS.values() if "language" in one]


@pytest.mark.parametrize("transcript", SPOKEN_IN, ids=lambda one: one["language"])
def test_the_conversation_is_gone_on_with_in_the_language_that_is_written(transcript: dict[str, Any]):
    world = world_of({**transcript, "language": "en"})
    world.hears(Started())
    languages = [world.hears(Said(said["say"])).conversation.language for said in transcript["turns"]]
    assert languages == [transcript["language"]] * len(languages)
