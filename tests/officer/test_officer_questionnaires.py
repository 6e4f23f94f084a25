"""Officers prepare questionnaires in the browser: clone, change, preview, walk, compare, keep, take along."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.questionnaire.editing import data_at, replaced
from csp_consult.questionnaire.models import QuestionnaireDraft, QuestionnaireVersion
from csp_consult.questionnaire.store import store
from csp_consult.resources import resource_folder

QUESTIONNAIRES = Path(__file__).resolve().parents[1] / "questionnaires"
TODAY = date.today()
STARTS = "Start a draft from it"


@pytest.fixture
def routing(site: Flask) -> int:
    """A kept version with conditions, and a wave that will ask it."""
    with site.app_context():
        session = db.session()
        version = store(session, (QUESTIONNAIRES / "routing.yaml").read_text(), today=TODAY)
        survey = waves.create_survey(
            session, slug="routing", title="Conditions", organisation="A test", audience="residents"
        )
        waves.create(
            session,
            survey,
            "later",
            title="Later",
            questionnaire=version,
            opens_on=TODAY + timedelta(30),
            closes_on=TODAY + timedelta(60),
        )
        session.commit()
        return version.id


def source_of(site: Flask) -> str:
    with site.app_context():
        return db.session().scalars(select(QuestionnaireDraft.source)).one()


def clone(olive: Walker, version: int) -> None:
    olive.get(f"/officer/questionnaires/versions/{version}")
    olive.submit(button="Clone it into a draft")
    assert olive.heading.startswith("Conditions")


def test_a_version_is_cloned_changed_kept_and_asked_in_a_wave_that_has_not_opened(
    site: Flask, olive: Walker, routing: int
) -> None:
    clone(olive, routing)
    draft = olive.path
    assert f"Draft of version {TODAY.year}.1" in olive.heading

    olive.follow("Was it reported?")
    olive.submit(
        {"text-en": "Was it reported to the police?", "options-en": "yes: Yes\nno: No\ndk: Unsure [don't know]"}
    )

    reported: Any = data_at(source_of(site), ("pages", 1, "questions", 0))
    assert reported["text"] == "Was it reported to the police?"
    assert reported["options"] == {"yes": "Yes", "no": "No", "dk": {"text": "Unsure", "role": "dont_know"}}
    olive.follow("What changed since version 1")
    assert "The trend of 1 is broken." in olive.text
    assert "reported is worded differently" in olive.text
    olive.get(draft)
    olive.submit(button=f"Keep as version {TODAY.year}.1")
    assert "never changes from here on" in olive.text
    olive.submit({"wave": "routing/later"}, button="Use this version")
    assert "Asked in Later (not yet open)" in olive.text


def test_a_wave_that_has_opened_keeps_its_version(site: Flask, olive: Walker, routing: int) -> None:
    with site.app_context():
        wave = waves.find(db.session(), "routing/later")
        wave.cleared_on = TODAY
        waves.open_now(wave, TODAY)
        db.session().commit()

    olive.get(f"/officer/questionnaires/versions/{routing}")
    assert "Use this version" not in olive.text
    sent = olive.client.post(
        f"/officer/questionnaires/versions/{routing}/use",
        data={"csrf_token": olive.filled(button="Clone it into a draft")["csrf_token"], "wave": "routing/later"},
    )

    assert sent.status_code == 409
    assert "its questionnaire can no longer change" in sent.get_data(as_text=True)


def test_pages_and_questions_move_come_and_go(site: Flask, olive: Walker, routing: int) -> None:
    clone(olive, routing)

    olive.submit({"what": "down"}, button="Downwith page Your experience")
    assert "not on an earlier page" in olive.text
    olive.follow("Page 1")
    assert olive.heading == "Page reported"
    olive.follow("The draft")
    olive.submit({"what": "up"}, button="Upwith page Your experience")
    assert data_at(source_of(site), ("pages",)) == data_at((QUESTIONNAIRES / "routing.yaml").read_text(), ("pages",))
    olive.submit({"page": "2", "bank": "walk_dark", "what": "question"}, button="Add the question")
    olive.submit({"kind": "grid", "what": "page"}, button="Put it on a new page at the end")
    pages: Any = data_at(source_of(site), ("pages",))
    assert [one["id"] for one in pages[2]["questions"]] == ["why_not", "anything", "walk_dark"]
    assert pages[3]["questions"][0]["kind"] == "grid"
    olive.submit({"what": "remove"}, button="Removepage New page")
    assert olive.heading == "Remove page “New page”?"
    olive.follow("No, keep it")
    assert len(data_at(source_of(site), ("pages",))) == 4
    olive.submit({"what": "remove"}, button="Removepage New page")
    olive.submit(button="Remove it")
    assert len(data_at(source_of(site), ("pages",))) == 3


def test_who_is_asked_is_changed_by_choosing_a_question_and_its_answers(
    site: Flask, olive: Walker, routing: int
) -> None:
    clone(olive, routing)

    olive.follow("Change page 2: Telling the police")
    olive.submit(
        {"title-en": "The police", "asked-question-1": "victim", "asked-codes-1": "yes, no", "sensitive": "yes"}
    )

    page: Any = data_at(source_of(site), ("pages", 1))
    assert page["title"] == "The police"
    assert page["sensitive"] == "yes"
    assert page["show_if"] == {"question": "victim", "is": ["yes", "no"]}


def test_conditions_are_joined_turned_round_and_taken_apart_again(site: Flask, olive: Walker, routing: int) -> None:
    clone(olive, routing)
    before = source_of(site)

    olive.follow("What kept you from reporting it?")
    kept = olive.filled()
    assert (kept["asked-question-1"], kept["asked-codes-1"], kept["asked-join"]) == ("victim", "yes", ["all"])
    assert (kept["asked-question-2"], kept["asked-codes-2"]) == ("reported", "no")
    olive.submit()
    assert source_of(site) == before, "what is shown and not changed stays as its author wrote it"

    olive.follow("What kept you from reporting it?")
    olive.submit({"asked-join": "any", "asked-not-2": "yes", "asked-question-3": "victim", "asked-codes-3": "no, pns"})
    question: Any = data_at(source_of(site), ("pages", 2, "questions", 0))
    assert question["show_if"] == {
        "any": [
            {"question": "victim", "is": "yes"},
            {"not": {"question": "reported", "is": "no"}},
            {"question": "victim", "is": ["no", "pns"]},
        ]
    }
    olive.follow("What kept you from reporting it?")
    olive.submit({"asked-question-1": "", "asked-question-2": ""})
    question = data_at(source_of(site), ("pages", 2, "questions", 0))
    assert question["show_if"] == {"question": "victim", "is": ["no", "pns"]}


def test_conditions_within_conditions_are_told_and_left_to_the_file(site: Flask, olive: Walker, routing: int) -> None:
    clone(olive, routing)
    with site.app_context():
        draft = db.session().scalars(select(QuestionnaireDraft)).one()
        one = {"question": "victim", "is": "yes"}
        nested: Any = {"all": [one, {"any": [{"question": "reported", "is": "no"}, {"not": one}]}]}
        draft.source = replaced(draft.source, ("pages", 2, "questions", 0, "show_if"), nested)
        db.session().commit()
    before = source_of(site)

    olive.get("/officer/questionnaires/drafts/1")
    olive.follow("What kept you from reporting it?")
    assert "Conditions within conditions are changed in the file itself" in olive.text
    olive.submit({"text-en": "Why not?"})

    question: Any = data_at(source_of(site), ("pages", 2, "questions", 0))
    assert question["show_if"] == nested
    assert source_of(site) != before


def test_title_and_introduction_are_changed_and_every_other_line_stays(
    site: Flask, olive: Walker, routing: int
) -> None:
    clone(olive, routing)
    before = source_of(site)

    olive.follow("Title and introduction")
    olive.submit({"title-en": "Crime here", "purpose-en": "We want\nto know.", "minutes": "7", "version": "2031.2"})

    top: Any = data_at(source_of(site))
    assert olive.heading.startswith("Crime here")
    assert (top["title"], top["intro"]["purpose"], top["minutes"], top["version"]) == (
        "Crime here",
        "We want to know.",
        "7",
        "2031.2",
    )
    assert source_of(site).partition("pages:")[2] == before.partition("pages:")[2]
    olive.follow("Title and introduction")
    olive.submit({"title-en": ""})
    assert "has no 'title'" in olive.text


def test_an_answer_nobody_can_choose_is_said_and_the_draft_cannot_be_kept(
    site: Flask, olive: Walker, routing: int
) -> None:
    clone(olive, routing)
    olive.follow("Change page 2: Telling the police")
    olive.submit({"asked-question-1": "victim", "asked-codes-1": "perhaps"})

    assert "names option 'perhaps', which nobody can choose" in olive.text
    olive.submit(button=f"Keep as version {TODAY.year}.1")
    assert olive.status == 422
    assert olive.heading == "This cannot be kept yet"
    assert "names option 'perhaps', which nobody can choose" in olive.text
    assert olive.page.select('main a[href^="/officer/questionnaires/drafts/"]'), "the way back to the draft"
    olive.follow("Page 2")
    assert olive.filled()["asked-codes-1"] == "perhaps", "where it can be put right"


def test_a_condition_on_what_is_not_asked_before_stays_until_it_is_changed(
    site: Flask, olive: Walker, routing: int
) -> None:
    clone(olive, routing)
    olive.submit({"what": "remove"}, button="Removepage Your experience")
    olive.submit(button="Remove it")
    olive.follow("Walk every path")
    olive.follow("Page 1")

    assert "victim: not asked earlier" in olive.text
    olive.submit({"title-en": "The police"})

    page: Any = data_at(source_of(site), ("pages", 0))
    assert page["title"] == "The police"
    assert page["show_if"] == {"question": "victim", "is": "yes"}, "not asked of everybody all at once"
    olive.follow("Change page 1: The police")
    olive.submit({"asked-question-1": ""})
    assert "show_if" not in data_at(source_of(site), ("pages", 0))


def test_two_officers_do_not_write_over_one_another(site: Flask, olive: Walker, routing: int) -> None:
    clone(olive, routing)
    olive.follow("Was it reported?")
    late = olive.filled({"text-en": "My own words?"})
    olive.submit({"text-en": "Somebody else’s words?"})
    olive.follow("Somebody else’s words?")

    olive.send(late)

    assert olive.status == 409
    assert "changed this draft while you were at it" in olive.text
    assert olive.page.select_one("#text-en").text.strip() == "My own words?"  # type: ignore[union-attr]  # it is there
    assert "Somebody else’s words?" in source_of(site)
    olive.get("/officer/questionnaires/drafts/1")
    late = olive.filled({"what": "down"}, button="Downwith page Your experience")
    olive.submit({"what": "down"}, button="Downwith page Your experience")
    before = source_of(site)

    olive.send(late)

    assert olive.status == 409
    assert olive.heading == "The draft was not changed"
    assert "What you typed" not in olive.text, "nothing was"
    assert source_of(site) == before
    olive.follow("Go back to Conditions")


def test_the_file_itself_can_be_changed_and_what_cannot_be_read_is_kept_on_the_page(
    site: Flask, olive: Walker, routing: int
) -> None:
    clone(olive, routing)
    olive.follow("Shared scales and everything else: the file itself")
    before = source_of(site)

    olive.submit({"source": "pages: [\n  broken"})
    assert olive.status == 422
    assert olive.errors
    assert olive.page.select_one("#source").text.strip().endswith("broken")  # type: ignore[union-attr]  # it is there
    assert source_of(site) == before
    olive.submit({"source": before.replace("title: Conditions", "title: Other conditions")})
    assert olive.heading.startswith("Other conditions")


def test_every_path_is_listed_with_the_answers_that_lead_along_it(olive: Walker, routing: int) -> None:
    clone(olive, routing)

    olive.follow("Walk every path")

    assert "4 paths that differ in what is asked" in olive.text
    assert "victim: “Yes”; reported: “No”" in olive.text or "reported: “No”; victim: “Yes”" in olive.text


def test_where_there_are_too_many_paths_to_list_the_page_says_what_the_listed_ones_are(olive: Walker) -> None:
    source = (resource_folder("surveys") / "vrn-community-safety.yaml").read_bytes()
    olive.get("/officer/questionnaires")
    olive.submit({"file": (io.BytesIO(source), "vrn.yaml")}, button="Start a draft from it")

    olive.follow("Walk every path")

    assert olive.heading.startswith("Paths that show everything")
    assert "These are not all the paths there are" in olive.text
    assert "every question and every option that a way was found to is on at least one" in olive.text


def test_no_path_is_walked_while_conditions_name_what_is_not_there(site: Flask, olive: Walker) -> None:
    source = (resource_folder("surveys") / "vrn-community-safety.yaml").read_bytes()
    olive.get("/officer/questionnaires")
    olive.submit({"file": (io.BytesIO(source), "vrn.yaml")}, button=STARTS)
    with site.app_context():
        draft = db.session().scalars(select(QuestionnaireDraft)).one()
        draft.source = replaced(draft.source, ("pages", 1, "show_if"), {"question": "nowhere", "is": ["yes"]})
        db.session().commit()

    olive.follow("Walk every path")

    assert "Nobody can say yet where answers lead" in olive.text
    assert "The condition names question 'nowhere', which does not exist." in olive.text


def test_a_preview_is_offered_in_each_language_by_its_name(olive: Walker) -> None:
    olive.get("/officer/questionnaires")
    olive.submit({"file": (io.BytesIO((QUESTIONNAIRES / "languages.yaml").read_bytes()), "l.yaml")}, button=STARTS)
    olive.follow("Walk every path")
    olive.get(str(olive.page.select_one("main li a")["href"]))  # type: ignore[index]  # every path has a page

    olive.follow("In Welsh")

    assert "language=cy" in olive.path
    assert any(link.text == "In English" for link in olive.page.select("main a"))


def test_a_page_is_previewed_in_frames_of_our_own_only(olive: Walker, routing: int) -> None:
    clone(olive, routing)
    olive.follow("Walk every path")
    olive.follow("Your experience on path 1")
    frames = [str(frame["src"]) for frame in olive.page.select("iframe")]
    around = olive.client.get(olive.path).headers["Content-Security-Policy"]
    inside = olive.client.get(frames[0])

    assert len(frames) == 2
    assert "frame-src 'self'; frame-ancestors 'none'" in around
    assert "frame-src 'none'; frame-ancestors 'self'" in inside.headers["Content-Security-Policy"]
    assert "Has anyone committed a crime against you?" in inside.get_data(as_text=True)
    assert "frame-ancestors 'none'" in olive.client.get("/officer/").headers["Content-Security-Policy"]


def test_other_programs_files_come_in_and_versions_go_out(site: Flask, olive: Walker, routing: int) -> None:
    form = olive.client.get(f"/officer/questionnaires/versions/{routing}/file/xlsform").data
    olive.get("/officer/questionnaires")

    olive.submit({"file": (io.BytesIO(form), "routing.xlsx")}, button="Start a draft from it")

    assert olive.heading.startswith("Conditions")
    assert "To put right" not in olive.text
    written = olive.client.get(f"/officer/questionnaires/versions/{routing}/file/yaml").get_data(as_text=True)
    assert written == (QUESTIONNAIRES / "routing.yaml").read_text()
    words = olive.client.get(f"/officer/questionnaires/versions/{routing}/file/dictionary").get_data(as_text=True)
    assert "‘victim’ is ‘Yes’" in words
    assert olive.client.get(f"/officer/questionnaires/versions/{routing}/file/other").status_code == 404


def test_a_file_that_cannot_be_used_is_refused_in_words(olive: Walker) -> None:
    for content in (b"", b"hello", b"PK\x03\x04 broken", b"<html>", b"\xff\xfe\x00"):
        for name in ("file.xlsx", "file.yaml"):
            olive.get("/officer/questionnaires")
            olive.submit({"file": (io.BytesIO(content), name)}, button="Start a draft from it")
            assert olive.errors, (content, name)


def test_a_draft_can_be_thrown_away(site: Flask, olive: Walker, routing: int) -> None:
    clone(olive, routing)

    olive.submit(button="Throw the draft away")
    assert "Everything that was changed in it is lost" in olive.text
    with site.app_context():
        assert db.session().scalars(select(QuestionnaireDraft)).all()
    olive.submit(button="Throw the draft away")

    assert "was thrown away" in olive.text
    with site.app_context():
        assert not db.session().scalars(select(QuestionnaireDraft)).all()
        assert db.session().get(QuestionnaireVersion, routing) is not None


def test_what_is_not_there_is_not_found(olive: Walker, routing: int) -> None:
    clone(olive, routing)

    for path in (
        "drafts/99",
        "versions/99",
        "compare?before=x",
        "drafts/1/pages/99",
        "drafts/1/pages/0/questions/99",
        "drafts/1/widths/nowhere",
        "drafts/1/preview/victim?path=99",
    ):
        olive.get(f"/officer/questionnaires/{path}")
        assert olive.status == 404, path
