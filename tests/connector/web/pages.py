"""A page as a browser without scripts sees it: its forms can be sent, its barriers be found."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

VOID = frozenset({"input", "meta", "link", "img", "br"})
WITHOUT_ID = ("/sign-out", "/sign-in", "/sign-in/password")
OURS = ("/static/", "/widget.js")

Attributes = dict[str, str]


@dataclass
class Form:
    """A form with its fields as they would be sent untouched, and its buttons' names and values."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, bool]] = field(default_factory=list)


class Page(HTMLParser):
    """All that tests want to know of a page."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.answer, self.html = answer, answer.text
        self.forms: list[Form] = []
        self.tags: list[tuple[str, Attributes]] = []
        self.labels: set[str] = set()
        self._open: list[str] = []
        self._unlabelled: list[str] = []
        self.feed(self.html)

    @property
    def text(self) -> str:
        """The words of the page without its tags."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.html.split("<body", 1)[1]).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if tag == "form":
            self.forms.append(Form(found.get("method", "get"), found.get("action", "")))
        if tag == "label" and "for" in found:
            self.labels.add(found["for"])
        if tag in ("input", "select", "textarea"):
            self._field(found)
        if tag == "button" and "form" in self._open:
            self.forms[-1].buttons.append((found.get("name", ""), found.get("value", ""), "disabled" in found))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def _field(self, found: Attributes) -> None:
        if found.get("type") != "hidden" and "label" not in self._open:
            self._unlabelled.append(found.get("id", found.get("name", "?")))
        is_ticked = found.get("type") not in ("radio", "checkbox") or "checked" in found
        if "form" in self._open and is_ticked and "name" in found:
            self.forms[-1].fields[found["name"]] = found.get("value", "")

    def form_with(self, value: str) -> Form:
        """The form that has a button or field of this name or value."""
        return next(
            form for form in self.forms if value in form.fields or any(value in (n, v) for n, v, _ in form.buttons)
        )

    def barriers(self) -> list[str]:
        """What is wrong with the page for people and for the security policy."""
        names = [tag for tag, _ in self.tags if tag != "title"]
        posted = [form for form in self.forms if form.method == "post" and not form.action.endswith(WITHOUT_ID)]
        return [
            *(f"{tag} is there {names.count(tag)} times" for tag in ("main", "h1") if names.count(tag) != 1),
            *(f"{name} has no label" for name in self._unlabelled if name not in self.labels),
            *(f"a form without an id: {form}" for form in posted if not {"once", "step", "again"} & self._names(form)),
            *(f"inline: {tag} {found}" for tag, found in self.tags if _is_inline(tag, found)),
            *("no title" for _ in range(1) if not re.search(r"<head>.*<title>[^<]+</title>", self.html, re.DOTALL)),
            *("no language" for tag, found in self.tags if tag == "html" and not found.get("lang")),
            *(f"img without alt: {found}" for tag, found in self.tags if tag == "img" and "alt" not in found),
        ]

    @staticmethod
    def _names(form: Form) -> set[str]:
        return set(form.fields) | {name for name, _, _ in form.buttons}


def _is_inline(tag: str, found: Attributes) -> bool:
    """Whether an element holds what the security policy forbids."""
    is_code = tag == "style" or (tag == "script" and not found.get("src", "").startswith(OURS))
    return is_code or any(name == "style" or name.startswith("on") for name in found)


async def visit(browser: httpx.AsyncClient, path: str) -> Page:
    return Page(await browser.get(path, headers={"Accept": "text/html"}, follow_redirects=True))


async def post(browser: httpx.AsyncClient, path: str, form: Form, **fields: str | list[str]) -> Page:
    """Send a form as a browser would, with some fields filled."""
    answer = await browser.post(form.action or path, data={**form.fields, **fields}, follow_redirects=True)
    return Page(answer)
