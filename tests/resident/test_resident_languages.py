"""A survey read and answered in another language: chosen once, kept, counted like any other."""

import re
from datetime import date
from importlib import util
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from sqlalchemy import select
from walker import Walker

from csp_consult.catalogues import catalogue, languages
from csp_consult.db import db
from csp_consult.fieldwork.models import Response
from csp_consult.words import day

ROOT = Path(__file__).resolve().parents[2]
UNCHECKED = "This translation was made with care, but not checked by a native reader yet."
OTHERS = [language for language in languages() if language != "en"]


def test_a_language_is_chosen_on_the_start_page_and_kept(real_wave: str, resident: Walker) -> None:
    resident.get(real_wave)
    resident.follow("اردو")
    started = resident.page

    resident.get(f"{real_wave}/questions/connection")

    for page in (started, resident.page):
        assert page.html is not None
        assert (page.html["lang"], page.html["dir"]) == ("ur", "rtl")
        assert any("rtl" in str(link["href"]) for link in page.select("link[rel=stylesheet]"))
    assert resident.heading == "صفحہ 1، زیادہ سے زیادہ 15 میں سے: علاقے سے آپ کا تعلق"
    assert "کسی اہل زبان نے اسے نہیں پرکھا" in str(resident.page.footer)


@pytest.mark.parametrize("language", OTHERS)
def test_who_erases_answers_is_told_that_the_words_are_unchecked_as_on_every_page(
    resident: Walker, language: str
) -> None:
    said = catalogue(language).translations.gettext(UNCHECKED)
    english = resident.get("/s/withdraw").text

    page = resident.get(f"/s/withdraw?language={language}")

    assert said in page.text
    assert UNCHECKED not in english


def test_a_language_the_survey_is_not_in_leaves_english(open_wave: str, resident: Walker) -> None:
    for asked in ("ur", "xx", "../cy", "%00", "en-GB-oxendict" * 40):
        page = resident.get(f"{open_wave}?language={asked}")
        assert page.html is not None
        assert page.html["lang"] == "en"


@pytest.mark.parametrize(
    ("language", "error"),
    [("cy", "Mae problem"), ("pl", "Wystąpił problem"), ("ur", "ایک مسئلہ ہے")],
)
def test_errors_and_dates_are_in_the_language(real_wave: str, resident: Walker, language: str, error: str) -> None:
    started = resident.get(f"{real_wave}?language={language}")
    closes = re.search(r"\d+ \w+ \d{4}", started.get_text())
    resident.get(f"{real_wave}/questions/connection")
    typed = {**resident.filled(), "connection": "nonsense"}
    shown = resident.client.post(f"{real_wave}/questions/connection", data=typed, follow_redirects=True)

    assert closes is not None
    assert not {"November", "December"} & set(closes[0].split())
    assert error in shown.get_data(as_text=True)


def test_answers_in_two_languages_are_counted_together(app: Flask, real_wave: str) -> None:
    for language in ("cy", "en"):
        somebody = Walker(app.test_client())
        somebody.get(f"{real_wave}?language={language}")
        somebody.get(f"{real_wave}/questions/connection")
        somebody.submit({"connection": "live"})
        while "/check" not in somebody.path:
            somebody.submit({"safe_day": "very_safe"} if somebody.page.select("[name=safe_day]") else {})
        somebody.submit()

    with app.app_context():
        stored = db.session().scalars(select(Response)).all()
        assert sorted(one.language for one in stored) == ["cy", "en"]
        assert {one.answers["safe_day"] for one in stored} == {"very_safe"}


def test_dates_are_said_as_each_language_says_them() -> None:
    said = {language: day(date(2027, 2, 1), language) for language in ("en", *OTHERS)}

    assert said == {"en": "1 February 2027", "cy": "1 Chwefror 2027", "pl": "1 lutego 2027", "ur": "1 فروری 2027"}


def _said() -> Catalog:
    spec = util.spec_from_file_location("bin_languages", ROOT / "bin" / "languages.py")
    assert spec is not None
    assert spec.loader is not None
    module: Any = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Catalog = module.said()
    return found


def test_catalogues_hold_exactly_what_is_said_with_words_for_all_of_it() -> None:
    said = {message.id for message in _said() if message.id}

    for language in OTHERS:
        known = catalogue(language)
        assert {message.id for message in known.messages} == said, f"{language}: run make languages"
        assert not known.untranslated, language


def test_words_keep_the_values_that_are_put_into_them() -> None:
    for language in OTHERS:
        for message in catalogue(language).messages:
            one = message.id if isinstance(message.id, str) else message.id[1]
            for words in [message.string] if isinstance(message.string, str) else message.string or ():
                assert set(re.findall(r"%\(\w+\)s", words)) == set(re.findall(r"%\(\w+\)s", one)), (language, one)
