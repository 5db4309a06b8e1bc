"""Passwords as argon2id hashes; few are computed at a time, for each takes 64 MB and a tenth of a second."""

from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_A_TIME = 2


class Passwords:
    """Hashes and checks; the parameters are those that the library recommends unless a cheaper hasher is given."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = BoundedSemaphore(AT_A_TIME)

    def hash(self, password: str) -> str:
        """The hash to keep of a password."""
        with self._turn:
            return self._hasher.hash(password)

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether a password is that of a kept hash; for nobody's it takes as long and never is."""
        with self._turn:
            try:
                return self._hasher.verify(kept or self._nobodys, password) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("the password of nobody")
