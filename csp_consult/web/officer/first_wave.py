"""From an empty database to a first open wave: the steps and their state, planning it, and opening it once checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, count

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import BEFORE_OPENING
from csp_consult.papers.published import versions, was_checked
from csp_consult.people import audit
from csp_consult.places.models import Area
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.resources import resource_folder
from csp_consult.topics.models import Topic
from csp_consult.topics.taxonomy import load_taxonomy
from csp_consult.typed_dates import DateError, read_date
from csp_consult.web.officer.door import wave_called

FIELDWORK = timedelta(days=42)


@dataclass(frozen=True)
class Step:
    """One step to a first open wave."""

    title: str
    text: str
    done: bool
    href: str | None = None


def steps(session: Session, today: date) -> list[Step]:
    """What has to be done once, in order, each with whether it is; empty as soon as a wave has ever been open."""
    planned = waves.listed(session)
    if any(state(wave, today) is not WaveState.NOT_YET_OPEN for wave in planned):
        return []
    first = planned[0] if planned else None
    kept = session.scalar(select(QuestionnaireVersion.id).limit(1)) is not None
    return [
        Step(
            "Load the places",
            "Wards, parishes and populations, from the files of the Office for National Statistics.",
            session.scalar(select(Area.code).where(Area.kind == "ward").limit(1)) is not None,
            href=url_for("officer.import_places"),
        ),
        Step(
            "Keep a questionnaire",
            "Start from a file, change it, walk through it as a resident would, and keep it.",
            kept,
            href=url_for("officer.questionnaires"),
        ),
        Step(
            "Plan the first wave",
            "Which questionnaire, and from when to when people can answer.",
            first is not None,
            href=url_for("officer.new_wave") if kept else None,
        ),
        Step(
            "Check it",
            "Privacy notice, accessibility, a pilot and fairness: say who looked at each, and sign it off.",
            first is not None and checked(session, first) is not None,
            href=url_for("officer.paper", kind=BEFORE_OPENING, about=first.key) if first else None,
        ),
        Step(
            "Open it",
            "Once it is checked, it opens by itself on its first day; you can open it sooner.",
            False,
            href=url_for("officer.open_wave", survey=first.survey.slug, wave=first.slug) if first else None,
        ),
    ]


def checked(session: Session, wave: Wave) -> Publication | None:
    """The newest sign-off of the checks before a wave opens."""
    return next(iter(versions(session, BEFORE_OPENING, wave.key)), None)


def new_wave() -> str | Response:
    """Plan the first wave of a questionnaire."""
    session, today = db.session(), date.today()
    versions = session.scalars(select(QuestionnaireVersion).order_by(QuestionnaireVersion.id.desc())).all()
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            made = _planned(session, versions, today)
        except (DateError, waves.WaveError) as error:
            session.rollback()
            about = "questionnaire" if "questionnaire" in str(error) else "opens"
            errors = [{"field_id": about, "message": str(error)}]
        else:
            session.commit()
            flash(f"{made.title} is planned from {words.day(made.opens_on)} on.", "success")
            return redirect(url_for(".open_wave", survey=made.survey.slug, wave=made.slug), 303)
    return render_template(
        "officer/wave_new.html",
        versions=[(str(one.id), f"{questionnaire_of(one).title()} ({one.slug} {one.version})") for one in versions],
        given=request.form or _suggested(today),
        errors=errors,
    )


def open_wave(survey: str, wave: str) -> str | Response:
    """Whether a wave has been checked before it opens; then, open it ahead of its first day."""
    found, session, today = wave_called(survey, wave), db.session(), date.today()
    errors: list[dict[str, str]] = []
    signed = checked(session, found)
    if request.method == "POST":
        try:
            waves.open_now(found, today)
        except waves.WaveError as error:
            errors = [{"field_id": "checks", "message": str(error)}]
        else:
            audit.record(session, "wave opened", subject=found.key)
            session.commit()
            where = "Residents find it on the front page." if found.survey.audience == "residents" else ""
            flash(f"{found.title} is open. {where}".strip(), "success")
            return redirect(url_for(".home"), 303)
    return render_template(
        "officer/wave_open.html",
        wave=found,
        state=state(found, today),
        checks=url_for(".paper", kind=BEFORE_OPENING, about=found.key),
        signed=signed,
        errors=errors,
    )


def name_for(session: Session, survey: str, name: str) -> str:
    """A name for a new wave: the one that is wanted, with a number where a cancelled wave of that name left its checks.

    What was signed off stays for good, and is not about this wave.
    """
    names = chain([name], (f"{name}-v{number}" for number in count(2)))
    return next(
        one for one in names if waves.lookup(session, survey, one) or not was_checked(session, f"{survey}/{one}")
    )


def _suggested(today: date) -> dict[str, str]:
    """Tomorrow, and six weeks."""
    opens, closes = today + timedelta(days=1), today + FIELDWORK
    return {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (("opens", opens), ("closes", closes))
        for part in ("day", "month", "year")
    }


def _planned(session: Session, versions: Sequence[QuestionnaireVersion], today: date) -> Wave:
    """The wave that the form describes. Raises DateError or WaveError."""
    chosen = request.form.get("questionnaire", "")
    version = next((one for one in versions if str(one.id) == chosen), None)
    if version is None:
        raise waves.WaveError("Choose the questionnaire that the wave asks.")
    opens_on, closes_on = (read_date(request.form, name, what) for name, what in _DAYS)
    if opens_on is None or closes_on is None:
        raise waves.WaveError("Enter the first and the last day of the wave.")
    if opens_on < today:
        raise waves.WaveError("The first day is past. Choose today or a later day.")
    if session.scalar(select(Topic.slug).limit(1)) is None:
        # What concerns are called and held against; the demo and every first wave bring the same list.
        load_taxonomy(session, (resource_folder("surveys") / "topics.yaml").read_text())
    asked = questionnaire_of(version)
    survey = waves.create_survey(
        session, slug=version.slug, title=asked.title(), organisation=asked.organisation, audience=asked.audience
    )
    made = waves.create(
        session,
        survey,
        name_for(session, survey.slug, f"{opens_on:%Y-%m}"),
        title=f"{asked.title()}, {words.month(f'{opens_on:%Y-%m}')}",
        questionnaire=version,
        opens_on=opens_on,
        closes_on=closes_on,
    )
    audit.record(session, "wave planned", subject=made.key)
    return made


_DAYS = (("opens", "first day"), ("closes", "last day"))
