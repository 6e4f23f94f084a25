import io
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.people.audit import EXPORT
from csp_consult.people.models import AuditEntry

TAKEN = select(AuditEntry).where(AuditEntry.action == EXPORT)
PAGE = "/officer/waves/residents-test/2022/responses"


@pytest.mark.parametrize(
    ("to", "inside"),
    [("sav", ["sav"]), ("sss", ["sss", "csv"])],
)
def test_an_officer_takes_the_responses_and_it_is_written_down(
    site: Flask, olive: Walker, to: str, inside: list[str]
) -> None:
    olive.get(PAGE)
    fields = olive.filled({"to": to})

    answer = olive.client.post(PAGE, data=fields)

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="synthetic-residents-test-2022-')
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert [name.rpartition(".")[2] for name in archive.namelist()] == inside
    with site.app_context():
        [taken] = db.session().scalars(TAKEN)
        assert (taken.actor, taken.detail["what"]) == ("olive@example.org", f"responses as {to}")
    olive.get(PAGE)
    assert f"olive@example.org, responses as {to}" in olive.text


def test_without_a_program_nothing_is_given_and_the_page_says_what_to_do(site: Flask, olive: Walker) -> None:
    olive.get(PAGE)

    olive.submit()

    assert "Choose the program that the responses are for." in olive.text
    with site.app_context():
        assert db.session().scalars(TAKEN).all() == []


def test_councils_responses_are_no_file_of_respondents(olive: Walker) -> None:
    olive.get("/officer/waves/councils-test/2022/responses")

    assert olive.status == 404
