"""Secrets of others at rest: sealed with the install's own keys, opened only where they are used."""

from cryptography.fernet import Fernet, MultiFernet

from connector.application import Application


def sealed(app: Application, text: str) -> str:
    """The text, sealed with the newest key."""
    return _keys(app).encrypt(text.encode()).decode("ascii")


def opened(app: Application, text: str) -> str:
    """What was sealed with any of the install's keys; raises cryptography's InvalidToken for anything else."""
    return _keys(app).decrypt(text.encode("ascii")).decode()


def _keys(app: Application) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in app.settings.secrets.sealing_keys])
