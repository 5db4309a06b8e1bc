"""Answers of real stores, as they came."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def path_of(channel: str, name: str) -> Path:
    """The file of a recorded exchange."""
    return FOLDER / channel / f"{name}.json"


def body_of(channel: str, name: str) -> Any:
    """The body of a recorded answer."""
    return json.loads(path_of(channel, name).read_bytes())["response"]["body_json"]
