"""What one council hears back: what it said, beside the other councils, since last time, and what was done about it.

For the council and the officers. Its shares are of other councils, each counted once, with small counts hidden.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings.errors import NotYetError
from csp_consult.findings.question_keys import context_of
from csp_consult.findings.reading import of_parishes
from csp_consult.papers import notes
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.papers.open_data import COUNCILS_OWN
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.versions import current_responses, minuted, versions
from csp_consult.places.models import Area
from csp_consult.plan import council_receipt
from csp_consult.reports.tables import Cell, Column, Table

KIND = COUNCILS_OWN


def councils(session: Session, wave: Wave) -> list[str]:
    """The parishes whose council hears back: those of a parish wave with an answer on a minute, by code."""
    return sorted(one.parish_code for one in current_responses(session, wave)) if of_parishes(wave) else []


def feedback(session: Session, wave: Wave, parish_code: str, today: date, *, organisation: str, district: str) -> Paper:
    """The sheet for one council. Raises NotYetError until the wave has closed, and where the council has no answer."""
    if state(wave, today) is not WaveState.CLOSED:
        raise NotYetError(f"{wave.title} is still open: councils hear back when it has closed.")
    response = next((one for one in versions(session, wave, parish_code) if minuted(one)), None)
    if response is None:
        raise NotYetError(f"No answer of a council {parish_code} on a minute is on record in {wave.title}.")
    name = session.get_one(Area, parish_code).name
    return Paper(
        kind=KIND,
        title=f"What became of your answers: {name}",
        subtitle=f"{wave.title}. For the council",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            Section("said", "What the council said", tuple(_said(session, wave, response))),
            _others(session, wave, response),
            Section("since", "Since last time", tuple(_since(session, wave, response))),
            Section("done", "What was done", tuple(_done(session, wave, parish_code, name, district))),
        ),
        synthetic=wave.synthetic,
        about={"wave": wave.key, "parish": parish_code},
    )


def _said(session: Session, wave: Wave, response: ParishResponse) -> Iterator[Paragraph]:
    questionnaire, context = questionnaire_for(session, wave), context_of(session, wave)
    note = f"The council’s response, version {response.version}, minute {response.minute_reference}."
    for name, question in questionnaire.questions.items():
        if name in response.answers:
            said = question.display(response.answers[name], context=context).replace("\n", "; ")
            yield Paragraph(f"{question.text()} {said}", _noted(note, response.synthetic))


def _others(session: Session, wave: Wave, response: ParishResponse) -> Section:
    title, compared = "Beside the other councils", council_receipt.compared(session, wave, response)
    if not compared:
        few = f"Fewer than {council_receipt.FEWEST} other councils answered, too few to show without pointing at one."
        return Section("others", title, (Paragraph(few),))
    text = (
        "Shares of the other councils that answered each question, every council counted once and none named. All "
        "councils that answered are in these shares: there is no margin for chance."
    )
    tables = tuple(
        (_table(number, one, wave), _noted(f"{one.base} other councils answered; {_HIDDEN}", wave.synthetic))
        for number, one in enumerate(compared, start=1)
    )
    return Section("others", title, (Paragraph(text),), tables)


_HIDDEN = f"an option that fewer than {council_receipt.SMALL} chose is not shown, nor what would give it away."


def _table(number: int, one: council_receipt.Compared, wave: Wave) -> Table:
    rows = [
        [
            Cell(option.title, option.title),
            Cell("Yes" if option.own else "–", "yes" if option.own else "no"),
            Cell("Not shown" if option.share is None else words.percent(option.share), option.share),
        ]
        for option in one.options
    ]
    columns = [
        Column("Answer", "answer"),
        Column("This council", "this_council"),
        Column("Others", "others", number=True),
    ]
    return Table(f"compared-{number}", one.text, columns, rows, {"wave": wave.key}, wave.synthetic)


def _since(session: Session, wave: Wave, response: ParishResponse) -> Iterator[Paragraph]:
    before = council_receipt.before(session, wave, response)
    for one in before:
        note = f"{one.wave_title}: {one.parish_name}."
        for change in one.changed:
            then, now = (said.replace("\n", ", ") for said in (change.before, change.now))
            yield Paragraph(f"{change.text} Then: {then}. Now: {now}.", note)
        if not one.changed:
            yield Paragraph("The council gave the same answers.", note)
    if not before:
        yield Paragraph("There is no earlier answer of this council to hold it against.")


def _done(session: Session, wave: Wave, parish_code: str, name: str, district: str) -> Iterator[Paragraph]:
    done = council_receipt.done(session, wave, parish_code, district)
    for one in done:
        ends = f" to {words.day(one.ends_on)}" if one.ends_on else ""
        said = f"{one.title}: from {words.day(one.starts_on)}{ends}, by {one.owner} ({one.status})."
        made_up = bool(one.gap.get("synthetic"))
        yield Paragraph(said, _noted(f"Communication plan, approved by {one.approved_by}.", made_up))
    if not done:
        yield Paragraph(f"Nothing in the partnership’s plan has begun yet that reaches {name}.")


def _noted(note: str, synthetic: bool) -> str:
    return f"{note} {notes.SYNTHETIC}" if synthetic else note
