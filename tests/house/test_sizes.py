"""Functions are read in one breath, modules in one sitting."""

import ast
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "connector", "domain", "webhooks")
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts]


def lengths() -> list[tuple[int, str]]:
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                found.append(((node.end_lineno or start) - start + 1, f"{path.relative_to(ROOT)}:{node.name}"))
    return sorted(found)


def test_half_of_all_functions_have_at_most_ten_lines():
    assert median(length for length, _ in lengths()) <= 10


def test_nineteen_of_twenty_functions_have_at_most_forty_lines():
    found = lengths()
    assert found[int(len(found) * 0.95)][0] <= 40, found[-10:]


def test_no_function_has_more_than_sixty_lines():
    assert [row for row in lengths() if row[0] > 60] == []


def test_no_module_has_more_than_four_hundred_lines():
    rows = [(path.read_text(encoding="utf-8").count("\n"), str(path.relative_to(ROOT))) for path in SOURCES]
    assert [row for row in rows if row[0] > 400] == []
