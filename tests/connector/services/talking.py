"""A shopper who talks to the assistant of a shop."""

from typing import Any

from connector.services import converse
from connector.services.converse import Heard, Talk
from tests.shops import TestShop


class Shopper:
    """A shopper at a shop's assistant."""

    def __init__(
        self, demo: TestShop, *, language: str | None = None, customer: str | None = None, signed_in: str | None = None
    ) -> None:
        self.demo = demo
        self.turn: Any = converse.start(
            demo.app, demo.shop, language=language, address="x", customer=customer, signed_in=signed_in
        )
        self.talk = Talk(self.turn["conversation"], "x", signed_in=signed_in)

    def says(self, text: str, id_: str | None = None) -> Any:
        return self._hear(Heard(text=text, id=id_))

    def picks(self, *choices: str, id_: str | None = None) -> Any:
        return self._hear(Heard(choices=choices, id=id_))

    def _hear(self, heard: Heard) -> Any:
        self.turn = converse.say(self.demo.app, self.demo.shop, talk=self.talk, heard=heard)
        return self.turn

    @property
    def asked(self) -> str:
        return self.turn["ask"]["slot"]

    @property
    def keys(self) -> list[str]:
        return [message["key"] for message in self.turn["messages"]]

    @property
    def choices(self) -> list[str]:
        return [choice["id"] for choice in self.turn["ask"]["choices"]]


def to_summary(ann: Shopper) -> None:
    ann.says("I want to return something from order #1001, ann@example.com")
    assert ann.asked == "items", ann.turn
    ann.picks("item:l1")
    ann.picks("quantity:1")
    ann.picks("reason:size_too_small")
    ann.picks("resolution:refund")
    ann.picks("method:mail")
    assert ann.asked == "confirm"


def finished(ann: Shopper) -> str:
    for choice in ("resolution:refund", "method:mail", "confirm:yes"):
        ann.picks(choice)
    return str(ann.turn["outcome"]["return"])
