"""Sentences and tasks to measure the assistant with: their licences keep them out, a variable names where they lie."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

FOLDER = "BACKHAUL_EVALUATION"
ABSENT = f"the evaluation data is not part of the project; {FOLDER} names its folder where there is one"
"""The one reason to skip that a strict run allows."""


def evaluation_folder() -> Path:
    """The folder of the evaluation data; skips the test where there is none."""
    folder = os.environ.get(FOLDER)
    if not folder or not Path(folder).is_dir():
        pytest.skip(ABSENT)
    return Path(folder)


def rows_of(path: Path) -> Sequence[Mapping[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
