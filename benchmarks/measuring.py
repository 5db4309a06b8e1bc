"""What a benchmark gives, and how it is shown."""

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: what was measured, the value with its unit, and the aim that it is held against."""

    what: str
    value: str
    aim: str = ""


def machine() -> str:
    """The machine that measures, in a line."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def shown(theme: str, figures: Iterable[Figure]) -> str:
    """The figures of a theme as a table."""
    rows = list(figures)
    width = max(len(row.what) for row in rows)
    lines = [f"  {row.what:<{width}}  {row.value:>16}  {row.aim}".rstrip() for row in rows]
    return "\n".join([theme, *lines])
