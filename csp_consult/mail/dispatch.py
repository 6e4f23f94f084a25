"""From the settings to the carrier, and one pass of the worker over the outbox."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from csp_consult.db import db, mark_reading, writing
from csp_consult.mail.bounces import LATELY, flag
from csp_consult.mail.carriers import Carrier, FolderCarrier, SmtpCarrier
from csp_consult.mail.models import Message
from csp_consult.mail.notify import BOUNCED, SETTLED, NotifyCarrier
from csp_consult.mail.outbox import Run, has_work, send_due
from csp_consult.settings import PROJECT, Settings, SettingsError

SECONDS_BETWEEN = 3
ASKED_AGAIN_AFTER = timedelta(hours=1)
_ASKED_AT_ONCE = 50

logger = logging.getLogger(__name__)


def work(settings: Settings, today: date) -> Run:
    """Send what is due, and ask what became of what Notify took. Raises SettingsError."""
    carrier = carrier_of(settings)
    try:
        run = send_due(carrier, today=today)
        if isinstance(carrier, NotifyCarrier):
            _ask(carrier, today)
        return run
    finally:
        carrier.close()


def watch(settings: Settings, stop: Event, prepare: Callable[[], None]) -> Iterator[Run]:
    """Look every few seconds whether there is work, and do it, until told to stop; gives what each pass did.

    ``prepare`` puts into the outbox what has fallen due since.
    Needs an application context. A database that does not answer is asked again. Raises SettingsError.
    """
    while not stop.is_set():
        mark_reading(True)
        try:
            prepare()
            with Session(db.engine) as session:
                found = has_work(session)
            if found:
                yield work(settings, date.today())
        except SQLAlchemyError as error:
            logger.warning("The outbox could not be read: %s", type(error).__name__)
        stop.wait(SECONDS_BETWEEN)


def carrier_of(settings: Settings) -> Carrier:
    """The carrier that the settings name. Raises SettingsError where they lack something it needs."""
    sender = settings.mail_from or settings.partnership_email
    match settings.mail_carrier:
        case "smtp":
            return SmtpCarrier(
                settings.mail_host,
                settings.mail_port,
                sender=sender,
                tls=settings.mail_tls,
                username=settings.mail_username,
                password=settings.mail_password,
                trust=settings.mail_authority,
            )
        case "notify":
            if not (settings.mail_notify_key and settings.mail_notify_template):
                raise SettingsError("GOV.UK Notify needs CSP_MAIL_NOTIFY_KEY and CSP_MAIL_NOTIFY_TEMPLATE.")
            if not settings.mail_notify_address.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
                raise SettingsError("CSP_MAIL_NOTIFY_ADDRESS must begin with https://.")
            return NotifyCarrier(settings.mail_notify_address, settings.mail_notify_key, settings.mail_notify_template)
    return FolderCarrier(folder_of(settings), sender)


def folder_of(settings: Settings) -> Path:
    """Where the files of the demo's mail lie."""
    if settings.mail_folder:
        return Path(settings.mail_folder)
    url = make_url(settings.database_url)
    beside = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else PROJECT / "instance"
    return beside / "mail"


def _ask(carrier: NotifyCarrier, today: date) -> None:
    """Ask what became of mails that Notify took: at once, then every hour, and after some days no more."""
    now = datetime.now(UTC).replace(tzinfo=None)
    asked = select(Message.id, Message.carrier_id, Message.recipient, Message.queued_on).where(
        Message.carrier_id.is_not(None), Message.next_try_at <= now
    )
    with writing() as session:
        open_matters = session.execute(asked.order_by(Message.id).limit(_ASKED_AT_ONCE)).all()
    for message_id, carrier_id, recipient, queued_on in open_matters:
        fate = carrier.status(str(carrier_id))
        with writing() as session:
            message = session.get_one(Message, message_id)
            message.next_try_at = now + ASKED_AGAIN_AFTER
            if fate in SETTLED or queued_on < today - LATELY:
                message.carrier_id = None
            if fate in BOUNCED:
                flag(session, recipient, reason="GOV.UK Notify could not deliver it: permanent failure.", today=today)
