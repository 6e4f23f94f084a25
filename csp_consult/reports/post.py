"""Printed post as tagged PDF: letters to households and councils, and a notice for the parish board.

Run by the helper process, so that no web worker loads what sets type; plain data in, base64 out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import segno
from markupsafe import Markup

from csp_consult.printing import page_as_pdf

_STYLE = """
@page { size: A4; margin: 22mm 20mm; }
body { font-family: Arial, "Liberation Sans", sans-serif; font-size: 12pt; line-height: 1.4; color: #0b0c0c; }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 6mm; }
.letter + .letter { break-before: page; }
.link { font-size: 11pt; overflow-wrap: anywhere; }
.synthetic { border: 1pt solid #0b0c0c; padding: 3mm; }
.qr { width: 45mm; height: 45mm; }
.notice { text-align: center; }
.notice h1 { font-size: 40pt; margin: 8mm 0; }
.notice p { font-size: 17pt; }
.notice .qr { width: 90mm; height: 90mm; }
.notice .small { font-size: 12pt; }
"""


def letters(about: Mapping[str, Any], people: Sequence[tuple[str, str]]) -> str:
    """One page for each ``(name, link)``; ``about`` is what ``wave_facts`` gives. Raises PrintingError."""
    pages = [
        Markup(
            "<section class=letter><p>{organisation}</p>{synthetic}<p>To: {name}</p><h1>{title}</h1>"
            "<p>We ask you to take part in this survey. {purpose} It takes about {minutes} minutes. "
            "Answering is voluntary.</p>"
            "<p>Point the camera of a phone at the square, or type the address. It is yours alone and works once.</p>"
            "<p>{qr}</p><p class=link><strong>{link}</strong></p>"
            "<p>The survey closes on {closes_on}. We note that your link was used, and on which day; we do not note "
            "which answers came through it.</p>"
            "<p>To answer on paper or by telephone, or in another language: {contact}</p></section>"
        ).format(**_told(about), name=name, link=link, qr=_qr(link))
        for name, link in people
    ]
    return _pdf(about["title"], Markup("").join(pages))


def council_letters(about: Mapping[str, Any], written: Sequence[tuple[str, str, str, str]]) -> str:
    """One page for each ``(addressee, subject, body, link)``; ``about`` as for ``letters``. Raises PrintingError."""
    pages = [
        Markup(
            "<section class=letter><p>{organisation}</p>{synthetic}<p>To: {addressee}</p><h1>{subject}</h1>"
            "{body}<p>{qr}</p><p class=link><strong>{link}</strong></p><p>{contact}</p></section>"
        ).format(
            **_told(about),
            addressee=addressee,
            subject=subject,
            body=Markup("").join(Markup("<p>{}</p>").format(part) for part in body.split("\n\n")),
            link=link,
            qr=_qr(link),
        )
        for addressee, subject, body, link in written
    ]
    return _pdf(about["title"], Markup("").join(pages))


def notice(about: Mapping[str, Any], link: str) -> str:
    """One page for the parish board, leading to an open survey. Raises PrintingError without Pango."""
    page = Markup(
        "<section class=notice><p>{organisation}</p>{synthetic}<h1>Have your say</h1><p>{title}</p>"
        "<p>{qr}</p><p class=small><strong>{link}</strong></p>"
        "<p>About {minutes} minutes. No account, no name. Open until {closes_on}.</p>"
        "<p class=small>On paper, in large print, by telephone or in another language: {contact}</p>"
        "<p class=small>This is no way to report a crime. In danger now: 999. Not an emergency: 101.</p></section>"
    ).format(**_told(about), link=link, qr=_qr(link))
    return _pdf(about["title"], page)


def _told(about: Mapping[str, Any]) -> dict[str, Any]:
    said = "Synthetic. This survey also holds responses that nobody gave, to try out the platform."
    return {**about, "synthetic": Markup("<p class=synthetic>{}</p>").format(said) if about["synthetic"] else ""}


def _qr(link: str) -> Markup:
    source = segno.make_qr(link, error="m").svg_data_uri(border=2)
    return Markup('<img class=qr src="{}" alt="Square code that leads to {}">').format(source, link)


def _pdf(title: str, body: Markup) -> str:
    head = Markup('<html lang="en-GB"><head><meta charset="utf-8"><title>{}</title>').format(title)
    return page_as_pdf(f"<!DOCTYPE html>{head}<style>{_STYLE}</style></head><body>{body}</body></html>")
