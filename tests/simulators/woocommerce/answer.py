"""What the store answers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Paris")
"""Fact 12: local time is not GMT."""


@dataclass(frozen=True)
class Answer:
    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """An error of WooCommerce; `bare` ones hold their status as `data` and come as HTTP 500 (fact 4)."""

    def __init__(self, status: int, code: str, message: str, *, bare: int | None = None, **details: object) -> None:
        super().__init__(message)
        data = {"status": status, **details} if bare is None else bare
        self.answer = Answer({"code": code, "message": message, "data": data}, status=status)


def no_route() -> Refused:
    return Refused(404, "rest_no_route", "No route was found matching the URL and request method.")


def times(name: str, at: datetime | None) -> dict[str, str | None]:
    """A time in the store's zone and in GMT, neither of which says so (fact 12)."""
    if at is None:
        return {name: None, f"{name}_gmt": None}
    local, gmt = at.astimezone(ZONE), at.astimezone(UTC)
    return {name: f"{local:%Y-%m-%dT%H:%M:%S}", f"{name}_gmt": f"{gmt:%Y-%m-%dT%H:%M:%S}"}


def money(value: Decimal | str | float, digits: int) -> str:
    """An amount as the store writes it, half up."""
    return f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP):f}"


def now() -> datetime:
    return datetime.now(UTC)
