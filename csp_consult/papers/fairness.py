"""The evidence that a consultation was fair: what it was for, what was open, who was asked, who read it, what changed.

Made from what is on record; what only the partnership can say (who was not asked and why, who read the responses, what
changed) has to be written before it can be published. It counts nobody's answers.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork import personal_links
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import CodedText, Response, Wave
from csp_consult.fieldwork.waves import WaveState, response_due, state
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.fieldwork_progress import progress
from csp_consult.findings.reading import of_parishes
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.papers.open_data import BEFORE_OPENING, FAIRNESS, RESULTS
from csp_consult.papers.published import paper_of, versions
from csp_consult.papers.results import ANSWERED, released
from csp_consult.parishes.models import ParishExtension
from csp_consult.plan.models import Activity, PlanEvidence, PlanLine
from csp_consult.questionnaire.model import Questionnaire

KIND = FAIRNESS
NEEDS_WORDS = ("not-asked", "read", "changed")


def fairness(session: Session, wave: Wave, today: date, *, organisation: str) -> Paper:
    """The paper on one wave. Raises NotYetError until the wave has closed."""
    if state(wave, today) is not WaveState.CLOSED:
        raise NotYetError(f"{wave.title} is still open: how it was run can be told when it has closed.")
    questionnaire = questionnaire_for(session, wave)
    intro = questionnaire.intro
    return Paper(
        kind=KIND,
        title=f"How we consulted: {wave.title}",
        subtitle=f"{wave.survey.organisation}, {words.period(wave.opens_on, wave.closes_on)}",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            Section("purpose", "What it was for", _said(intro.purpose())),
            Section("undecided", "What was still open", _said(intro.decides())),
            Section("information", "What people were told", tuple(_information(wave, questionnaire))),
            Section("time", "How long people had", tuple(_time(session, wave))),
            Section("checked", "What was checked before it opened", tuple(_checked(session, wave))),
            Section("asked", "Who was asked", tuple(_asked(session, wave))),
            Section("not-asked", "Who was not asked, and who did not answer", tuple(_missing(session, wave, today))),
            Section("read", "How the responses were read, and by whom", tuple(_read(session, wave))),
            Section("changed", "What changed", tuple(_changed(session, wave))),
            Section("response", "When the partnership answered", tuple(_response(session, wave, today))),
        ),
        synthetic=wave.synthetic,
        about={"wave": wave.key, "response_due": response_due(wave).isoformat()},
    )


def _said(text: str) -> tuple[Paragraph, ...]:
    note = "As people read it before the first question."
    return (Paragraph(text, note),) if text else (Paragraph("People were told nothing of this."),)


def _information(wave: Wave, questionnaire: Questionnaire) -> Iterator[Paragraph]:
    yield from _said(questionnaire.intro.after())
    count, version = len(questionnaire.questions), questionnaire.version
    asked = f"The survey asked {count} questions and takes about {questionnaire.minutes} minutes."
    yield Paragraph(asked, f"Questionnaire {questionnaire.slug}, version {version}.")
    if len(questionnaire.languages) > 1:
        yield Paragraph(f"It could be read in {len(questionnaire.languages)} languages.")
    if of_parishes(wave):
        yield Paragraph("The questions could be printed for a council’s meeting before anybody signed in.")
    else:
        yield Paragraph("It could be answered online without an account, and on paper on request.")


def _time(session: Session, wave: Wave) -> Iterator[Paragraph]:
    days = (wave.closes_on - wave.opens_on).days + 1
    yield Paragraph(f"{words.number(days)} days: {words.period(wave.opens_on, wave.closes_on)}.")
    if of_parishes(wave):
        granted = select(func.count(ParishExtension.parish_code.distinct())).where(
            ParishExtension.wave_id == wave.id, ParishExtension.until.is_not(None)
        )
        more = session.scalar(granted) or 0
        yield Paragraph(f"{words.number(more)} {'council was' if more == 1 else 'councils were'} given more time.")


def _checked(session: Session, wave: Wave) -> Iterator[Paragraph]:
    signed = versions(session, BEFORE_OPENING, wave.key)
    if not signed:
        yield Paragraph("No check of privacy notice, accessibility, pilot and fairness was signed off here.")
        return
    first = signed[-1]
    said = "Privacy notice, accessibility, a pilot and whether it was fair: signed off on"
    late = "" if first.published_on <= wave.opens_on else ", after it had opened"
    yield Paragraph(f"{said} {words.day(first.published_on)}{late}, by: {first.signed_off_by}.")


def _asked(session: Session, wave: Wave) -> Iterator[Paragraph]:
    so_far = progress(session, wave)
    if so_far.parishes:
        yield Paragraph(f"{len(so_far.parishes)} parish councils and parish meetings, each through its clerk.")
        return
    people = personal_links.standing(session, wave).people
    if wave.by_link:
        yield Paragraph(f"{words.number(people)} people on a list, each by a link that lets one person answer once.")
    else:
        yield Paragraph("Everybody who came upon it: residents, and people who work in the district or visit it.")
    for mailing in personal_links.mailings(session, wave):
        if mailing.queued:
            # What fell before the wave opened waited for it.
            day = words.day(max(mailing.send_on, wave.opens_on))
            yield Paragraph(f"Those on the list were written to on {day} ({mailing.kind}).")


def _missing(session: Session, wave: Wave, today: date) -> Iterator[Paragraph]:
    so_far = progress(session, wave)
    if so_far.parishes:
        answered = sum(parish.state == "answered" for parish in so_far.parishes)
        yield Paragraph(f"{len(so_far.parishes) - answered} of {len(so_far.parishes)} did not answer.")
        return
    yield Paragraph(_of_those_who_answered(session, wave, today))
    if not wave.by_link:
        yield Paragraph("Nobody was drawn at random, so people who never came upon the survey could not answer it.")


def _of_those_who_answered(session: Session, wave: Wave, today: date) -> str:
    """Where it can be seen who answered; of counts that cannot be given out, that and why."""
    whose = "the ages, sexes and wards of those who answered"
    refused = f"{whose.capitalize()} are not shown:"
    if public := versions(session, RESULTS, wave.key):
        shown = any(one.tables for one in paper_of(public[0]).sections if one.id == ANSWERED)
        return (
            f"What may be shown of {whose} is in the published results."
            if shown
            else f"{refused} the counts would tell of single people."
        )
    try:
        released(session, wave, today)
    except FindingError as error:
        return f"{refused} {error}"
    return f"What may be shown of {whose} will be in the results when they are published."


def _read(session: Session, wave: Wave) -> Iterator[Paragraph]:
    yield Paragraph("Answers that were ticked were counted by rule, by the methods that the published results name.")
    if of_parishes(wave):
        return
    texts = select(func.count()).select_from(CodedText).join(Response).where(Response.wave_id == wave.id)
    readers = select(func.count(CodedText.coded_by.distinct())).join(Response).where(Response.wave_id == wave.id)
    read, people = session.scalar(texts) or 0, session.scalar(readers) or 0
    if read:
        who = "one person" if people == 1 else f"{people} people"
        yield Paragraph(f"Answers in people’s own words were read and sorted by {who} of the community safety team.")
    else:
        yield Paragraph("No answer in people’s own words has been sorted here.")


def _changed(session: Session, wave: Wave) -> Iterator[Paragraph]:
    begun = select(Activity).where(
        Activity.wave_id == wave.id, Activity.status.in_(("under way", "done")), Activity.approved_on.is_not(None)
    )
    activities = session.scalars(begun.order_by(Activity.starts_on, Activity.id)).all()
    for one in activities:
        said = f"{one.title}: from {words.day(one.starts_on)} ({one.status})."
        yield Paragraph(said, f"Communication plan, approved by {one.approved_by}.")
    held = select(PlanLine).join(PlanEvidence).where(PlanEvidence.kind == "survey", PlanEvidence.reference == wave.key)
    lines = session.scalars(held.order_by(PlanLine.position, PlanLine.id)).all()
    for line in lines:
        yield Paragraph(f"In the three-year plan: {line.text}{' (synthetic)' * line.synthetic}", line.plan.title)
    if not activities and not lines:
        yield Paragraph("No activity and no line of the three-year plan is on record as made because of it.")


def _response(session: Session, wave: Wave, today: date) -> Iterator[Paragraph]:
    by, public = response_due(wave), versions(session, RESULTS, wave.key)
    yield Paragraph(
        f"The response was due by {words.day(by)}, twelve weeks after the survey closed."
        # Once it is given it was due, whatever the day: what was signed off reads the same ever after.
        if public or by < today
        else f"The response is due by {words.day(by)}, twelve weeks after the survey closed.",
        "Cabinet Office, Consultation Principles, 2018.",
    )
    if not public:
        yield Paragraph("The results are not public yet.")
        return
    first = public[-1].published_on
    late = f", {words.number((first - by).days)} days late" if first > by else ", in time"
    yield Paragraph(f"The results were first published on {words.day(first)}{late}.")
