"""What officers do about answers that tell of harm, and about a survey's other languages."""

import io
from datetime import date

from flask import Flask
from sqlalchemy import select
from walker import Walker

from csp_consult.db import writing
from csp_consult.fieldwork.models import CareFlag, Survey, Wave

LANGUAGES = "/officer/waves/residents-test/2022/languages"


def test_an_officer_reads_what_waits_and_notes_what_was_done(site: Flask, olive: Walker) -> None:
    with site.app_context(), writing() as session:
        wave = session.scalars(select(Wave).join(Survey).where(Survey.slug == "residents-test")).one()
        flag = CareFlag(
            wave_id=wave.id, reference="AAAA-2222", question="asb_change", kinds=["danger"], found_on=date(2022, 1, 1)
        )
        session.add(flag)
    assert "1 answer may tell of abuse" in olive.get("/officer/").get_text()
    olive.get("/officer/to-read")
    assert "Late" in olive.text

    olive.submit(button="Note it")
    assert "Choose what was done." in olive.text
    [field] = {str(radio["name"]) for radio in olive.page.select("main input[type=radio]")}
    olive.submit({field: "police"}, button="Note it")

    assert "Nothing waits to be read" in olive.text


def test_a_survey_is_translated_and_signed_off_by_an_officer(site: Flask, olive: Walker) -> None:
    olive.get(LANGUAGES)
    assert "Not translated" in olive.text
    olive.submit({"language": "xx!"}, button="Take the words in")
    assert "Enter the code of a language" in olive.text
    sent = olive.client.get(f"{LANGUAGES}.po?language=cy").get_data().replace(b'msgstr ""\n\n', b'msgstr "Gair"\n\n')
    olive.get(LANGUAGES)
    fields = {**olive.filled({"language": "cy"}, button="Take the words in"), "file": (io.BytesIO(sent), "w.po")}

    answer = olive.client.post(LANGUAGES, data=fields, follow_redirects=True).get_data(as_text=True)

    assert "texts have words in Welsh now" in answer
    olive.get(LANGUAGES)
    olive.submit({"name-cy": "Ann Evans"}, button="Mark Welsh as checked")
    assert "by Ann Evans" in olive.text
