"""The install's secrets: made on the first start, kept beside the database, readable by its owner alone."""

import json
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700
"""The database beside the secrets holds names and addresses of people."""


class UnsafeSecrets(Exception):
    """The file of secrets cannot be trusted; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """`signing_key` signs links and keys of ours; `sealing_keys` seal tokens at rest, the newest first (Fernet)."""

    signing_key: bytes = field(repr=False)
    sealing_keys: tuple[bytes, ...] = field(repr=False)


def read_or_make(path: Path) -> Secrets:
    """The secrets of a file, which is made when it is not there; raises UnsafeSecrets."""
    with suppress(FileExistsError):
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """Two processes may start at once, so the file is written aside and linked into place whole."""
    if path.exists():
        return
    # Fernet is 7 MB that a server starts without as long as it has nothing to seal or open.
    from cryptography.fernet import Fernet

    path.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    document = {"signing_key": secrets.token_hex(32), "sealing_keys": [Fernet.generate_key().decode()]}
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> Secrets:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsafeSecrets(f"{path} can be read by others than its owner; make it private with: chmod 600 {path}")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Secrets(
            signing_key=bytes.fromhex(document["signing_key"]),
            sealing_keys=tuple(key.encode() for key in document["sealing_keys"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnsafeSecrets(f"{path} is not a file of secrets; restore it from a backup") from error
