"""Forms on paper and calls, keyed by officers without JavaScript: batches, double keying, differences."""

from collections.abc import Callable
from typing import Any

import pytest
from findings_world import make_world
from flask import Flask
from parish_world import PASSWORD, account, code
from sqlalchemy import func, select
from walker import Walker

from csp_consult.db import db, writing
from csp_consult.fieldwork import responses, tally
from csp_consult.fieldwork.models import CareFlag, FormBatch, FormEntry, KeyedForm, Response

FORMS = "/officer/waves/residents-test/2022/forms"
FORM = {
    "problem.speeding": "1",
    "problem.drugs": "3",
    "asb_change": "2",
    "seen": "12",
    "ward": "ward w2",
    "age": "3",
}


@pytest.fixture
def office(app: Flask) -> Callable[[str], Walker]:
    """``office("olive")`` is an officer of that name, signed in, in the made-up district whose wave nobody answered."""
    with app.app_context():
        session = db.session()
        make_world(session)
        for name in ("olive", "oscar"):
            account(session, f"{name}@example.org", "officer", name=name.capitalize())
        session.commit()

    def enter(name: str) -> Walker:
        walker = Walker(app.test_client())
        walker.get("/sign-in")
        walker.submit({"email": f"{name}@example.org", "password": PASSWORD})
        walker.submit({"code": code()})
        return walker

    return enter


def begin(walker: Walker, again: str = "none", mode: str = "paper", received: str = "2") -> None:
    walker.get(FORMS)
    walker.submit({"name": f"Library {again}", "mode": mode, "received": received, "again": again})
    assert walker.heading == f"Library {again}", walker.text


def key(walker: Walker, fields: dict[str, str], link: str = "Key form 1") -> None:
    walker.follow(link)
    walker.submit(fields, button="Save, and the next form" if "again" not in link else "Save")


def stored(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        return [one.answers for one in db.session().scalars(select(Response))]


def test_a_batch_says_what_is_wrong_with_it_and_keeps_what_was_typed(office: Callable[[str], Walker]) -> None:
    olive = office("olive")
    olive.get("/officer/")
    olive.follow("Paper and telephone: residents-test, 2022")
    assert "There is no batch yet." in olive.text

    olive.submit({"name": "Library", "mode": "paper", "received": "many", "again": "all"}, button="Begin the batch")
    assert olive.errors == ["Count the forms and enter how many there are. It is a whole number from 1 to 10,000."]
    olive.submit({"mode": "telephone", "received": ""}, button="Begin the batch")
    assert "cannot be keyed a second time" in olive.errors[0]
    olive.submit({"mode": "paper", "received": "2"}, button="Begin the batch")
    assert olive.heading == "Library"

    olive.get(FORMS)
    assert "0 of 2 keyed" in olive.text
    olive.submit({"name": "Library", "mode": "paper", "received": "2", "again": "none"}, button="Begin the batch")
    assert olive.errors == ["There is already a batch called Library. Choose another name."]


def test_a_form_keyed_by_numbers_is_one_response_however_often_it_is_sent(
    app: Flask, office: Callable[[str], Walker]
) -> None:
    olive = office("olive")
    begin(olive)
    olive.follow("Key form 1")
    sent = olive.filled(FORM, button="Save, and the next form")

    olive.send(sent)
    assert olive.heading == "Key form 2 of 2", olive.text
    assert "Form 1 is saved. Its reference is" in olive.text
    olive.send(sent)

    assert stored(app) == [
        {
            "problem": {"speeding": "big", "drugs": "none"},
            "asb_change": "same",
            "seen": ["litter", "damage"],
            "ward": "W2",
            "age": "35-44",
        }
    ]
    with app.app_context():
        [response] = db.session().scalars(select(Response))
        [form] = db.session().scalars(select(KeyedForm))
        assert (response.mode, response.language) == ("paper", "en")
        assert (form.number, form.keyed_by, form.response_id) == (1, "olive@example.org", response.id)
        assert db.session().scalar(select(FormEntry.form_id)) is None
        with writing() as session:
            assert tally.fold_all(session, response.wave_id) == 1


def test_what_cannot_be_an_answer_is_told_by_its_number_and_nothing_keyed_is_lost(
    app: Flask, office: Callable[[str], Walker]
) -> None:
    olive = office("olive")
    begin(olive)
    key(olive, {"seen": "13", "asb_change": "7", "comment": "Dark " * 500, "age": "1", "form-number": "one"})

    assert olive.errors == [
        "Question 2: There is no answer “7” here. Key one of 1 to 5, or leave it open.",
        "Question 3: Choose either “None of these” or other answers, not both.",
        "Question 4: Shorten your answer by 499 characters.",
        "Enter the number of the form, a whole number from 1 to 10,000.",
    ]
    kept = olive.filled()
    assert (kept["seen"], kept["asb_change"], kept["age"]) == ("13", "7", "1")
    olive.get(f"{FORMS}/1/key")
    olive.submit({}, button="Save, and the next form")
    assert "Nothing was keyed" in olive.errors[0]
    assert stored(app) == []


def test_checking_saves_nothing_and_says_the_answers_in_words(app: Flask, office: Callable[[str], Walker]) -> None:
    olive = office("olive")
    begin(olive)
    olive.follow("Key form 1")
    assert str(olive.form().select("button")[0]["value"]) == "check", "what Enter presses without a script"

    olive.submit(FORM, button="Check what was keyed")

    assert "Nothing is saved yet." in olive.text
    assert [one.get_text() for one in olive.page.select("[data-words]")][:2] == ["Big", ""]
    assert "Litter, Damage" in olive.text
    assert stored(app) == []


def test_two_officers_at_one_batch_never_give_a_number_twice(app: Flask, office: Callable[[str], Walker]) -> None:
    olive, oscar = office("olive"), office("oscar")
    begin(olive, received="9")
    oscar.get(f"{FORMS}/1/key")
    key(olive, FORM)

    oscar.submit({"age": "1"}, button="Save, and the next form")
    assert oscar.errors == ["Form 1 was keyed meanwhile. Write 2 on this form, then save it again."]
    oscar.submit(button="Save, and the next form")

    assert oscar.heading == "Key form 3 of 9"
    assert len(stored(app)) == 2
    oscar.get(f"{FORMS}/1")
    assert "Keyed by olive@example.org (1), oscar@example.org (1)." in oscar.text


def test_a_form_keyed_twice_alike_is_a_response_only_then(app: Flask, office: Callable[[str], Walker]) -> None:
    olive, oscar = office("olive"), office("oscar")
    begin(olive, "all", received="1")
    key(olive, {**FORM, "comment": "Dark  lanes"})
    assert stored(app) == []
    assert "You keyed the forms that wait" in olive.text
    olive.get(f"{FORMS}/1/again")
    assert "No form of this batch waits for you" in olive.text

    oscar.get(f"{FORMS}/1")
    oscar.follow("Key form 1 again")
    blank = oscar.filled()
    assert not any(blank[name] for name in FORM), "the second keying is blind"
    oscar.submit({**FORM, "comment": "dark lanes"}, button="Save")

    assert [one["comment"] for one in stored(app)] == ["Dark  lanes"]
    assert "Of 6 answers keyed twice, 0 were keyed differently." in oscar.text
    with app.app_context():
        assert db.session().scalar(select(FormEntry.form_id)) is None


def test_what_two_officers_keyed_differently_is_settled_question_by_question(
    app: Flask, office: Callable[[str], Walker]
) -> None:
    olive, oscar = office("olive"), office("oscar")
    begin(olive, "all")
    key(olive, FORM)
    oscar.get(f"{FORMS}/1")
    key(oscar, {**FORM, "asb_change": "3", "seen": "2", "age": ""}, "Key form 1 again")

    assert oscar.heading == "Form 1 was keyed differently"
    legends = [legend.get_text().strip() for legend in oscar.page.select("legend")]
    assert [legend.split(".")[0] for legend in legends] == ["2", "3", "8"]
    assert stored(app) == []
    oscar.submit({"right-asb_change": "second", "right-seen": "typed", "seen": "9"}, button="This is right")
    assert oscar.errors == [
        "Question 8: choose what is right.",
        "Question 3: There is no answer “9” here. Key one of 1 to 3, or leave it open.",
    ]
    oscar.submit({"seen": "3", "right-age": "first"}, button="This is right")

    [answers] = stored(app)
    assert (answers["asb_change"], answers["seen"], answers["age"]) == ("less", ["nothing"], "35-44")
    with app.app_context():
        [form] = db.session().scalars(select(KeyedForm))
        assert form.settled == {"asb_change": "second", "seen": "typed", "age": "first"}
        assert (form.state, form.settled_by) == ("done", "oscar@example.org")
    assert "Of 5 answers keyed twice, 3 were keyed differently." in oscar.text
    oscar.get(f"{FORMS}/1/differences/1")
    assert "has no difference that waits" in oscar.text


def test_of_rows_keyed_differently_only_those_are_keyed_anew(app: Flask, office: Callable[[str], Walker]) -> None:
    olive, oscar = office("olive"), office("oscar")
    begin(olive, "all")
    key(olive, {**FORM, "problem.burglary": "2"})
    oscar.get(f"{FORMS}/1")
    key(oscar, {**FORM, "problem.burglary": "1", "problem.drugs": ""}, "Key form 1 again")

    shown = oscar.filled()
    assert [shown[f"problem.{row}"] for row in ("speeding", "burglary", "drugs")] == ["1", "", ""]
    assert [bold.get_text() for bold in oscar.page.select("label b")] == [
        "Burglary: Little",
        "Drugs: None at all",
        "Burglary: Big",
    ]
    oscar.submit({"right-problem": "typed", "problem.burglary": "3"}, button="This is right")

    assert stored(app)[0]["problem"] == {"speeding": "big", "burglary": "none"}


def test_of_a_sample_every_tenth_form_waits_for_a_second_keying(app: Flask, office: Callable[[str], Walker]) -> None:
    olive = office("olive")
    begin(olive, "tenth", received="20")
    with app.app_context(), writing() as session:
        session.get_one(FormBatch, 1).again_from = 3
    for number in (2, 3, 12, 13):
        olive.get(f"{FORMS}/1/key")
        olive.submit({"age": "1", "form-number": str(number)}, button="Save, and the next form")

    with app.app_context():
        waiting = db.session().scalars(select(KeyedForm.number).where(KeyedForm.state == "once"))
        assert sorted(waiting) == [3, 13]
    assert len(stored(app)) == 2


def test_a_form_taken_back_is_erased_leaves_the_counts_and_can_be_keyed_anew(
    app: Flask, office: Callable[[str], Walker]
) -> None:
    olive = office("olive")
    begin(olive)
    key(olive, FORM)
    with app.app_context(), writing() as session:
        tally.fold_all(session)

    olive.get(f"{FORMS}/1")
    olive.submit({"number": "7"}, button="Take the form back")
    assert olive.errors == ["Form 7 was taken back already, or never keyed."]
    olive.submit({"number": "1"}, button="Take the form back")
    assert olive.heading == "Take back form 1 of Library none?"
    assert len(stored(app)) == 1, "asked first: another number would be somebody else’s answers"
    olive.submit(button="Take form 1 back")

    assert "can be keyed anew" in olive.text
    with app.app_context():
        assert stored(app) == []
        assert sum(counts.n for counts in tally.read(db.session(), 2).values()) == 0
    key(olive, {"age": "1"})
    assert [one["age"] for one in stored(app)] == ["16-24"]


def test_a_response_withdrawn_by_its_reference_stays_known_as_a_form_without_answers(
    app: Flask, office: Callable[[str], Walker]
) -> None:
    olive = office("olive")
    begin(olive)
    key(olive, FORM)
    with app.app_context(), writing() as session:
        assert responses.withdraw(session, session.scalars(select(Response.reference)).one())

    olive.get(f"{FORMS}/1")

    assert "Withdrawn or erased" in olive.text
    assert "Responses 0" in olive.text


def test_words_that_tell_of_harm_are_said_at_once_and_wait_to_be_read(
    app: Flask, office: Callable[[str], Walker]
) -> None:
    olive = office("olive")
    begin(olive)
    key(olive, {"comment": "My husband hits me and I want to die"})

    assert "act on it today" in olive.text
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(CareFlag)) == 1


def test_by_telephone_the_words_are_there_to_read_out_and_so_is_the_reference(
    app: Flask, office: Callable[[str], Walker]
) -> None:
    olive = office("olive")
    begin(olive, mode="telephone", received="")
    olive.follow("Key form 1")
    assert "To test. Nobody. Nothing." in olive.text.replace("  ", " ")
    olive.submit({"age": "2"}, button="Save, and the next form")

    assert "Read out: “Your reference is" in olive.text
    with app.app_context():
        assert db.session().scalars(select(Response.mode)).all() == ["telephone"]


def test_a_council_consultation_has_no_batches(office: Callable[[str], Walker]) -> None:
    olive = office("olive")
    olive.get("/officer/waves/councils-test/2022/forms")
    assert olive.status == 404
