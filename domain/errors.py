"""What the rules refuse.

DomainError
├── Malformed      a document says what it may not say; `at` names the place
├── NotSupported   the rules have no answer, so none is given
└── IllegalStep    an act that a state does not allow
"""


class DomainError(Exception):
    """The base of all refusals of the rules: `code` is stable, `message` is an English sentence."""

    code = "domain_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Malformed(DomainError):
    """A document that cannot be read; `at` names the place of the first fault, as in `order.lines[0].quantity`."""

    code = "malformed"

    def __init__(self, message: str, *, at: str = "") -> None:
        super().__init__(message)
        self.at = at

    def within(self, step: str) -> "Malformed":
        """The same fault seen from one level further out: `step` is a field's name or `[index]`."""
        joint = "." if self.at and not self.at.startswith("[") else ""
        return Malformed(self.message, at=f"{step}{joint}{self.at}")


class NotSupported(DomainError):
    """What the rules have no answer to; nothing was computed."""

    code = "not_supported"


class IllegalStep(DomainError):
    """An act that a state does not allow; `allowed` are the acts that it does."""

    code = "illegal_step"

    def __init__(self, *, state: str, act: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{state} does not allow {act}")
        self.state = state
        self.act = act
        self.allowed = allowed
