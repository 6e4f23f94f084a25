"""The edges of parish life: drafts without a minute, more time, councils of several parishes, parishes that merge."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from parish_world import GLEN, KIBWORTH, TUR_LANGTON, World
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.findings import councils
from csp_consult.findings.groups import EVERYBODY
from csp_consult.parishes.access import ParishError, parishes_of
from csp_consult.parishes.attachments import LARGEST, AttachmentError, Upload, attachment_of, read_upload
from csp_consult.parishes.bodies import asked_on, set_body
from csp_consult.parishes.changes import ChangeError, NewParish, create, former_names, predecessors, rename
from csp_consult.parishes.drafts import Editor, save_page
from csp_consult.parishes.effects import councils_of_waves, effects, refuse_to_undo
from csp_consult.parishes.inviting import parish_named
from csp_consult.parishes.mandates import Mandate
from csp_consult.parishes.models import ParishAttachment, ParishResponse
from csp_consult.parishes.standing import Stage, standings
from csp_consult.parishes.submission import add_minute, take_paper_reply
from csp_consult.parishes.versions import current_responses, officer_drafts, versions
from csp_consult.parishes.windows import WindowError, ask, extensions, grant, refuse, window_of
from csp_consult.people.models import AuditEntry
from csp_consult.places.models import Area, Electorate

TODAY = date(2026, 11, 22)
COMPLETE = {"ratings": {"speeding": "5", "burglary": "1"}}
UNDECIDED = Mandate(None, None, None)
MERGED = NewParish("e04000009", "Kibworth  and Langton", date(2027, 4, 1), instead_of=(KIBWORTH, TUR_LANGTON))


def on_paper(
    session: Session,
    world: World,
    parish: Area,
    mandate: Mandate,
    *,
    key: str = "one",
    today: date = TODAY,
    attachment: Upload | None = None,
) -> ParishResponse:
    response = take_paper_reply(
        session,
        world.wave,
        world.questionnaire,
        parish.code,
        mandate,
        answers=COMPLETE,
        submission=key,
        user_id=world.glen_clerk.id,
        today=today,
        attachment=attachment,
    )
    session.commit()
    return response


def electors(session: Session, **by_code: int) -> None:
    for code, n in by_code.items():
        session.add(Electorate(area_code=code, as_at=date(2025, 12, 1), electors=n, source="test"))
    session.commit()


def test_one_key_sent_for_two_parishes_makes_a_response_of_each(
    session: Session, world: World, mandate: Mandate
) -> None:
    ours, theirs = (on_paper(session, world, parish, mandate) for parish in (world.glen, world.kibworth))

    assert ours.reference != theirs.reference
    assert on_paper(session, world, world.glen, mandate).reference == ours.reference


def test_an_officer_draft_is_shown_apart_and_joins_the_headline_with_its_minute(
    session: Session, world: World, mandate: Mandate
) -> None:
    on_paper(session, world, world.kibworth, mandate)
    on_paper(session, world, world.glen, UNDECIDED)

    assert [one.parish_code for one in current_responses(session, world.wave)] == [world.kibworth.code]
    assert [name for name, _ in officer_drafts(session, world.wave)] == ["Great Glen"]
    (standing,) = standings(session, [world.wave], [world.glen])
    assert standing.stage is Stage.OFFICER_DRAFT

    add_minute(session, world.wave, world.glen.code, mandate, version=1, today=TODAY, user_id=1)
    session.commit()

    assert len(current_responses(session, world.wave)) == 2
    assert officer_drafts(session, world.wave) == []
    (response,) = versions(session, world.wave, world.glen.code)
    assert (response.answers, response.minuted_on) == (COMPLETE, TODAY)
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["officer draft sent", "officer draft minuted"]


def test_an_amendment_without_a_minute_leaves_the_minuted_version_in_the_headline(
    session: Session, world: World, mandate: Mandate
) -> None:
    on_paper(session, world, world.glen, mandate)
    on_paper(session, world, world.glen, Mandate(None, None, None, reason="New figures."), key="two")

    (counted,) = current_responses(session, world.wave)

    assert counted.version == 1
    assert [response.version for _, response in officer_drafts(session, world.wave)] == [2]


def test_a_minute_is_added_once_and_to_the_newest_version_only(
    session: Session, world: World, mandate: Mandate
) -> None:
    on_paper(session, world, world.glen, UNDECIDED)
    with pytest.raises(ParishError, match="Another version"):
        add_minute(session, world.wave, world.glen.code, mandate, version=2, today=TODAY, user_id=1)
    add_minute(session, world.wave, world.glen.code, mandate, version=1, today=TODAY, user_id=1)

    with pytest.raises(ParishError, match="already has its minute, 2026/87"):
        add_minute(session, world.wave, world.glen.code, mandate, version=1, today=TODAY, user_id=1)


def test_more_time_is_asked_for_and_given_to_one_council_with_a_reason(
    session: Session, world: World, gill: Editor
) -> None:
    late, until = date(2026, 12, 14), date(2026, 12, 18)
    with pytest.raises(ParishError, match="closed on 11 December 2026"):
        save_page(session, world.wave, world.glen.code, COMPLETE, seen_revision=0, editor=gill, today=late)
    ask(
        session,
        world.wave,
        world.glen.code,
        until=until,
        reason="We meet on the 17th.",
        user_id=gill.user_id,
        today=TODAY,
    )

    grant(session, world.wave, world.glen.code, until=until, reason="Of course.", user_id=1, today=TODAY)

    save_page(session, world.wave, world.glen.code, COMPLETE, seen_revision=0, editor=gill, today=until)
    (given,) = extensions(session, world.wave, world.glen.code)
    assert (given.asked_reason, given.decision_reason, given.until) == ("We meet on the 17th.", "Of course.", until)
    assert window_of(session, world.wave, world.kibworth.code).last_day == world.wave.closes_on
    with pytest.raises(ParishError, match="closed on 18 December 2026"):
        save_page(
            session,
            world.wave,
            world.glen.code,
            {"met_police": "met"},
            seen_revision=1,
            editor=gill,
            today=until + timedelta(days=1),
        )


def test_a_wave_that_was_ended_can_be_opened_again_for_one_council(session: Session, world: World) -> None:
    world.wave.closes_on, world.wave.ended = TODAY, True

    grant(session, world.wave, world.glen.code, until=TODAY, reason="The mail was late.", user_id=1, today=TODAY)

    assert window_of(session, world.wave, world.glen.code).state(TODAY) == "open"
    assert window_of(session, world.wave, world.kibworth.code).state(TODAY) == "closed"


def test_a_request_is_refused_with_a_reason_and_another_can_follow(session: Session, world: World) -> None:
    def request() -> None:
        ask(
            session,
            world.wave,
            world.glen.code,
            until=date(2026, 12, 20),
            reason="Why not.",
            user_id=world.glen_clerk.id,
            today=TODAY,
        )

    request()
    with pytest.raises(WindowError, match="already waiting"):
        request()
    refuse(session, world.wave, world.glen.code, reason="The plan is printed then.", user_id=1, today=TODAY)

    assert window_of(session, world.wave, world.glen.code).last_day == world.wave.closes_on
    request()
    assert [one.decision_reason for one in extensions(session, world.wave, world.glen.code)] == [
        None,
        "The plan is printed then.",
    ]


@pytest.mark.parametrize("until", [None, date(2026, 12, 11), date(2027, 12, 20)])
def test_a_last_day_that_cannot_be_is_told(session: Session, world: World, until: date | None) -> None:
    with pytest.raises(WindowError) as refused:
        ask(session, world.wave, world.glen.code, until=until, reason="Meeting.", user_id=1, today=TODAY)

    assert refused.value.field_id == "until"


def test_one_council_of_several_parishes_answers_once_and_weighs_by_all_their_electors(
    session: Session, world: World, mandate: Mandate
) -> None:
    electors(session, **{world.glen.code: 1000, world.kibworth.code: 300, world.tur_langton.code: 200})
    set_body(session, world.tur_langton, "grouped", world.kibworth.code, since=TODAY)
    on_paper(session, world, world.glen, mandate)
    on_paper(session, world, world.kibworth, mandate)

    read = councils.read(session, world.wave, EVERYBODY)

    assert list(read.weights) == [1000, 500]
    assert read.asked == 2
    assert read.coverage.startswith("2 of 2 parish councils answered, for 3 of 3 parishes; they stand for 1,500 of")
    with pytest.raises(ParishError, match="answers together with Kibworth"):
        on_paper(session, world, world.tur_langton, mandate)


def test_a_group_is_one_deep_and_its_council_cannot_be_taken_away(session: Session, world: World) -> None:
    set_body(session, world.tur_langton, "grouped", world.kibworth.code, since=TODAY)

    for parish, kind, other in (
        (world.glen, "grouped", world.tur_langton.code),
        (world.kibworth, "grouped", world.glen.code),
        (world.kibworth, "none", None),
        (world.glen, "grouped", world.glen.code),
        (world.glen, "grouped", None),
    ):
        with pytest.raises(ParishError):
            set_body(session, parish, kind, other, since=TODAY)


def test_an_area_with_nobody_to_ask_is_not_asked(session: Session, world: World, mandate: Mandate) -> None:
    set_body(session, world.tur_langton, "none", since=TODAY)
    set_body(session, world.kibworth, "meeting", since=TODAY)

    asked = asked_on(session, world.wave.closes_on)

    assert [parish.name for parish in asked.councils] == ["Great Glen", "Kibworth"]
    assert asked.meetings == {world.kibworth.code}
    assert [area.name for area in asked.unasked] == ["Tur Langton"]
    with pytest.raises(ParishError, match="does not ask Tur Langton"):
        on_paper(session, world, world.tur_langton, mandate)


def test_a_merged_parish_is_asked_from_its_day_and_the_old_answers_stay_where_they_were(
    session: Session, world: World, mandate: Mandate
) -> None:
    on_paper(session, world, world.kibworth, mandate)

    merged = create(session, MERGED)
    session.commit()

    assert [parish.name for parish in asked_on(session, date(2027, 3, 31)).councils] == [
        "Great Glen",
        "Kibworth",
        "Tur Langton",
    ]
    assert [parish.name for parish in asked_on(session, date(2027, 4, 1)).councils] == [
        "Great Glen",
        "Kibworth and Langton",
    ]
    assert len(current_responses(session, world.wave)) == 1, "the wave that it answered still holds it"
    assert sorted(predecessors(session, merged.code)) == sorted([world.kibworth.code, world.tur_langton.code])
    assert merged in parishes_of(session, world.kibworth_clerk.id)


def test_a_merger_adds_up_electors_takes_members_along_and_is_on_record(session: Session, world: World) -> None:
    electors(session, **{KIBWORTH: 300, GLEN: 200})
    set_body(session, world.tur_langton, "grouped", KIBWORTH, since=TODAY)

    merged = create(session, replace(MERGED, instead_of=(KIBWORTH, GLEN)))
    session.commit()

    assert merged.name == "Kibworth and Langton"
    figure = session.get_one(Electorate, (merged.code, date(2027, 4, 1)))
    assert (figure.electors, figure.source) == (500, "Sum of Kibworth, Great Glen")
    assert asked_on(session, date(2027, 4, 1)).answers_with == {TUR_LANGTON: merged.code}
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions.count("parish succeeded") == 2
    assert "parish created" in actions


def test_a_parish_is_divided_into_two_from_one_day_and_its_electors_are_not_counted_twice(
    session: Session, world: World
) -> None:
    electors(session, **{GLEN: 1000})
    east, west = (NewParish(f"E0400001{n}", f"Glen {n}", date(2027, 4, 1), instead_of=(GLEN,)) for n in (1, 2))

    made = [create(session, one) for one in (east, west)]

    assert [area.name for area in asked_on(session, date(2027, 4, 1)).councils] == [
        "Glen 1",
        "Glen 2",
        "Kibworth",
        "Tur Langton",
    ]
    assert [predecessors(session, area.code) for area in made] == [[GLEN], [GLEN]]
    assert session.scalars(select(Electorate.area_code)).all() == [GLEN]


@pytest.mark.parametrize(
    ("asked", "field_id"),
    [
        (replace(MERGED, code=GLEN), "code"),
        (replace(MERGED, code="no code!"), "code"),
        (replace(MERGED, name=" great glen "), "name"),
        (replace(MERGED, name="x" * 121), "name"),
        (replace(MERGED, instead_of=("E04999999",)), "instead_of"),
        (replace(MERGED, wards=("E05999999",)), "wards"),
        (replace(MERGED, electors=0), "electors"),
    ],
)
def test_a_parish_that_cannot_be_made_says_which_field_is_wrong(
    session: Session, world: World, asked: NewParish, field_id: str
) -> None:
    with pytest.raises(ChangeError) as refused:
        create(session, asked)

    assert refused.value.field_id == field_id


def test_a_renamed_parish_keeps_its_code_and_is_found_by_either_name(session: Session, world: World) -> None:
    rename(session, world.glen, "Glen Magna", date(2026, 11, 1), TODAY)
    session.commit()

    assert [(one.name, one.until) for one in former_names(session, GLEN)] == [("Great Glen", date(2026, 11, 1))]
    for name in ("Glen Magna", "great glen", GLEN):
        assert parish_named(session, name, TODAY).code == GLEN
    with pytest.raises(ChangeError, match="another parish called Kibworth"):
        rename(session, world.glen, "Kibworth", TODAY, TODAY)
    with pytest.raises(ChangeError, match="once it holds"):
        rename(session, world.glen, "Glen Parva", TODAY + timedelta(days=1), TODAY)
    with pytest.raises(ChangeError, match=r"called Glen Magna since 1 November 2026\. Enter a day after that one"):
        rename(session, world.glen, "Glen Parva", date(2026, 10, 31), TODAY)


def test_a_change_says_what_becomes_of_answers_and_drafts_in_every_consultation(
    session: Session, world: World, mandate: Mandate, gill: Editor
) -> None:
    on_paper(session, world, world.kibworth, mandate)
    save_page(session, world.wave, TUR_LANGTON, COMPLETE, seen_revision=0, editor=gill, today=TODAY)
    session.commit()
    codes = {KIBWORTH, TUR_LANGTON}
    before = councils_of_waves(session)

    create(session, MERGED)
    (after_the_close,) = effects(session, before, codes, TODAY)
    session.rollback()
    create(session, replace(MERGED, since=world.wave.closes_on))
    (within,) = effects(session, before, codes, TODAY)

    assert (after_the_close.changes, after_the_close.answers_kept) == (False, ("Kibworth",))
    assert within.now_asked == ("Kibworth and Langton",)
    assert within.no_longer_asked == ("Kibworth", "Tur Langton")
    assert within.no_longer_counted == ("Kibworth",)
    assert within.drafts_left == ("Tur Langton",)


def test_an_answer_to_a_closed_consultation_cannot_be_made_not_to_count(
    session: Session, world: World, mandate: Mandate
) -> None:
    on_paper(session, world, world.kibworth, mandate)
    before, after_the_close = councils_of_waves(session), world.wave.closes_on + timedelta(days=1)

    create(session, replace(MERGED, since=world.wave.closes_on))

    refuse_to_undo(effects(session, before, [], TODAY), "since")
    with pytest.raises(ChangeError, match="Choose a day after 11 December 2026") as refused:
        refuse_to_undo(effects(session, before, [], after_the_close), "since")
    assert refused.value.field_id == "since"


def test_a_file_is_kept_with_its_version_and_known_by_its_digest(
    session: Session, world: World, mandate: Mandate
) -> None:
    upload = read_upload(r"C:\minutes\Nov 2026.PDF", b"%PDF-1.7 minute")
    assert upload == Upload("Nov 2026.pdf", b"%PDF-1.7 minute")

    response = on_paper(session, world, world.glen, mandate, attachment=upload)

    kept = attachment_of(session, response)
    assert kept is not None
    assert (kept.content, kept.size, len(kept.digest)) == (b"%PDF-1.7 minute", 15, 64)
    assert session.scalars(select(ParishAttachment.response_id)).all() == [response.id]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>"),
        ("minute.pdf", b"MZ\x90 a program"),
        ("minute.exe", b"%PDF-"),
        (".pdf", b"%PDF-"),
        ("", b"%PDF-"),
        ("long.pdf", b"%PDF-" + b"0" * LARGEST),
    ],
)
def test_a_file_of_another_kind_or_too_large_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(AttachmentError, match="Choose a file of"):
        read_upload(name, content)
