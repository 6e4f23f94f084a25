"""The page of evidence that a consultation was fair, and the dates by which the partnership owes something."""

from datetime import date, timedelta

import pytest
from flask import Flask
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.waves import ANSWERED_WITHIN
from csp_consult.findings.errors import FindingError
from csp_consult.plan.models import ThreeYearPlan
from csp_consult.web.officer.attention import three_year_plan_needs, waves_need

PAPER = "/officer/papers/fairness?about={}/2022"
PUBLIC = "/papers/fairness?about={}/2022"
WORDS = {
    "not-asked": "People under 16 were not asked: schools ask them.",
    "read": "Two officers and the chair read every answer.",
    "changed": "Patrols were moved to the evenings.",
}


def write_and_publish(olive: Walker, survey: str = "residents-test") -> None:
    for section, text in WORDS.items():
        olive.get(PAPER.format(survey))
        olive.send(olive.filled() | {"section": section, f"text-{section}": text})
    olive.submit({"signed_off_by": "Chair of the partnership"}, button="Publish version 1")


def test_what_only_the_partnership_can_say_must_be_said_before_it_is_public(olive: Walker, site: Flask) -> None:
    olive.get(PAPER.format("residents-test"))
    olive.submit({"signed_off_by": "Chair"}, button="Publish version 1")

    asked = "“Who was not asked, and who did not answer”, “How the responses were read, and by whom”, “What changed”"
    assert olive.errors == [f"Write your own words under {asked} first: nobody but the partnership can say it."]
    assert olive.filled(button="Publish version 1")["signed_off_by"] == "Chair"
    assert site.test_client().get(PUBLIC.format("residents-test")).status_code == 404


def test_the_public_reads_purpose_what_was_open_time_who_read_and_what_changed(olive: Walker, site: Flask) -> None:
    write_and_publish(olive)

    visitor = Walker(site.test_client())
    visitor.get(PUBLIC.format("residents-test"))

    for said in (
        "What it was for To test.",
        "What was still open Nobody.",
        "91 days: 1 September to 30 November 2022.",
        "The response was due by 22 February 2023",
        "The results are not public yet.",
        *WORDS.values(),
    ):
        assert said in visitor.text, said


def test_counts_that_were_refused_are_not_said_to_be_in_the_results(
    olive: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    olive.get(PAPER.format("residents-test"))
    assert "What may be shown of the ages, sexes and wards of those who answered will be in the results" in olive.text

    def refuse(*_: object) -> None:
        raise FindingError("Nothing can be released.")

    monkeypatch.setattr("csp_consult.papers.results.releases.release", refuse)
    refused = "The ages, sexes and wards of those who answered are not shown:"
    olive.get(PAPER.format("residents-test"))
    assert f"{refused} Nothing can be released." in olive.text

    olive.get("/officer/papers/results?about=residents-test/2022")
    olive.submit({"signed_off_by": "Chair"}, button="Publish version 1")
    olive.get(PAPER.format("residents-test"))
    assert f"{refused} the counts would tell of single people." in olive.text


def test_of_councils_it_tells_how_many_were_asked_and_how_many_did_not_answer(olive: Walker) -> None:
    olive.get(PAPER.format("councils-test"))

    assert "4 parish councils and parish meetings, each through its clerk." in olive.text
    assert "1 of 4 did not answer." in olive.text
    assert "0 councils were given more time." in olive.text


def test_results_and_how_we_consulted_lead_to_each_other_once_both_are_public(olive: Walker, site: Flask) -> None:
    write_and_publish(olive)
    olive.get("/officer/papers/results?about=residents-test/2022")
    olive.submit({"signed_off_by": "Chair"}, button="Publish version 1")
    visitor = Walker(site.test_client())

    visitor.get("/results/residents-test/2022")
    visitor.follow("How we consulted: residents-test, 2022")
    assert visitor.heading == "How we consulted: residents-test, 2022"
    visitor.follow("its results")
    assert visitor.heading == "residents-test, 2022"


def test_an_open_wave_has_nothing_to_tell_yet(olive: Walker, site: Flask) -> None:
    with site.app_context():
        waves.find(db.session(), "residents-test/2022").closes_on = date(2999, 1, 1)
        db.session.commit()

    olive.get(PAPER.format("residents-test"))

    assert olive.status == 404
    assert "is still open" in olive.text


def test_the_response_stays_on_the_list_until_it_is_public_with_its_date_also_when_that_has_passed(site: Flask) -> None:
    with site.test_request_context():
        wave = waves.find(db.session(), "residents-test/2022")
        by = wave.closes_on + ANSWERED_WITHIN
        results, fairness = (("results", wave.key), ("fairness", wave.key))

        assert "response is due by 22 February 2023" in waves_need([wave], set(), by)[0].text
        assert "response was due by 22 February 2023" in waves_need([wave], set(), by + timedelta(days=1))[0].text
        assert "say how the consultation was run" in waves_need([wave], {results}, by)[0].text
        assert waves_need([wave], {results, fairness}, by) == []


def test_a_wave_is_checked_before_it_opens_in_four_ways_and_the_public_is_told_when(olive: Walker, site: Flask) -> None:
    before = "/officer/papers/before-opening?about=residents-test/2022"
    olive.get(before)
    olive.submit({"signed_off_by": "Head of community safety"}, button="Sign off version 1")
    assert "“The privacy notice”, “Accessibility”, “The pilot”, “Whether it is fair” first" in olive.errors[0]
    for section in ("privacy", "accessibility", "pilot", "fair"):
        olive.get(before)
        olive.send(olive.filled() | {"section": section, f"text-{section}": f"Done: {section}."})
    olive.submit({"signed_off_by": "Head of community safety"}, button="Sign off version 1")
    assert "Version 1 is signed off and kept." in olive.page.get_text()

    olive.get(PAPER.format("residents-test"))

    assert "after it had opened, by: Head of community safety." in olive.text
    assert site.test_client().get("/papers/before-opening?about=residents-test/2022").status_code == 404


def test_a_wave_that_comes_or_is_open_stays_on_the_list_until_its_checks_are_signed_off(site: Flask) -> None:
    with site.test_request_context():
        wave = waves.find(db.session(), "residents-test/2022")
        before, during, after = date(2022, 8, 31), wave.opens_on, date(2022, 12, 1)
        for cleared_on, today, said in (
            (wave.cleared_on, before, "opens on 1 September 2022 and its checks are not signed off."),
            (wave.cleared_on, during, "is open and its checks are not signed off."),
            (None, before, "opens on 1 September 2022 only if its checks are signed off by then."),
            (None, during, "was to open on 1 September 2022: it stays closed until its checks are signed off."),
            (None, after, "never opened: its checks were not signed off by 30 November 2022. Give it other dates."),
        ):
            wave.cleared_on = cleared_on
            [need] = waves_need([wave], set(), today)
            assert need.text == f"{wave.title} {said}"
            assert need.href == "/officer/papers/before-opening?about=residents-test/2022"
            assert waves_need([wave], {("before-opening", wave.key)}, today) == []


@pytest.mark.parametrize(
    ("copied", "final", "need"),
    [
        (None, None, "send the Police and Crime Commissioner a copy"),
        (date(2023, 3, 1), None, "has had a copy since 1 March 2023"),
        (date(2023, 3, 1), date(2023, 4, 1), None),
    ],
)
def test_the_commissioners_copy_is_owed_until_the_plan_is_final(
    site: Flask, copied: date | None, final: date | None, need: str | None
) -> None:
    plan = ThreeYearPlan(title="Plan", first_year=2023, last_year=2026, copied_on=copied, final_on=final)

    with site.test_request_context():
        found = three_year_plan_needs([plan])

    assert need in found[0].text if need else found == []
