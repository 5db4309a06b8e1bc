"""`python -m benchmarks [theme ...]`: every theme, or those that are named."""

import sys
from importlib import import_module

from benchmarks.measuring import machine, pace, shown

THEMES = ("counter", "inbox", "quotes", "returns", "server", "talk", "understanding", "widget")


def main(wanted: list[str]) -> int:
    """Measure, and print a table a theme."""
    unknown = [theme for theme in wanted if theme not in THEMES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; there are: {', '.join(THEMES)}.")
        return 2
    print(machine())
    print(f"\n{shown('the machine just now', pace())}", flush=True)
    for theme in wanted or THEMES:
        figures = import_module(f"benchmarks.{theme}").figures()
        print(f"\n{shown(theme, figures)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
