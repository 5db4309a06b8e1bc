"""Every word of the plugin is in its catalogue, in every language; every file is PHP that PHP can read."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.wordpress.site import PLUGIN

LANGUAGES = PLUGIN / "languages"
SAID = re.compile(r"(?:esc_html__|esc_attr__|__|i18n\.__)\(\s*'((?:[^'\\]|\\.)*)',\s*'backhaul-returns'")
LOCALES = ("de_DE", "es_ES", "fr_FR", "it_IT", "ja", "ko_KR", "nl_NL", "pl_PL", "pt_PT", "zh_CN")
"""With the English of the plugin itself these are the eleven languages of the assistant."""
SOURCES = sorted(PLUGIN.rglob("*.php"))


def catalogue(name: str) -> Catalog:
    with (LANGUAGES / name).open("rb") as file:
        return read_po(file)


def words_of(found: Catalog) -> set[str]:
    return {str(message.id) for message in found if message.id}


def said() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in (*SOURCES, *PLUGIN.rglob("*.js")))
    return {word.replace("\\'", "'") for text in texts for word in SAID.findall(text)}


def test_the_template_holds_exactly_what_the_plugin_says():
    assert words_of(catalogue("backhaul-returns.pot")) == said()


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_is_said_in_every_language(locale: str):
    found = catalogue(f"backhaul-returns-{locale}.po")
    assert words_of(found) == said()
    assert [message.id for message in found if message.id and not message.string] == []
    kept = [message for message in found if message.id and "[backhaul_returns]" in str(message.id)]
    assert all("[backhaul_returns]" in str(message.string) for message in kept)


def test_no_language_is_there_that_is_not_known():
    assert {path.stem.removeprefix("backhaul-returns-") for path in LANGUAGES.glob("*.po")} == set(LOCALES)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_php_can_read_it(path: Path):
    if shutil.which("php") is None:
        pytest.skip("PHP is not installed (Debian: php-cli)")
    read = subprocess.run(["php", "-l", str(path)], capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stdout + read.stderr


NEWER = {
    "match expression": r"\bmatch\s*\(",
    "nullsafe operator": r"\?->",
    "enum": r"^\s*enum\s+\w+",
    "readonly": r"\breadonly\b",
    "named argument": r"[(,]\s*[a-z_]+:\s(?!:)",
    "constructor promotion": r"__construct\([^)]*\b(public|private|protected)\b",
    "union type": r"\b(int|string|array|bool|null|float)\s*\|\s*\w",
    "throw as an expression": r"(\?\?|\?|:)\s*throw\b",
    "attribute": r"^\s*#\[",
    "functions of PHP 8": r"\b(str_contains|str_starts_with|str_ends_with|array_is_list)\s*\(",
    "static or never or mixed as a type": r"\):\s*(static|never|mixed)\b",
}
"""What PHP 7.4 cannot read or does not have."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_php_7_4_can_read_it_too(path: Path):
    text = re.sub(r"/\*.*?\*/|//[^\n]*|'(?:[^'\\]|\\.)*'", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [name for name, pattern in NEWER.items() if re.search(pattern, text, re.MULTILINE)] == []
