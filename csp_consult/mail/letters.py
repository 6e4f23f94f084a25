"""The words of mails and letters: one template each, whose first line is the subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app

from csp_consult.settings import current_settings

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "invitation": {"inviter": "Olive Officer", "role": "clerk", "parishes": ["Great Glen"], "link": "", "days": 14},
    "sign-in link": {"link": "", "minutes": 30},
    "password link": {"link": "", "minutes": 30},
    "password changed": {},
    "sign-in changed": {"change": "a passkey was made, which signs in without a password"},
    "council invitation": {
        "name": "Gill Glen",
        "parishes": ["Great Glen", "Kibworth"],
        "title": "Parish Council Consultation",
        "last_day": date(2027, 3, 31),
        "link": "",
    },
    "council letter": {
        "parishes": ["Great Glen"],
        "title": "Parish Council Consultation",
        "last_day": date(2027, 3, 31),
        "has_clerk": True,
    },
    "council reminder": {
        "name": "Gill Glen",
        "parish": "Great Glen",
        "title": "Parish Council Consultation",
        "last_day": date(2027, 3, 31),
        "minute_missing": False,
        "link": "",
    },
    "return link": {"survey": "Residents’ survey", "last_day": "31 March 2027", "link": ""},
    "survey invitation": {
        "title": "Residents’ survey",
        "organisation": "Harborough District Council",
        "minutes": 10,
        "closes_on": date(2027, 3, 31),
        "link": "",
        "reminding": False,
    },
}
"""Every kind of mail with what a preview fills it in with."""


@dataclass(frozen=True)
class Words:
    """What a mail says."""

    subject: str
    body: str


def write(kind: str, **values: Any) -> Words:
    """The words of a mail of that kind (a key of EXAMPLES), filled in."""
    name = kind.replace(" ", "_").replace("-", "_")
    template = current_app.jinja_env.get_template(f"mail/{name}.txt")
    text = template.render(settings=current_settings(), **values)
    subject, _, body = text.partition("\n")
    return Words(subject.strip(), body.strip() + "\n")


def example(kind: str) -> Words:
    """The words as they would be for somebody made up, with a link that leads nowhere."""
    values = dict(EXAMPLES[kind])
    if "link" in values:
        values["link"] = f"{current_settings().site_address.rstrip('/')}/…"
    return write(kind, **values)


def address_of(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for people who are not on the site yet: never taken from a request."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return current_settings().site_address.rstrip("/") + path
