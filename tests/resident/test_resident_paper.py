"""The questionnaire on paper: a tagged PDF from the same file, in each language, also in large print."""

import io
from typing import Any

import pytest
from pypdf import PdfReader
from walker import Walker

from csp_consult.jobs import JobError


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
    assert "Diogel iawn" in " ".join(page.extract_text() for page in welsh.pages)
    assert len(welsh.pages) > len(english.pages)


def test_without_the_library_a_sentence_says_what_to_do(
    real_wave: str, resident: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise JobError("no Pango here")

    monkeypatch.setattr("csp_consult.web.resident.paper.helper.call", missing)

    answer = resident.client.get(f"{real_wave}/paper")

    assert answer.status_code == 503
    assert "Please write to us for a copy" in answer.get_data(as_text=True)


def test_a_size_there_is_not_is_not_found(real_wave: str, resident: Walker) -> None:
    assert resident.client.get(f"{real_wave}/paper?size=huge").status_code == 404
