"""Closed surveys: a list of people, a link for each that works once, and the days on which they are written to.

That a link was used is noted to the day, in the transaction that stores the answers but with nothing in common with
them: from the list nobody can tell which answers somebody gave, only that they answered.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from csp_consult.fieldwork.asked import AnyWave
from csp_consult.fieldwork.models import Mailing, PersonalLink, Response, Wave
from csp_consult.fieldwork.waves import WaveError, WaveState, state
from csp_consult.mail.letters import Words, address_of, write
from csp_consult.mail.outbox import queue
from csp_consult.people import audit
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.settings import current_settings

NAME_LENGTH = 120


@dataclass(frozen=True)
class Invited:
    """One line of a list: whom, and where they are mailed; without an address, they get a letter."""

    name: str
    address: str | None = None


@dataclass(frozen=True)
class Standing:
    """How far a list has come."""

    people: int
    by_mail: int
    used: int


def read_list(rows: Iterable[dict[str, str]]) -> list[Invited]:
    """The people of a spreadsheet with the headings ``name`` and, if they are mailed, ``email``.

    Raises WaveError, naming the row, where something is missing or twice there.
    """
    people: list[Invited] = []
    names: set[str] = set()
    addresses: set[str] = set()
    for number, row in enumerate(rows, start=2):
        cells = {key.strip().lower(): value.strip() for key, value in row.items() if key}
        if "name" not in cells:
            raise WaveError("The file needs a column headed name, and one headed email for those who are mailed.")
        name, address = cells["name"][:NAME_LENGTH], cells.get("email") or None
        if not name:
            raise WaveError(f"Row {number} has no name. A household’s number will do, if every row has another.")
        if name.lower() in names:
            raise WaveError(f"Row {number} has the name {name}, as an earlier row does. Make every name its own.")
        if address and "@" not in address:
            raise WaveError(f"Row {number} has {address!r} for an email address. Correct it, or leave it empty.")
        if address and address.lower() in addresses:
            raise WaveError(f"Row {number} has the address {address}, as an earlier row does.")
        names.add(name.lower())
        addresses.add((address or "").lower())
        people.append(Invited(name, address))
    if not people:
        raise WaveError("The file has no rows.")
    return people


def add_list(session: Session, wave: Wave, people: Sequence[Invited]) -> int:
    """Give everybody on the list a link; from now on only they can answer. The caller commits.

    Whoever is on the wave's list already keeps their link. Gives how many are new. Raises WaveError when the wave has
    answers from before it had a list, or asks councils.
    """
    answered = session.scalar(select(exists().where(Response.wave_id == wave.id)))
    if answered and not wave.by_link:
        raise WaveError(f"{wave.title} has answers from whoever found it, so it cannot be closed to a list now.")
    if wave.survey.audience != "residents":
        raise WaveError("Councils answer through their clerks: a list of people is for surveys of residents.")
    known = {
        name.lower() for name in session.scalars(select(PersonalLink.invited).where(PersonalLink.wave_id == wave.id))
    }
    new = [one for one in people if one.name.lower() not in known]
    for one in new:
        seed = secrets.token_hex(16)
        digest = _digest(_token(seed))
        session.add(PersonalLink(wave_id=wave.id, invited=one.name, address=one.address, seed=seed, digest=digest))
    wave.by_link, wave.recruitment = True, "invited"
    session.flush()
    audit.record(session, "list of people added", subject=wave.key, detail={"people": len(new)})
    return len(new)


def copy_list(session: Session, source: Wave, target: Wave) -> int:
    """Invite the people of one wave to another, by new links. The caller commits. Raises WaveError."""
    people = session.execute(
        select(PersonalLink.invited, PersonalLink.address).where(PersonalLink.wave_id == source.id)
    )
    return add_list(session, target, [Invited(name, address) for name, address in people])


def forget_list(session: Session, wave: Wave, today: date) -> int:
    """Erase a closed wave's list: it has done its work. The caller commits. Raises WaveError while it is needed."""
    if state(wave, today) is not WaveState.CLOSED:
        raise WaveError(f"{wave.title} has not closed, so its list is still needed.")
    gone = session.execute(delete(PersonalLink).where(PersonalLink.wave_id == wave.id).returning(PersonalLink.id))
    number = len(gone.all())
    audit.record(session, "list of people erased", subject=wave.key, detail={"people": number})
    return number


def standing(session: Session, wave: Wave) -> Standing:
    """How many are on the list, how many of them are mailed, and how many have answered."""
    counted = select(func.count(), func.count(PersonalLink.address), func.count(PersonalLink.used_on))
    people, by_mail, used = session.execute(counted.where(PersonalLink.wave_id == wave.id)).one()
    return Standing(people, by_mail, used)


def schedule(session: Session, wave: Wave, kind: str, send_on: date, today: date) -> None:
    """Write to the list on a day: an ``invitation``, or a ``reminder`` to those who have not answered by then.

    The caller commits. Raises WaveError when the day is past or the wave takes no answers on it.
    """
    if send_on < max(today, wave.opens_on) or send_on > wave.closes_on:
        raise WaveError(
            f"Choose a day from today on while {wave.title} is open: "
            f"{wave.opens_on:%-d %B %Y} to {wave.closes_on:%-d %B %Y}."
        )
    session.execute(delete(Mailing).where(Mailing.wave_id == wave.id, Mailing.kind == kind, Mailing.queued.is_(None)))
    same_day = (Mailing.wave_id == wave.id) & (Mailing.kind == kind) & (Mailing.send_on == send_on)
    if session.scalar(select(exists().where(same_day))):
        raise WaveError("The list was written to on that day already.")
    session.add(Mailing(wave_id=wave.id, kind=kind, send_on=send_on))
    session.flush()
    audit.record(session, f"{kind} scheduled", subject=wave.key, detail={"on": send_on.isoformat()})


def mailings(session: Session, wave: Wave) -> Sequence[Mailing]:
    """The days on which a wave's list is or was written to."""
    return session.scalars(select(Mailing).where(Mailing.wave_id == wave.id).order_by(Mailing.send_on)).all()


def letters_for(session: Session, wave: Wave) -> list[tuple[str, str]]:
    """Name and link of everybody who gets a letter and has not answered."""
    links = session.scalars(
        select(PersonalLink)
        .where(PersonalLink.wave_id == wave.id, PersonalLink.address.is_(None), PersonalLink.used_on.is_(None))
        .order_by(PersonalLink.id)
    )
    return [(link.invited, _address(wave, link)) for link in links]


def find(session: Session, wave: AnyWave, token: str) -> PersonalLink | None:
    """The link of that token in that wave, used or not."""
    return session.scalar(
        select(PersonalLink).where(PersonalLink.wave_id == wave.id, PersonalLink.digest == _digest(token))
    )


def use(session: Session, wave: AnyWave, token: str, today: date) -> bool:
    """Note that the link was used; False where it was before, or is none. In the transaction of the answers."""
    used = update(PersonalLink).where(
        PersonalLink.wave_id == wave.id, PersonalLink.digest == _digest(token), PersonalLink.used_on.is_(None)
    )
    return session.scalar(used.values(used_on=today).returning(PersonalLink.wave_id)) is not None


def write_to_list(session: Session, wave: Wave, kind: str, today: date) -> int:
    """Queue the mail of a kind to everybody on the list who has an address and has not answered; gives how many."""
    links = to_be_mailed(session, wave)
    for link in links:
        words = words_of(session, wave, kind, _address(wave, link))
        to = link.address or ""
        queue(session, to=to, subject=words.subject, body=words.body, kind=f"survey {kind}", today=today)
    return len(links)


def words_of(session: Session, wave: Wave, kind: str, link: str) -> Words:
    """What the invitation or reminder says to somebody with that link."""
    version = session.get_one(QuestionnaireVersion, wave.questionnaire_id)
    return write(
        "survey invitation",
        title=wave.title,
        organisation=wave.survey.organisation,
        minutes=questionnaire_of(version).minutes,
        closes_on=wave.closes_on,
        link=link,
        reminding=kind == "reminder",
    )


def to_be_mailed(session: Session, wave: Wave) -> Sequence[PersonalLink]:
    """Those on the list who are mailed and have not answered, in the order of the list."""
    query = select(PersonalLink).where(
        PersonalLink.wave_id == wave.id, PersonalLink.address.is_not(None), PersonalLink.used_on.is_(None)
    )
    return session.scalars(query.order_by(PersonalLink.id)).all()


def _address(wave: Wave, link: PersonalLink) -> str:
    return address_of("resident.by_link", survey=wave.survey.slug, wave=wave.slug, token=_token(link.seed))


def _token(seed: str) -> str:
    # Made again from the seed for each letter, so that the database alone lets nobody answer.
    made = hmac.digest(current_settings().codes_secret.encode(), f"personal link {seed}".encode(), hashlib.sha256)
    return base64.b32encode(made[:15]).decode().lower()


def _digest(token: str) -> str:
    return hashlib.sha256(f"personal link {token}".encode()).hexdigest()
