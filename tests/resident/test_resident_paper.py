"""The questionnaire on paper: a tagged PDF from the same file, in each language, also in large print."""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from walker import Walker

from csp_consult.fieldwork import notices
from csp_consult.jobs import JobError
from csp_consult.printing import PrintingError, form_as_pdf


def read(resident: Walker, address: str) -> PdfReader:
    answer = resident.client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return PdfReader(io.BytesIO(answer.get_data()))


def test_the_paper_form_is_a_tagged_pdf_in_the_language_and_in_large_print(real_wave: str, resident: Walker) -> None:
    english = read(resident, f"{real_wave}/paper?language=en")
    welsh = read(resident, f"{real_wave}/paper?language=cy&size=large")

    for made, language in ((english, "en"), (welsh, "cy")):
        root: Any = made.trailer["/Root"]
        assert root["/Lang"] == language
        assert root["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in root
    words = " ".join(" ".join(page.extract_text() for page in english.pages).split())
    assert "includes one of these: “I live in Harborough district”" in words
    assert "Fleckney" in words
    assert "/s/small/now?" in words
    notice = date.fromisoformat(notices.current())
    assert f"Privacy ({notice.day} {notice:%B %Y}): " in words, (
        "by which the pile is told under which words it was given"
    )
    assert "Diogel iawn" in " ".join(page.extract_text() for page in welsh.pages)
    assert len(welsh.pages) > len(english.pages)


def test_where_it_cannot_be_printed_a_page_says_what_to_do(
    real_wave: str, resident: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise JobError("form_as_pdf failed: PrintingError: No font here has the letters ہ: install fonts-noto-core.")

    monkeypatch.setattr("csp_consult.web.resident.paper.helper.call", missing)

    resident.get(f"{real_wave}/paper")

    assert (resident.status, resident.heading) == (503, "No paper form at present")
    assert "Please write to us for a copy" in resident.text
    assert "For whoever runs this site No font here has the letters ہ: install fonts-noto-core." in resident.text
    resident.follow("Answer online instead")
    assert resident.path == real_wave


def test_what_else_went_wrong_with_printing_is_for_the_log_alone(
    real_wave: str, resident: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise JobError("form_as_pdf failed: PermissionError: /srv/secret/fonts")

    monkeypatch.setattr("csp_consult.web.resident.paper.helper.call", broken)

    resident.get(f"{real_wave}/paper")

    assert "Please write to us for a copy" in resident.text
    assert "/srv/secret" not in str(resident.page)


def test_a_size_there_is_not_is_not_found(real_wave: str, resident: Walker) -> None:
    assert resident.client.get(f"{real_wave}/paper?size=huge").status_code == 404


def test_a_form_with_a_letter_that_no_font_has_is_refused_and_the_package_named() -> None:
    with pytest.raises(PrintingError, match=r"has the letters 𰀀: .*fonts-noto-core"):
        form_as_pdf("<html lang='en'><title>Form</title><body>A rare letter: 𰀀</body></html>")

    assert form_as_pdf("<html lang='en'><title>Form</title><body>Letters as usual</body></html>")


def test_an_urdu_form_has_its_letters_or_asks_to_write_for_a_copy(real_wave: str, resident: Walker) -> None:
    answer = resident.client.get(f"{real_wave}/paper?language=ur")

    if answer.status_code == 503:
        assert "نقل کے لیے" in answer.get_data(as_text=True)
    else:
        words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.get_data())).pages)
        assert "ہ" in words


def test_a_form_says_where_it_is_sent_and_whom_to_call(app: Flask, real_wave: str, resident: Walker) -> None:
    # The settings of this test's application alone; nothing changes them while a site runs.
    settings = app.extensions["csp_consult_settings"]
    object.__setattr__(settings, "partnership_address", "Freepost SAFER PLACES")
    object.__setattr__(settings, "partnership_telephone", "01858 000 000")

    resident.get(real_wave)
    form = read(resident, f"{real_wave}/paper?language=en").pages[0].extract_text()

    assert "Or call 01858 000 000" in resident.text
    assert "to: Freepost SAFER PLACES" in " ".join(form.split())
    assert "Number (for us):" in form


def test_a_heading_on_paper_stands_on_the_page_of_its_first_question(real_wave: str, resident: Walker) -> None:
    for size in ("normal", "large"):
        made = read(resident, f"{real_wave}/paper?language=en&size={size}")
        pages = [" ".join(page.extract_text().split()) for page in made.pages]
        for heading, question in (
            ("What you have seen", "Which of these crimes, if any"),
            ("Your experience", "has anyone committed a crime"),
            ("Where you live", "Which ward do you live in?"),
            ("About you", "What is your age?"),
        ):
            assert [question in page for page in pages if heading in page] == [True], (size, heading)
