"""What a command says when it cannot go on: one line and an exit code."""

from msgspec import Struct
from sqlalchemy.exc import OperationalError

from connector.secrets_file import UnsafeSecrets
from connector.services.errors import InvalidInput, ServiceError
from connector.settings import BadSetting
from domain.errors import DomainError, Malformed

BAD_INPUT = 2
FAILED = 1


class Ending(Struct, frozen=True):
    """One line for standard error; `exit_code` is 2 for what the command was given, 1 for what it could not do."""

    line: str
    exit_code: int


def ending(error: Exception) -> Ending | None:
    """What to say of an error that has words of its own; None for a fault of ours, whose trace is worth more."""
    if isinstance(error, BadSetting | UnsafeSecrets):
        return Ending(str(error), BAD_INPUT)
    if isinstance(error, InvalidInput | Malformed):
        return Ending(f"{error.at}: {error.message}" if error.at else error.message, BAD_INPUT)
    if isinstance(error, ServiceError | DomainError):
        return Ending(error.message, FAILED)
    if isinstance(error, OperationalError):
        return Ending(f"The database cannot be used: {_first_line(error.orig)}", FAILED)
    if isinstance(error, OSError) and error.strerror:
        return Ending(f"{error.strerror}: {error.filename}" if error.filename else error.strerror, FAILED)
    return None


def _first_line(error: object) -> str:
    return next(iter(str(error).splitlines()), "it does not answer")
