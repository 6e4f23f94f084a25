"""Waves: making, opening, closing and finding the fieldwork periods of a survey."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from csp_consult.fieldwork.asked import AnyWave
from csp_consult.fieldwork.models import Mailing, PersonalLink, Response, Survey, Wave
from csp_consult.questionnaire.models import QuestionnaireVersion

ANSWERED_WITHIN: Final = timedelta(weeks=12)
"""How long after it closed a consultation should be answered (Cabinet Office, Consultation Principles, 2018)."""


class WaveError(ValueError):
    """A wave cannot be found, made or changed so; the message says why and what to do."""


class WaveState(StrEnum):
    """Whether a wave takes answers."""

    NOT_YET_OPEN = "not yet open"
    OPEN = "open"
    CLOSED = "closed"


def state(wave: AnyWave, today: date) -> WaveState:
    """Whether the wave takes answers today; its first and last day both count, once it is cleared to open."""
    if wave.cleared_on is None:
        return WaveState.NOT_YET_OPEN
    if wave.ended or today > wave.closes_on:
        return WaveState.CLOSED
    return WaveState.NOT_YET_OPEN if today < wave.opens_on else WaveState.OPEN


def first_day(wave: AnyWave, today: date) -> date:
    """The first day on which a wave takes answers: until it is cleared to open, none that is past."""
    return wave.opens_on if wave.cleared_on is not None or wave.closes_on < today else max(wave.opens_on, today)


def response_due(wave: AnyWave) -> date:
    """When the partnership should have said what it heard and what it will do."""
    return wave.closes_on + ANSWERED_WITHIN


def lookup(session: Session, survey_slug: str, wave_slug: str) -> Wave | None:
    """The wave of that survey, if there is one."""
    return session.scalar(select(Wave).join(Survey).where(Survey.slug == survey_slug, Wave.slug == wave_slug))


def find(session: Session, key: str) -> Wave:
    """The wave called ``survey/wave``. Raises WaveError, naming those there are."""
    survey_slug, _, wave_slug = key.partition("/")
    found = lookup(session, survey_slug, wave_slug)
    if found is None:
        known = ", ".join(wave.key for wave in listed(session)) or "none yet"
        raise WaveError(f"There is no wave {key!r}. Waves are named survey/wave; there are: {known}.")
    return found


def listed(session: Session, *, audience: str | None = None) -> Sequence[Wave]:
    """Every wave, by survey and opening date; of one audience (``residents``, ``parishes``) if given."""
    query = select(Wave).join(Survey).order_by(Survey.slug, Wave.opens_on, Wave.id)
    if audience is not None:
        query = query.where(Survey.audience == audience)
    return session.scalars(query).all()


def open_waves(session: Session, audience: str, today: date) -> Sequence[Wave]:
    """The waves that an audience can answer today, the one closing first at the top."""
    query = (
        select(Wave)
        .join(Survey)
        .where(Survey.audience == audience, Wave.opens_on <= today, Wave.closes_on >= today, Wave.ended.is_(False))
        .where(Wave.cleared_on.is_not(None))
        .order_by(Wave.closes_on, Wave.id)
    )
    return session.scalars(query).all()


def create_survey(session: Session, *, slug: str, title: str, organisation: str, audience: str) -> Survey:
    """The survey of that slug, made if there is none; an existing one keeps its title and organisation.

    Raises WaveError when it exists for another audience.
    """
    survey = session.scalar(select(Survey).where(Survey.slug == slug))
    if survey is None:
        survey = Survey(slug=slug, title=title, organisation=organisation, audience=audience)
        session.add(survey)
        session.flush()
    if survey.audience != audience:
        raise WaveError(f"The survey {slug!r} asks {survey.audience}; a wave for {audience} needs a survey of its own.")
    return survey


def create(
    session: Session,
    survey: Survey,
    slug: str,
    *,
    title: str,
    questionnaire: QuestionnaireVersion,
    opens_on: date,
    closes_on: date,
    recruitment: str = "open",
    synthetic: bool = False,
    note: str | None = None,
    cleared_on: date | None = None,
) -> Wave:
    """Make a wave of a survey, which stays closed until it is cleared to open.

    Raises WaveError when the slug is taken or the dates are the wrong way round.
    """
    if session.scalar(select(exists().where(Wave.survey_id == survey.id, Wave.slug == slug))):
        raise WaveError(f"There is already a wave {survey.slug}/{slug}; choose another name.")
    _check_dates(opens_on, closes_on)
    wave = Wave(
        survey=survey,
        slug=slug,
        title=title,
        questionnaire_id=questionnaire.id,
        opens_on=opens_on,
        closes_on=closes_on,
        recruitment=recruitment,
        synthetic=synthetic,
        note=note,
        cleared_on=cleared_on,
    )
    session.add(wave)
    session.flush()
    return wave


def copy(session: Session, source: Wave, slug: str, *, title: str, opens_on: date, closes_on: date) -> Wave:
    """A new wave that asks what another one asked, for people found in the same way. Raises WaveError."""
    return create(
        session,
        source.survey,
        slug,
        title=title,
        questionnaire=session.get_one(QuestionnaireVersion, source.questionnaire_id),
        opens_on=opens_on,
        closes_on=closes_on,
        recruitment=source.recruitment,
    )


def use_questionnaire(session: Session, wave: Wave, version: QuestionnaireVersion, today: date) -> None:
    """Change what a wave will ask. Raises WaveError once the wave has opened or holds a response."""
    answered = session.scalar(select(exists().where(Response.wave_id == wave.id)))
    if answered or state(wave, today) is not WaveState.NOT_YET_OPEN:
        raise WaveError(
            f"{wave.key} has opened, so its questionnaire can no longer change. Plan a new wave for the new version."
        )
    wave.questionnaire_id = version.id


def clear(wave: Wave, today: date) -> None:
    """Let a wave open on its first day, or today where that is past: its checks are done. Once is enough.

    Raises WaveError when its last day is past.
    """
    if wave.cleared_on is not None:
        return
    if wave.closes_on < today:
        raise WaveError(f"The last day of {wave.title} is past: change its dates first.")
    wave.opens_on = first_day(wave, today)
    wave.cleared_on = today


def change_dates(wave: Wave, opens_on: date, closes_on: date, today: date) -> None:
    """Give a wave other days: both before it opens, while it is open its last one. Raises WaveError."""
    match state(wave, today):
        case WaveState.CLOSED:
            raise WaveError(f"{wave.title} has closed, so its dates stay as they were.")
        case WaveState.OPEN if opens_on != wave.opens_on:
            raise WaveError(f"{wave.title} has opened, so its first day stays {wave.opens_on:%-d %B %Y}.")
        case WaveState.NOT_YET_OPEN if opens_on < today:
            raise WaveError("The first day is past. Choose today or a later day.")
    if closes_on < today:
        raise WaveError("The last day is past. Choose today or a later day.")
    _check_dates(opens_on, closes_on)
    wave.opens_on, wave.closes_on = opens_on, closes_on


def cancel(session: Session, wave: Wave, today: date) -> None:
    """Take a planned wave away, with its list of people and the days of its mails. The caller commits.

    Raises WaveError once it has opened, or where something besides rests on it.
    """
    if state(wave, today) is not WaveState.NOT_YET_OPEN:
        raise WaveError(f"{wave.title} has opened, so it cannot be cancelled. Close it instead.")
    title = wave.title
    try:
        for table in (PersonalLink, Mailing):
            session.execute(delete(table).where(table.wave_id == wave.id))
        session.delete(wave)
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise WaveError(
            f"{title} holds forms, answers or a place in a plan already, so it cannot be cancelled. Change its dates."
        ) from error


def open_now(wave: Wave, today: date, *, closes_on: date | None = None) -> None:
    """Open a wave today, or again after it closed. From here on its questionnaire is fixed.

    Raises WaveError when it is not cleared to open, when it would close before today, or when its responses were
    erased on their date.
    """
    if wave.cleared_on is None:
        raise WaveError("Have its checks signed off before you open it.")
    if wave.erased_on is not None:
        raise WaveError(f"The responses of {wave.key} were erased on {wave.erased_on:%-d %B %Y}: make a new wave.")
    last_day = closes_on or wave.closes_on
    if last_day < today:
        raise WaveError(f"{wave.key} closed on {last_day:%-d %B %Y}; to open it again, give a later closing date.")
    wave.opens_on = min(wave.opens_on, today)
    wave.closes_on = last_day
    wave.ended = False


def close_now(wave: Wave, today: date) -> None:
    """Stop taking answers at once. Raises WaveError when the wave is not open."""
    if state(wave, today) is not WaveState.OPEN:
        raise WaveError(f"{wave.key} is {state(wave, today)}; only an open wave can be closed.")
    wave.closes_on = today
    wave.ended = True


def _check_dates(opens_on: date, closes_on: date) -> None:
    if closes_on < opens_on:
        raise WaveError(
            f"A wave cannot close ({closes_on:%-d %B %Y}) before it opens ({opens_on:%-d %B %Y}); change one date."
        )
