"""The demo's waves and the synthetic responses in them: from a fixed seed, marked synthetic in every row."""

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.demo.dealing import Person, answers_for, people
from csp_consult.demo.facts_loading import synthetic_plan
from csp_consult.demo.sign_ins import SIGN_INS
from csp_consult.fieldwork import responses, waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.references import new_reference
from csp_consult.parishes.models import ParishResponse
from csp_consult.places.lookup import areas
from csp_consult.places.models import Electorate
from csp_consult.places.populations import raking_targets
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.path import on_path
from csp_consult.questionnaire.store import questionnaire_of

SEED = 20221231
OPEN = "open"
WITHHELD = 0.02
"""Share of synthetic residents who keep an age, a sex or a ward to themselves."""


def load_waves(session: Session, district: str, today: date) -> None:
    """Make every wave of the plan of synthetic answers, with its responses; the caller commits."""
    plan = synthetic_plan()
    _electorates(session, today)
    residents = _residents(session, district, today)
    for slug, wanted in plan["residents"].items():
        rng = random.Random(f"{SEED} {slug}")
        wave = _wave(session, str(slug), wanted, today, days=(14, 28))
        group = people(wanted["responses"], residents, plan["willingness"], rng)
        answers = answers_for(group, wanted["answers"], rng)
        last_day = min(wave.closes_on, today - timedelta(days=1))
        _submit_all(session, wave, zip(group, answers, strict=True), last_day=last_day, rng=rng)
    for slug, wanted in plan["parishes"].items():
        rng = random.Random(f"{SEED} parishes {slug}")
        wave = _wave(session, str(slug), wanted, today, days=(30, 12))
        _councils_answer(session, wave, wanted, rng, today)


def _wave(session: Session, slug: str, wanted: Mapping[str, Any], today: date, days: tuple[int, int]) -> Wave:
    version = session.scalars(select(QuestionnaireVersion).where(QuestionnaireVersion.slug == wanted["survey"])).one()
    questionnaire = questionnaire_of(version)
    survey = waves.create_survey(
        session,
        slug=questionnaire.slug,
        title=questionnaire.title(),
        organisation=questionnaire.organisation,
        audience=questionnaire.audience,
    )
    is_open = slug == OPEN
    opens_on = today - timedelta(days=days[0]) if is_open else wanted["opens"]
    return waves.create(
        session,
        survey,
        f"{today:%Y-%m}" if is_open else slug,
        title=f"{wanted['title']}, {today:%B %Y}" if is_open else wanted["title"],
        questionnaire=version,
        opens_on=opens_on,
        closes_on=today + timedelta(days=days[1]) if is_open else wanted["closes"],
        # Every council is written to; a resident comes upon the link.
        recruitment="invited" if questionnaire.audience == "parishes" else "open",
        synthetic=True,
        note=wanted["note"],
        # Nobody checks a survey that nobody is asked.
        cleared_on=opens_on,
    )


def _residents(session: Session, district: str, today: date) -> dict[Person, float]:
    """Adults by age, sex and ward: wards by their total, age and sex as in the district."""
    targets = raking_targets(session, district, today)
    return {
        Person(age, sex, ward): persons * adults / targets.adults
        for (age, sex), persons in targets.age_sex.items()
        for ward, adults in targets.areas.items()
    }


def _submit_all(
    session: Session,
    wave: Wave,
    answered: Iterable[tuple[Person, dict[str, Any]]],
    *,
    last_day: date,
    rng: random.Random,
) -> None:
    for number, (person, answers) in enumerate(answered):
        about = {"age": person.age, "sex": person.sex, "ward": person.ward}
        about = {question: "prefer_not" if rng.random() < WITHHELD else said for question, said in about.items()}
        responses.submit(
            session,
            wave,
            answers | about,
            submission=sha256(f"{SEED} {wave.key} {number}".encode()).hexdigest(),
            mode="online",
            language="en",
            today=wave.opens_on + timedelta(days=rng.randint(0, (last_day - wave.opens_on).days)),
            synthetic=True,
        )


def _electorates(session: Session, today: date) -> None:
    rng = random.Random(f"{SEED} electorates")
    for parish in areas(session, "parish", today):
        electors = round(rng.lognormvariate(5.9, 1.0) / 10) * 10 + 60
        session.add(
            Electorate(
                area_code=parish.code,
                as_at=date(2022, 12, 1),
                electors=min(electors, 7000),
                source="Synthetic: drawn for the demo; import the register's figures to replace it",
                synthetic=True,
            )
        )
    session.flush()


def _councils_answer(session: Session, wave: Wave, wanted: Mapping[str, Any], rng: random.Random, today: date) -> None:
    questionnaire = questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
    # The demo's clerk has one council that has not answered yet, and one that has.
    waiting, answered = (next(who for who in SIGN_INS if who.role == "clerk")).parishes
    parishes = {parish.name: parish.code for parish in areas(session, "parish", today)}
    others = [code for name, code in parishes.items() if name not in {waiting, answered}]
    councils = [parishes[answered], *rng.sample(others, wanted["responses"] - 1)]
    group = [Person("", "", code) for code in sorted(councils)]
    last = min(wave.closes_on, today - timedelta(days=1))
    for person, answers in zip(group, answers_for(group, wanted["answers"], rng), strict=True):
        submitted_on = wave.opens_on + timedelta(days=rng.randint(0, (last - wave.opens_on).days))
        meeting_on = submitted_on - timedelta(days=rng.randint(1, 12))
        session.add(
            ParishResponse(
                wave_id=wave.id,
                parish_code=person.ward,
                version=1,
                reference=new_reference(),
                submission=sha256(f"{SEED} {wave.key} {person.ward}".encode()).hexdigest(),
                answers=on_path(questionnaire, answers),
                mandate=rng.choices(("full council", "committee", "delegation"), (8, 1, 2))[0],
                meeting_on=meeting_on,
                minute_reference=f"{meeting_on:%y}/{rng.randint(10, 140)} (synthetic)",
                submitted_on=submitted_on,
                synthetic=True,
            )
        )
    session.flush()
