"""What goes to councils by mail and by letter; and the planned mails of every survey, put into the outbox."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from csp_consult.db import db, writing
from csp_consult.fieldwork import personal_links
from csp_consult.fieldwork.models import Mailing, Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.mail.letters import Words, address_of, write
from csp_consult.mail.outbox import queue
from csp_consult.parishes.board import Line, board, remind, reminder
from csp_consult.people import audit
from csp_consult.people.models import User


@dataclass(frozen=True)
class Mail:
    """One mail as it would go out."""

    to: str
    words: Words


@dataclass(frozen=True)
class Letter:
    """One letter as it would be printed."""

    addressee: str
    words: Words
    link: str


def queue_due() -> None:
    """Put the mails of every day that has come into the outbox, in a transaction of its own.

    Nobody is written to who has answered, or after the wave closed; before it has opened, mails wait for it. Of days
    that came while it waited one is made up for, so that nobody is invited and reminded at once.
    """
    today = date.today()
    with Session(db.engine) as looking:
        if not looking.scalar(select(exists().where(Mailing.queued.is_(None), Mailing.send_on <= today))):
            return
    with writing() as session:
        due = select(Mailing).where(Mailing.queued.is_(None), Mailing.send_on <= today)
        by_wave: dict[int, list[Mailing]] = defaultdict(list)
        # The invitation before reminders, and the latest day of each first.
        for mailing in session.scalars(
            due.order_by(Mailing.kind, Mailing.send_on.desc()).with_for_update(skip_locked=True)
        ):
            by_wave[mailing.wave_id].append(mailing)
        for wave_id, (first, *others) in by_wave.items():
            wave = session.get_one(Wave, wave_id)
            if state(wave, today) is WaveState.NOT_YET_OPEN:
                continue
            first.queued = _send(session, wave, first.kind, today)
            for one in others:
                one.queued = 0


def _send(session: Session, wave: Wave, kind: str, today: date) -> int:
    if state(wave, today) is not WaveState.OPEN:
        return 0
    if wave.survey.audience == "residents":
        return personal_links.write_to_list(session, wave, kind, today)
    if kind == "reminder":
        return remind(session, wave, board(session, wave, today).lines, user_id=None, today=today)
    invitations = mails(session, wave, kind, today)
    for mail in invitations:
        words = mail.words
        queue(session, to=mail.to, subject=words.subject, body=words.body, kind="council invitation", today=today)
    audit.record(session, "councils invited", subject=wave.key, detail={"mails": len(invitations)})
    return len(invitations)


def mails(session: Session, wave: Wave, kind: str, today: date) -> list[Mail]:
    """The mails of a kind as they would go to clerks today: an invitation names all of a clerk's councils at once."""
    waiting = [line for line in board(session, wave, today).lines if not line.counted]
    if kind == "reminder":
        return [Mail(user.email, reminder(wave, line, user)) for line in waiting for user in line.reachable]
    councils: dict[User, list[Line]] = defaultdict(list)
    for line in waiting:
        for user in line.reachable:
            councils[user].append(line)
    return [Mail(user.email, _invitation(wave, user, lines)) for user, lines in councils.items()]


def letters(session: Session, wave: Wave, today: date, *, every: bool) -> Sequence[Letter]:
    """A letter to each council that has not answered: to ``every`` one, or to those only that no mail reaches."""
    return [
        Letter(
            f"The {'chairman of the parish meeting' if line.meeting else 'clerk to the parish council'}, "
            f"{line.standing.parish.name}",
            write(
                "council letter",
                parishes=[parish.name for parish in line.speaks_for],
                title=wave.title,
                last_day=line.standing.window.last_day,
                has_clerk=bool(line.clerks),
            ),
            address_of("public.questions_pdf", survey=wave.survey.slug, wave=wave.slug),
        )
        for line in board(session, wave, today).lines
        if not line.counted and (every or not line.reachable)
    ]


def _invitation(wave: Wave, user: User, lines: Sequence[Line]) -> Words:
    return write(
        "council invitation",
        name=user.name,
        parishes=[line.standing.parish.name for line in lines],
        title=wave.title,
        last_day=wave.closes_on,
        link=address_of("clerk.home"),
    )
