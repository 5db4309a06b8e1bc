"""What the shopper does: opens the assistant, types, presses buttons, shows photos."""

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


@dataclass(frozen=True, slots=True)
class Showed:
    """The shopper added photos."""


Event = Started | Said | Chose | Showed
