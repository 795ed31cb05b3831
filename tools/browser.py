"""A browser without a screen: cookies, forms with their defaults, and one press at a time, over HTTP."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar


@dataclass
class Form:
    """A form of a page: where it goes, what stands in it, and the words of its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    words: str = ""


class _Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a form, an input with its default, or a choice that is made."""
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(held.get("action", "")))
            self.inside = True
        elif tag in ("input", "button") and self.inside and held.get("name"):
            chosen = held.get("type") not in ("radio", "checkbox") or "checked" in held
            if chosen:
                self.forms[-1].fields.setdefault(held["name"], held.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Keep the words that stand in the form."""
        if self.inside:
            self.forms[-1].words += data.strip()

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if tag == "form":
            self.inside = False


class Browser:
    """One visitor of one address. Faults of the server are pages too."""

    def __init__(self, address: str, *, patience: float = 60) -> None:
        self.address = address
        self.patience = patience
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self.here = address
        self.page = ""
        self.raw = b""
        self.status = 0

    def get(self, path: str, fields: dict[str, str] | None = None) -> str:
        """Open a page, or send fields to it; the text of the answer."""
        at = urllib.parse.urljoin(self.here if self.page else self.address, path)
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        asked = urllib.request.Request(at, data, {"Referer": self.here, "Accept-Language": "ja"})  # noqa: S310  our own address
        end = time.monotonic() + self.patience
        while True:
            try:
                self._ask(asked, at)
            except (OSError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)  # nobody answers: a person presses the same button again
            else:
                return self.page

    def _ask(self, asked: urllib.request.Request, at: str) -> None:
        try:
            with self._opener.open(asked, timeout=60) as answer:
                self.raw, self.status, self.here = answer.read(), answer.status, answer.url
        except urllib.error.HTTPError as fault:
            self.raw, self.status, self.here = fault.read(), fault.code, at
        self.page = self.raw.decode("utf-8", "replace")

    def press(self, page: str, goal: str = "", /, *, says: str = "", **fields: str) -> str:
        """Open a page and press the first form that goes there and says that; LookupError when there is none."""
        self.get(page)
        reader = _Forms()
        reader.feed(self.page)
        for form in reader.forms:
            held = {**form.fields}
            if not form.action.endswith(goal) if goal else form.action:
                continue  # without a goal, the form that the page sends to itself
            if says and says not in form.words + " ".join(held.values()):
                continue
            return self.get(form.action or self.here, {**held, **fields})
        raise LookupError(f"{self.here} ({self.status}) has no such form")
