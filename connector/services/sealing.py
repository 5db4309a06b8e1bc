"""Secrets of others at rest: sealed with the install's own keys, opened only where they are used."""

import hashlib
from typing import TYPE_CHECKING

from connector.application import Application
from connector.secrets_file import Secrets

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


def sealed(app: Application, text: str) -> str:
    """The text, sealed with the newest key."""
    return sealed_with(app.settings.secrets, text)


def sealed_with(secrets: Secrets, text: str) -> str:
    """The text, sealed with the newest of the keys."""
    return _keys(secrets).encrypt(text.encode()).decode("ascii")


def opened(app: Application, text: str) -> str:
    """What was sealed with any of the install's keys; raises cryptography's InvalidToken for anything else."""
    return opened_with(app.settings.secrets, text)


def opened_with(secrets: Secrets, text: str) -> str:
    """What was sealed with any of the keys; raises cryptography's InvalidToken for anything else."""
    return _keys(secrets).decrypt(text.encode("ascii")).decode()


def _keys(secrets: Secrets) -> "MultiFernet":
    # 7 MB, and 20 ms when first asked for, that a server starts without.
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet([Fernet(key) for key in secrets.sealing_keys])


def hash_of(secret: str) -> str:
    """The hash under which a token is kept, or what somebody tried is counted."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
