"""What a use case may refuse; HTTP statuses are given at the door (connector/web/errors.py).

ServiceError
├── NotFound           nothing of that name in this shop
├── InvalidInput       what was typed cannot be read; `at` names the field
├── Refused            the rules say no; `reasons` are those of the quote
├── QuoteMoved         the money is not what was shown; a fresh quote must be confirmed
├── Conflict           somebody else was faster
│   └── Overtaken      and who tries anew goes on from there
├── NotAllowed         the person's role does not let them
├── NeedsApproval      a manager must agree to it first; `wanted` says to what
└── TooManyAttempts    try again later
"""

from collections.abc import Mapping
from typing import Any

MOST_TRIES = 3
"""So often is tried anew what others overtook."""


class ServiceError(Exception):
    """The base of all refusals of a use case: `code` is stable, `message` is an English sentence."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(ServiceError):
    """Nothing of that name in this shop."""

    code = "not_found"


class InvalidInput(ServiceError):
    """What was typed cannot be read; `at` names the field."""

    code = "invalid_input"

    def __init__(self, message: str, *, at: str = "") -> None:
        super().__init__(message)
        self.at = at


class Refused(ServiceError):
    """The rules say no; `reasons` are those of the quote: `{code, text}`."""

    code = "not_returnable"

    def __init__(self, message: str, *, reasons: tuple[Mapping[str, object], ...] = ()) -> None:
        super().__init__(message)
        self.reasons = reasons


class QuoteMoved(ServiceError):
    """The money is not what was shown, so nothing was done; a fresh quote must be confirmed."""

    code = "quote_moved"


class Conflict(ServiceError):
    """Somebody else was faster, so nothing was done."""

    code = "conflict"


class Overtaken(Conflict):
    """Somebody else was faster, and who tries anew goes on from what is true then."""


class NotAllowed(ServiceError):
    """The person's role does not let them do that."""

    code = "not_allowed"


class NeedsApproval(ServiceError):
    """A manager must agree to just this first; `wanted` says to what, and nothing was done."""

    code = "needs_approval"

    def __init__(self, message: str, *, wanted: tuple[Any, ...]) -> None:
        super().__init__(message)
        self.wanted = wanted


class TooManyAttempts(ServiceError):
    """Too many tries in a short time; `retry_after` is in seconds."""

    code = "too_many_attempts"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
