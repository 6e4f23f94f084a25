"""Walks the site without JavaScript as a browser would: follows redirects, fills in the form that is on the page."""

import csv
import io
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Fields = dict[str, Any]


class Walker:
    """One person in one browser. Every page it is shown is held to what every page must have."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = BeautifulSoup("", "html5lib")
        self.status = 0
        self.path = ""

    def get(self, path: str) -> BeautifulSoup:
        """Open an address."""
        return self._arrive(self.client.get(path, follow_redirects=True))

    def submit(self, fields: Fields | None = None, *, button: str | None = None) -> BeautifulSoup:
        """Send the form of the page, filled in as it stands and then with ``fields``, by the button of that text."""
        return self.send(self.filled(fields, button=button), button=button)

    def send(self, fields: Fields, *, button: str | None = None) -> BeautifulSoup:
        """Send exactly these fields to where the page's form goes: what a repeated or an old form does."""
        action = self.form(button).get("action") or self.path
        return self._arrive(self.client.post(str(action), data=fields, follow_redirects=True))

    def filled(self, fields: Fields | None = None, *, button: str | None = None) -> Fields:
        """What the browser would send: hidden fields, values shown, choices made; None takes a field away."""
        sent: Fields = {}
        for element in self.form(button).select("input[name], textarea[name], select[name]"):
            name, kind = str(element["name"]), element.get("type", "text")
            if element.name == "textarea":
                sent[name] = element.text
            elif element.name == "select":
                chosen = element.select_one("option[selected]") or element.select_one("option")
                sent[name] = str(chosen["value"]) if chosen else ""
            elif kind in {"radio", "checkbox"}:
                if element.has_attr("checked"):
                    sent.setdefault(name, []).append(str(element.get("value", "on")))
            else:
                sent[name] = str(element.get("value", ""))
        for pressed in self.form(button).select("button[name]"):
            if pressed.get_text(strip=True) == button:
                sent[str(pressed["name"])] = str(pressed.get("value", ""))
        sent.update(fields or {})
        return {name: value for name, value in sent.items() if value is not None}

    def form(self, button: str | None = None) -> Tag:
        """The form of the page with a button of that text; without one, the form in the main part."""
        forms = self.page.select("form") if button else self.page.select("main form")
        for form in forms:
            if button is None or button in [found.get_text(strip=True) for found in form.select("button")]:
                return form
        raise AssertionError(f"no form with a button {button!r} at {self.path}:\n{self.text}")

    def follow(self, link: str) -> BeautifulSoup:
        """Follow the link of that text; hidden words count."""
        for anchor in self.page.select("a[href]"):
            if " ".join(anchor.get_text().split()) == link:
                return self.get(str(anchor["href"]))
        raise AssertionError(f"no link {link!r} at {self.path}:\n{self.text}")

    @property
    def heading(self) -> str:
        """The h1."""
        return " ".join(self.page.h1.get_text().split()) if self.page.h1 else ""

    @property
    def text(self) -> str:
        """What the main part says, in one line."""
        main = self.page.select_one("main")
        return " ".join(main.get_text(" ").split()) if main else ""

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [" ".join(item.get_text().split()) for item in self.page.select(".govuk-error-summary__list li")]

    def _arrive(self, response: TestResponse) -> BeautifulSoup:
        self.status = response.status_code
        self.path = response.request.full_path.rstrip("?")
        self.page = BeautifulSoup(response.get_data(as_text=True), "html5lib")
        if "text/html" in response.content_type:
            check_page(self.page)
        return self.page


def table(walker: Walker, name: str) -> list[list[str]]:
    """The body of the table with that id, as text."""
    return [
        [" ".join(cell.get_text().split()) for cell in row.select("th, td")]
        for row in walker.page.select(f"#{name} tbody tr")
    ]


def downloaded(walker: Walker, path: str) -> list[dict[str, str]]:
    """The rows of a CSV file at an address."""
    response = walker.client.get(path)
    assert response.status_code == 200, path
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))


def check_page(page: BeautifulSoup) -> None:
    """What every page of every door must have, whatever it says."""
    assert page.title is not None, page
    title = page.title.get_text()
    assert len(page.select("h1")) == 1, title
    assert title.startswith("Error: ") == bool(page.select(".govuk-error-summary")), title
    ids = [str(element["id"]) for element in page.select("[id]")]
    assert len(ids) == len(set(ids)), sorted(ids)
    for link in page.select('a[href^="#"]'):
        assert urlsplit(str(link["href"])).fragment in ids, f"{link} leads nowhere"
    for attribute in ("for", "aria-describedby", "aria-labelledby"):
        for element in page.select(f"[{attribute}]"):
            value = element[attribute]
            names = value.split() if isinstance(value, str) else list(value)
            assert set(names) <= set(ids), f"{element.name} {attribute}={names} leads nowhere"
    labelled = {str(label["for"]) for label in page.select("label[for]")}
    for field in page.select("main input:not([type=hidden]), main select, main textarea"):
        assert field.get("id") in labelled, f"{field} has no label"
