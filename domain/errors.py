"""What the rules refuse.

DomainError
├── Malformed      a document or a request is not what it should be; `at` names the place
├── NotSupported   asked for something that is not built
└── IllegalStep    an act that the state does not allow; `allowed` says what would be
"""


class DomainError(Exception):
    """The base of all refusals of the rules: `code` is stable, `message` is an English sentence."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Malformed(DomainError):
    """A document is not what it should be; `at` names the place, such as `order.lines[0].quantity`."""

    code = "malformed"

    def __init__(self, message: str, *, at: str) -> None:
        super().__init__(message)
        self.at = at


class NotSupported(DomainError):
    """Something that is not built was asked for."""

    code = "not_supported"


class IllegalStep(DomainError):
    """An act that the state does not allow."""

    code = "illegal_step"

    def __init__(self, *, state: str, act: str, allowed: tuple[str, ...]) -> None:
        hint = ", ".join(allowed) or "nothing"
        super().__init__(f"'{act}' is not possible when it is '{state}'; possible: {hint}")
        self.state = state
        self.act = act
        self.allowed = allowed
