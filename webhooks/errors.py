"""What is refused of a delivery.

DeliveryError
├── NotAuthentic   nobody who knows a secret of the shop signed it
└── Unreadable     it is authentic, but not what it should be: a person must look
"""


class DeliveryError(Exception):
    """The base of all refusals of a delivery: `code` is stable, `message` is an English sentence."""

    code = "delivery_refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAuthentic(DeliveryError):
    """No secret of the shop signed these bytes."""

    code = "not_authentic"


class Unreadable(DeliveryError):
    """The platform said it, but what it says cannot be read; it never gets better by trying again."""

    code = "unreadable_delivery"
