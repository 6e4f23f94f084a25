"""Telling people of the results who asked for it, from addresses that nothing ties to an answer."""

import secrets
from datetime import date

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from csp_consult.db import upsert_into
from csp_consult.fieldwork.asked import AnyWave
from csp_consult.fieldwork.models import NewsAddress, Wave
from csp_consult.mail.outbox import queue


def tidy_address(typed: str) -> str:
    """The e-mail address that was meant. Raises ValueError when it cannot be one."""
    try:
        return validate_email(typed.strip()[:320], check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError("no address") from error


def ask(session: Session, wave: AnyWave, address: str, *, today: date) -> None:
    """Keep an address for news of a wave's results; the same again changes nothing. The caller commits.

    Its id is random, so that the order in which addresses came says nothing of who answered when.
    """
    row = {"id": secrets.token_hex(16), "wave_id": wave.id, "address": address, "asked_on": today}
    session.execute(upsert_into(session, NewsAddress).values(**row).on_conflict_do_nothing())


def waiting(session: Session, wave: Wave) -> int:
    """How many asked for news of this wave."""
    return session.scalar(select(func.count()).select_from(NewsAddress).where(NewsAddress.wave_id == wave.id)) or 0


def send(session: Session, wave: Wave, *, subject: str, body: str, today: date) -> int:
    """Put the news into the outbox for everybody who asked, and forget their addresses. The caller commits."""
    addresses = session.scalars(select(NewsAddress.address).where(NewsAddress.wave_id == wave.id)).all()
    for address in addresses:
        queue(session, to=address, subject=subject, body=body, kind="results", today=today, kept=False)
    forgotten = delete(NewsAddress).where(NewsAddress.wave_id == wave.id)
    session.execute(forgotten.execution_options(synchronize_session=False))
    return len(addresses)
