"""The outbox: a mail is queued in the transaction of what it is about, and sent afterwards by a worker.

A mail is claimed, in a transaction of its own, before the carrier is given it. So two workers never send the same
one, and one that was cut off while sending is not sent again by itself: nobody can know whether it arrived, so
an officer decides. That is as close to exactly once as mail allows; the same Message-ID at every try does the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from csp_consult.db import writing
from csp_consult.mail.bounces import flag, is_flagged
from csp_consult.mail.carriers import Carrier, Outgoing, RefusedError, TryLaterError, UnsureError
from csp_consult.mail.models import Message

WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""How long after each try that found no open door; after the last one the mail has failed."""
CUT_OFF_AFTER = timedelta(minutes=10)
"""No try takes as long: a mail that is still being sent then belongs to a worker that was cut off."""


@dataclass
class Run:
    """What one pass over the outbox did."""

    sent: int = 0
    later: int = 0
    given_up: int = 0
    unsure: int = 0


def queue(session: Session, *, to: str, subject: str, body: str, kind: str, today: date, kept: bool = True) -> Message:
    """Put a mail into the outbox; it is sent once the caller has committed, and never if it rolls back.

    ``kind`` says what it is to an officer, as in ``reminder``. ``kept=False`` is for residents: nothing of the mail,
    not even the address, stays once it is sent or given up. A mail to an address that bounced is not sent, and says so.
    """
    message = Message(
        key=uuid4().hex,
        kind=kind,
        recipient=to.strip(),
        subject=" ".join(subject.split())[:200],
        body=body,
        state="waiting",
        queued_on=today,
        tries=0,
        next_try_at=_now(),
        kept=kept,
    )
    if is_flagged(session, message.recipient):
        message.state, message.body = "bounced", ""
        message.fault = "Not sent: mail to this address came back before."
    session.add(message)
    session.flush()
    return message


def send_due(carrier: Carrier, *, today: date) -> Run:
    """Send every mail that is due, one after the other, each in transactions of its own."""
    run = Run(unsure=_find_cut_off())
    refused_all = False
    while not refused_all and (outgoing := _claim()) is not None:
        try:
            carrier_id = carrier.send(outgoing)
        except TryLaterError as error:
            _put_off(outgoing, str(error), run)
            refused_all = error.whole_carrier
        except RefusedError as error:
            _give_up(outgoing, error, today)
            run.given_up += 1
        except UnsureError as error:
            _settle(outgoing, state="unsure", fault=str(error)[:300])
            run.unsure += 1
        else:
            _settle(outgoing, state="sent", body="", carrier_id=carrier_id, fault=None)
            run.sent += 1
    return run


def has_work(session: Session) -> bool:
    """Whether a worker has anything to do: a mail is due, was cut off, or its fate is not known yet."""
    cut_off = (Message.state == "sending") & (Message.next_try_at < _now() - CUT_OFF_AFTER)
    open_matter = (Message.state == "waiting") | Message.carrier_id.is_not(None)
    query = select(Message.id).where((open_matter & (Message.next_try_at <= _now())) | cut_off).limit(1)
    return session.scalar(query) is not None


def listed(session: Session, *, state: str | None = None, limit: int = 200) -> Sequence[Message]:
    """Mails, the newest first; of one state if given."""
    query = select(Message).order_by(Message.id.desc()).limit(limit)
    return session.scalars(query.where(Message.state == state) if state else query).all()


def counts(session: Session, since: date = date.min) -> dict[str, int]:
    """How many mails are in each state, of those queued from a day on."""
    query = select(Message.state, func.count()).where(Message.queued_on >= since).group_by(Message.state)
    return dict(session.execute(query).all())


def send_again(session: Session, message: Message) -> bool:
    """Put a mail that failed or may have been lost back into the outbox; False where its words are gone."""
    if message.state not in {"unsure", "failed"} or not message.body:
        return False
    message.state, message.tries, message.next_try_at, message.fault = "waiting", 0, _now(), None
    session.flush()
    return True


def _claim() -> Outgoing | None:
    """The mail that has waited longest, now ours to send; None when none is due."""
    with writing() as session:
        due = (
            select(Message.id)
            .where(Message.state == "waiting", Message.next_try_at <= _now())
            .order_by(Message.next_try_at, Message.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        message = session.scalar(
            update(Message)
            .where(Message.id == due.scalar_subquery())
            .values(state="sending", tries=Message.tries + 1, next_try_at=_now())
            .returning(Message)
        )
        if message is None:
            return None
        return Outgoing(
            key=message.key,
            recipient=message.recipient,
            subject=message.subject,
            body=message.body,
            kind=message.kind,
            queued_on=message.queued_on,
            kept=message.kept,
        )


def _find_cut_off() -> int:
    with writing() as session:
        found = session.execute(
            update(Message)
            .where(Message.state == "sending", Message.next_try_at < _now() - CUT_OFF_AFTER)
            .values(state="unsure", fault="The worker was cut off while it sent this.")
            .returning(Message.id)
        )
        return len(found.all())


def _put_off(outgoing: Outgoing, fault: str, run: Run) -> None:
    with writing() as session:
        tries = session.scalars(select(Message.tries).where(Message.key == outgoing.key)).one()
    if tries > len(WAITS):
        _settle(outgoing, state="failed", fault=fault[:300])
        run.given_up += 1
        return
    run.later += 1
    _settle(outgoing, state="waiting", next_try_at=_now() + WAITS[tries - 1], fault=fault[:300])


def _give_up(outgoing: Outgoing, error: RefusedError, today: date) -> None:
    _settle(outgoing, state="bounced" if error.address else "failed", fault=str(error)[:300])
    # A resident's address is not even kept as one that bounced.
    if error.address and outgoing.kept:
        with writing() as session:
            flag(session, outgoing.recipient, reason=str(error), today=today)


def _settle(outgoing: Outgoing, *, state: str, **values: object) -> None:
    with writing() as session:
        mine = Message.key == outgoing.key
        session.execute(update(Message).where(mine).values(state=state, **values))
        if state != "waiting":
            session.execute(delete(Message).where(mine, Message.kept.is_(False)))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
