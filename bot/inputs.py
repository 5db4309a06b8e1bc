"""What the shopper does: opens the assistant, types, presses buttons."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Started:
    """The shopper opened the assistant."""


@dataclass(frozen=True, slots=True)
class Said:
    """The shopper typed something."""

    text: str


@dataclass(frozen=True, slots=True)
class Chose:
    """The shopper pressed one button, or picked several choices at once."""

    ids: tuple[str, ...]


Event = Started | Said | Chose
