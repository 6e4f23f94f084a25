"""Open, close and look at waves."""

from datetime import date, datetime, timedelta
from typing import Any, TextIO

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.commands.output import at_the_command_line, emit, format_option
from csp_consult.db import db, mark_reading, writing
from csp_consult.fieldwork import news, personal_links, waves
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.papers.published import was_checked
from csp_consult.parishes.models import ParishResponse
from csp_consult.people import audit
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of

DAY = click.DateTime(formats=["%Y-%m-%d"])
FIELDWORK_DAYS = 42
"""How long a new wave stays open unless told otherwise: six weeks."""


@click.group()
def wave() -> None:
    """Open, close, list and look at waves. WAVE is survey/wave, as in parish-councils/2022-12."""


@wave.command("open")
@click.argument("key", metavar="WAVE")
@click.option("--closes-on", type=DAY, help="Last day of the wave, as in 2027-03-31.")
@click.option("--questionnaire", "slug", help="Slug of the loaded questionnaire a new wave asks [the survey's].")
@click.option("--title", help="Title of a new wave [the questionnaire's title and the month].")
@click.option("--invited", is_flag=True, help="A new wave whose respondents are all invited, not whoever finds it.")
@with_appcontext
def open_wave(key: str, closes_on: datetime | None, slug: str | None, title: str | None, invited: bool) -> None:
    """Open a wave today: a planned one, a closed one again, or a new one.

    A new wave asks the questionnaire version loaded last and, without --closes-on, stays open for six weeks.
    From the first open day its questionnaire can no longer change. A wave whose checks before opening are not signed
    off is opened without them, and the audit trail says so; on the officers' pages it would stay closed.
    """
    today = date.today()
    last_day = closes_on.date() if closes_on else None
    with writing() as session:
        try:
            survey_slug, _, wave_slug = key.partition("/")
            found = waves.lookup(session, survey_slug, wave_slug)
            if found is None:
                _refuse_if_checked(session, key)
                found = _new(session, survey_slug, wave_slug, slug=slug, title=title, invited=invited, today=today)
            elif slug or title or invited:
                raise waves.WaveError(f"{key} exists already: only --closes-on can be given for it.")
            skipped = found.cleared_on is None
            if skipped:
                # It was open to nobody before, whatever its first day was.
                found.cleared_on = found.opens_on = today
            waves.open_now(found, today, closes_on=last_day)
        except waves.WaveError as error:
            raise click.ClickException(str(error)) from error
        detail = {
            "until": found.closes_on.isoformat(),
            "checks": "skipped" if skipped else "signed off or skipped before",
        }
        audit.record(session, "wave opened", subject=found.key, detail=detail, actor=at_the_command_line())
        click.echo(f"{found.key} is open until {found.closes_on:%-d %B %Y}.")
        if skipped:
            click.echo("Its checks before opening were skipped: nobody has signed them off. The audit trail says so.")


@wave.command("copy")
@click.argument("key", metavar="WAVE")
@click.argument("name")
@click.option("--opens-on", type=DAY, required=True, help="First day of the new wave, as in 2027-09-01.")
@click.option("--closes-on", type=DAY, required=True, help="Its last day.")
@click.option("--title", help="Its title [the copied wave's title with the month].")
@with_appcontext
def copy_wave(key: str, name: str, opens_on: datetime, closes_on: datetime, title: str | None) -> None:
    """Plan a wave NAME of the same survey that asks the same, with the list of people of WAVE under new links."""
    with writing() as session:
        try:
            source = waves.find(session, key)
            if waves.lookup(session, source.survey.slug, name) is None:
                _refuse_if_checked(session, f"{source.survey.slug}/{name}")
            made = waves.copy(
                session,
                source,
                name,
                title=title or f"{source.survey.title}, {opens_on:%B %Y}",
                opens_on=opens_on.date(),
                closes_on=closes_on.date(),
            )
            people = personal_links.copy_list(session, source, made) if source.by_link else 0
        except waves.WaveError as error:
            raise click.ClickException(str(error)) from error
        detail = {"from": source.key}
        audit.record(session, "wave copied", subject=made.key, detail=detail, actor=at_the_command_line())
        click.echo(f"{made.key} is planned from {made.opens_on:%-d %B %Y}, with {people} people on its list.")


@wave.command("forget-list")
@click.argument("key", metavar="WAVE")
@with_appcontext
def forget_list(key: str) -> None:
    """Erase the list of people of a closed wave. Copy it first if the next wave asks the same people."""
    with writing() as session:
        try:
            gone = personal_links.forget_list(session, waves.find(session, key), date.today())
        except waves.WaveError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{gone} people were erased from the list of {key}.")


@wave.command("close")
@click.argument("key", metavar="WAVE")
@with_appcontext
def close_wave(key: str) -> None:
    """Stop taking answers at once."""
    with writing() as session:
        try:
            found = waves.find(session, key)
            waves.close_now(found, date.today())
        except waves.WaveError as error:
            raise click.ClickException(str(error)) from error
        audit.record(session, "wave closed", subject=found.key, actor=at_the_command_line())
        click.echo(f"{found.key} is closed. It holds {_count(session, found)} responses.")


@wave.command("list")
@format_option
@with_appcontext
def list_waves(output_format: str) -> None:
    """List every wave."""
    mark_reading(True)
    session = db.session()
    emit({"waves": [_described(session, one) for one in waves.listed(session)]}, "waves", output_format)


@wave.command()
@click.argument("key", metavar="WAVE")
@format_option
@with_appcontext
def status(key: str, output_format: str) -> None:
    """Show one wave, with its responses by mode."""
    mark_reading(True)
    session = db.session()
    try:
        found = waves.find(session, key)
    except waves.WaveError as error:
        raise click.ClickException(str(error)) from error
    by_mode = session.execute(
        select(Response.mode, func.count())
        .where(Response.wave_id == found.id)
        .group_by(Response.mode)
        .order_by(Response.mode)
    )
    modes = [{"mode": mode, "responses": n} for mode, n in by_mode]
    emit(_described(session, found) | {"modes": modes}, "modes", output_format)


def _described(session: Session, found: Wave) -> dict[str, Any]:
    version = session.get_one(QuestionnaireVersion, found.questionnaire_id)
    return {
        "wave": found.key,
        "title": found.title,
        "audience": found.survey.audience,
        "state": waves.state(found, date.today()).value,
        "opens_on": found.opens_on,
        "closes_on": found.closes_on,
        "questionnaire": f"{version.slug} {version.version}",
        "recruitment": found.recruitment,
        "responses": _count(session, found),
        "synthetic": found.synthetic,
    }


def _count(session: Session, found: Wave) -> int:
    if found.survey.audience == "parishes":
        # A council's amendments are versions of one response.
        council = func.count(ParishResponse.parish_code.distinct())
        return (
            session.scalar(
                select(council).where(ParishResponse.wave_id == found.id, ParishResponse.mandate.is_not(None))
            )
            or 0
        )
    return session.scalar(select(func.count()).where(Response.wave_id == found.id)) or 0


@wave.command("news")
@click.argument("key", metavar="WAVE")
@click.option("--subject", required=True, help="What the mail is about.")
@click.option("--file", "text", required=True, type=click.File(encoding="utf-8"), help="What the mail says.")
@with_appcontext
def tell_news(key: str, subject: str, text: TextIO) -> None:
    """Tell of the results whoever asked for it, and forget their addresses."""
    with writing() as session:
        try:
            found = waves.find(session, key)
        except waves.WaveError as error:
            raise click.ClickException(str(error)) from error
        told = news.send(session, found, subject=subject, body=text.read(), today=date.today())
    click.echo(f"{told} mails are in the outbox; the addresses are forgotten once they are sent.")


def _refuse_if_checked(session: Session, key: str) -> None:
    """Raise WaveError where a cancelled wave of that name left what was signed off about it."""
    if was_checked(session, key):
        raise waves.WaveError(
            f"The checks of a wave {key} were signed off before it was cancelled: choose another name."
        )


def _new(
    session: Session,
    survey_slug: str,
    wave_slug: str,
    *,
    slug: str | None,
    title: str | None,
    invited: bool,
    today: date,
) -> Wave:
    if not (survey_slug and wave_slug):
        raise waves.WaveError("That does not name a wave: write survey/wave, as in parish-councils/2022-12.")
    slug = slug or survey_slug
    version = session.scalar(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.slug == slug)
        .order_by(QuestionnaireVersion.loaded_on.desc(), QuestionnaireVersion.id.desc())
    )
    if version is None:
        raise waves.WaveError(
            f"There is no wave {survey_slug}/{wave_slug} and no questionnaire {slug!r} to start one with. "
            "Load one with: csp-consult survey load FILE, and name it with --questionnaire."
        )
    questionnaire = questionnaire_of(version)
    survey = waves.create_survey(
        session,
        slug=survey_slug,
        title=questionnaire.title(),
        organisation=questionnaire.organisation,
        audience=questionnaire.audience,
    )
    return waves.create(
        session,
        survey,
        wave_slug,
        title=title or f"{questionnaire.title()}, {today:%B %Y}",
        questionnaire=version,
        opens_on=today,
        closes_on=today + timedelta(days=FIELDWORK_DAYS),
        recruitment="invited" if invited else "open",
    )
