"""What the shopper does: opens the assistant, types, presses buttons, shows photos."""

from msgspec import Struct


class Started(Struct, frozen=True):
    """The shopper opened the assistant."""


class Said(Struct, frozen=True):
    """The shopper typed something."""

    text: str


class Chose(Struct, frozen=True):
    """The shopper pressed one button, or picked several choices at once."""

    ids: tuple[str, ...]


class Showed(Struct, frozen=True):
    """The shopper added photos."""


Event = Started | Said | Chose | Showed
