"""The outbox, against a real SMTP server: each mail once, whatever breaks, and what came back is known."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from mail.conftest import TODAY, Mailbox, carrier_to, free_port
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csp_consult.commands.mail import mail as mail_commands
from csp_consult.commands.serve import serve
from csp_consult.db import writing
from csp_consult.mail import outbox
from csp_consult.mail.bounces import BounceError, flagged, read_report
from csp_consult.mail.carriers import Outgoing, SmtpCarrier, as_email
from csp_consult.mail.models import Message

Post = Callable[..., str]

REPORT = b"""From: mailer-daemon@district.example
To: csp@district.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

It did not work.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.district.example

Final-Recipient: rfc822; Clerk@parish.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

Final-Recipient: rfc822; slow@parish.example
Action: delayed
Status: 4.4.1
--x--
"""


def message(key: str) -> Message:
    with writing() as store:
        return store.scalars(select(Message).where(Message.key == key)).one()


def make_due(session: Session) -> None:
    session.execute(update(Message).values(next_try_at=outbox._now() - timedelta(days=2)))
    session.commit()


def test_a_mail_arrives_with_its_words_and_they_are_erased_here(
    session: Session, post: Post, carrier: SmtpCarrier, mailbox: Mailbox
) -> None:
    key = post(body="The clerk’s link: https://csp.example/a-secret")

    run = outbox.send_due(carrier, today=TODAY)

    assert run.sent == 1
    assert [(mail["To"], mail["From"], mail["Subject"]) for mail in mailbox.mails] == [
        ("clerk@parish.example", "csp@district.example", "A subject")
    ]
    assert mailbox.mails[0].get_content().strip() == "The clerk’s link: https://csp.example/a-secret"
    assert mailbox.mails[0]["Message-ID"] == f"<{key}@district.example>"
    assert (message(key).state, message(key).body) == ("sent", "")


def test_a_mail_whose_matter_was_rolled_back_is_never_sent(
    session: Session, carrier: SmtpCarrier, mailbox: Mailbox
) -> None:
    outbox.queue(session, to="a@b.example", subject="S", body="B", kind="reminder", today=TODAY)
    session.rollback()

    outbox.send_due(carrier, today=TODAY)

    assert mailbox.mails == []


def test_two_workers_at_once_send_each_mail_once(app: Flask, post: Post, smtp: Controller, mailbox: Mailbox) -> None:
    for n in range(12):
        post(f"clerk{n}@parish.example")

    def work() -> None:
        with app.app_context():
            carrier = carrier_to(smtp.port)
            outbox.send_due(carrier, today=TODAY)
            carrier.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(mail["To"] for mail in mailbox.mails) == sorted(f"clerk{n}@parish.example" for n in range(12))


def test_while_the_server_is_away_mails_wait_longer_each_time_and_then_arrive(
    session: Session, post: Post, smtp: Controller, mailbox: Mailbox
) -> None:
    key = post()
    away = carrier_to(1)

    first = outbox.send_due(away, today=TODAY)
    at_once = outbox.send_due(away, today=TODAY)
    waits = message(key).next_try_at - outbox._now()
    make_due(session)
    back = carrier_to(smtp.port)
    last = outbox.send_due(back, today=TODAY)
    back.close()

    assert (first.later, at_once.later, last.sent) == (1, 0, 1)
    assert timedelta(seconds=50) < waits <= timedelta(seconds=60)
    assert len(mailbox.mails) == 1
    assert message(key).tries == 2


def test_after_the_last_try_a_mail_has_failed_and_says_why(session: Session, post: Post) -> None:
    key = post()

    for _ in range(len(outbox.WAITS) + 1):
        make_due(session)
        outbox.send_due(carrier_to(1), today=TODAY)

    found = message(key)
    assert (found.state, found.tries) == ("failed", 6)
    assert "cannot be reached" in (found.fault or "")


def test_an_address_the_server_does_not_know_is_flagged_and_gets_nothing_more(
    session: Session, post: Post, carrier: SmtpCarrier, mailbox: Mailbox
) -> None:
    mailbox.answers["gone@parish.example"] = "550 5.1.1 no such user"
    refused, good = post("gone@parish.example"), post()

    outbox.send_due(carrier, today=TODAY)
    later = post("GONE@parish.example")

    assert [message(key).state for key in (refused, good, later)] == ["bounced", "sent", "bounced"]
    assert [(one.address, one.bounced_on) for one in flagged(session)] == [("gone@parish.example", TODAY)]
    assert [mail["To"] for mail in mailbox.mails] == ["clerk@parish.example"]


@pytest.mark.parametrize(
    ("answer", "state", "flags"),
    [("451 4.7.1 greylisted", "waiting", 0), ("554 5.7.1 your server is blocked", "failed", 0)],
)
def test_what_is_not_the_address_fault_flags_no_address(
    session: Session, post: Post, carrier: SmtpCarrier, mailbox: Mailbox, answer: str, state: str, flags: int
) -> None:
    mailbox.answers["clerk@parish.example"] = answer
    key = post()

    outbox.send_due(carrier, today=TODAY)

    assert (message(key).state, len(flagged(session))) == (state, flags)


def test_nothing_of_a_residents_mail_stays(
    session: Session, post: Post, carrier: SmtpCarrier, mailbox: Mailbox
) -> None:
    mailbox.answers["wrong@home.example"] = "550 5.1.1 no such user"
    post("resident@home.example", kept=False)
    post("wrong@home.example", kept=False)

    outbox.send_due(carrier, today=TODAY)

    assert [mail["To"] for mail in mailbox.mails] == ["resident@home.example"]
    assert session.scalars(select(Message)).all() == []
    assert list(flagged(session)) == []


def test_a_mail_that_a_killed_worker_was_sending_is_not_sent_twice_but_shown_to_an_officer(
    session: Session, post: Post, carrier: SmtpCarrier, mailbox: Mailbox
) -> None:
    cut_off, next_one = post(), post("next@parish.example")
    claimed = outbox._claim()
    assert claimed is not None
    assert claimed.key == cut_off
    make_due(session)

    run = outbox.send_due(carrier, today=TODAY)

    assert [mail["To"] for mail in mailbox.mails] == ["next@parish.example"]
    assert (run.unsure, message(next_one).state) == (1, "sent")
    found = message(cut_off)
    assert (found.state, found.fault) == ("unsure", "The worker was cut off while it sent this.")
    with writing() as store:
        assert outbox.send_again(store, store.get_one(Message, found.id))
    outbox.send_due(carrier, today=TODAY)
    assert mailbox.mails[-1]["Message-ID"] == f"<{cut_off}@district.example>"


def test_starttls_is_used_and_a_server_that_cannot_prove_itself_gets_nothing(
    session: Session, post: Post, mailbox: Mailbox, certificate: Path, tls_context: object
) -> None:
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port(), tls_context=tls_context, require_starttls=True)
    server.start()
    post()

    distrusting, trusting = (carrier_to(server.port, tls="starttls", trust=trust) for trust in ("", str(certificate)))
    refused = outbox.send_due(distrusting, today=TODAY)
    make_due(session)
    taken = outbox.send_due(trusting, today=TODAY)
    trusting.close()
    server.stop()

    assert (refused.later, refused.sent, taken.sent) == (1, 0, 1)
    assert len(mailbox.mails) == 1


def test_a_delivery_report_names_the_addresses_that_will_never_take_mail() -> None:
    assert read_report(REPORT) == [("Clerk@parish.example", "smtp; 550 5.1.1 no such user")]
    with pytest.raises(BounceError, match="not a delivery report"):
        read_report(b"Subject: Hello\n\nHello")


def test_the_commands_send_list_and_take_note_of_what_came_back(app: Flask, session: Session, post: Post) -> None:
    post(body="a-secret")
    runner = app.test_cli_runner()

    sent = runner.invoke(mail_commands, ["send"])
    bounced = runner.invoke(mail_commands, ["bounce", "-"], input=REPORT)
    listed = runner.invoke(mail_commands, ["list", "--format", "json"])
    cleared = runner.invoke(mail_commands, ["bounce", "clerk@parish.example", "--clear"])

    assert sent.output == "Sent 1, to be tried later 0, given up 0, unsure 0.\n"
    assert bounced.output == "Noted: 1 address took no mail.\n"
    assert "a-secret" not in listed.output
    assert [one["kind"] for one in json.loads(listed.output)["mails"]] == ["reminder"]
    assert cleared.output == "Mail goes to clerk@parish.example again.\n"
    session.rollback()
    assert list(flagged(session)) == []


def test_a_port_there_is_not_is_refused_in_words(app: Flask) -> None:
    refused = app.test_cli_runner().invoke(serve, ["--port", "99999"])

    assert refused.exit_code == 2
    assert "99999 is not in the range" in refused.output


@pytest.mark.long
def test_a_worker_killed_again_and_again_sends_nothing_twice(
    session: Session, post: Post, smtp: Controller, mailbox: Mailbox, database_url: str
) -> None:
    for n in range(200):
        post(f"clerk{n}@parish.example")
    environ = os.environ | {
        "CSP_DATABASE_URL": database_url,
        "CSP_MAIL_CARRIER": "smtp",
        "CSP_MAIL_HOST": "127.0.0.1",
        "CSP_MAIL_PORT": str(smtp.port),
        "CSP_MAIL_TLS": "none",
    }
    for seconds in (4.0, 4.2, 4.4, 60.0):
        worker = subprocess.Popen(
            [sys.executable, "-c", "from csp_consult.cli import main; main()", "mail", "send"], env=environ
        )
        ends = time.monotonic() + seconds
        while worker.poll() is None and time.monotonic() < ends:
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    arrived = [mail["To"] for mail in mailbox.mails]
    unsure = [one.recipient for one in outbox.listed(session, state="sending")]
    assert len(arrived) == len(set(arrived))
    assert {*arrived, *unsure} == {f"clerk{n}@parish.example" for n in range(200)}


@pytest.mark.parametrize("to", ["me@example.org\r\nBcc: all@example.org", "me@example.org"])
def test_a_line_break_in_a_subject_or_address_adds_no_heading(to: str) -> None:
    subject = "Hello" if "Bcc" in to else "Hello\r\nBcc: all@example.org"

    with pytest.raises(ValueError, match="linefeed"):
        as_email(Outgoing("key", to, subject, "Words.", "return link", TODAY), "us@example.org")
