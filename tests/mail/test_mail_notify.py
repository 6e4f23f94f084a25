"""GOV.UK Notify: asked as its documentation says, against a server of our own that answers as it does."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from mail.conftest import TODAY
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csp_consult.db import writing
from csp_consult.mail import outbox
from csp_consult.mail.bounces import flagged
from csp_consult.mail.dispatch import carrier_of, work
from csp_consult.mail.models import Message
from csp_consult.settings import Settings, SettingsError

SERVICE, SECRET = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"


class Notify(ThreadingHTTPServer):
    """What was asked, and what is answered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.answer: tuple[int, dict[str, Any]] = (201, {"id": "notification-1"})
        self.status = "delivered"


class Answering(BaseHTTPRequestHandler):
    server: Notify

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.tokens.append(self.headers["Authorization"].removeprefix("Bearer "))
        self._answer(*self.server.answer)

    def do_GET(self) -> None:
        self._answer(200, {"id": self.path.rpartition("/")[2], "status": self.server.status})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def notify() -> Iterator[Notify]:
    server = Notify()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def settings_for(server: Notify) -> Settings:
    return Settings(
        mail_carrier="notify",
        mail_notify_key=f"a_key-{SERVICE}-{SECRET}",
        mail_notify_template="template-1",
        mail_notify_address=f"http://127.0.0.1:{server.server_port}",
    )


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_notify_is_given_the_words_under_a_token_signed_with_the_secret(
    session: Session, post: Callable[..., str], notify: Notify
) -> None:
    key = post(body="Words.")

    run = work(settings_for(notify), TODAY)

    assert run.sent == 1
    assert notify.asked == [
        {
            "email_address": "clerk@parish.example",
            "template_id": "template-1",
            "personalisation": {"subject": "A subject", "body": "Words."},
            "reference": key,
        }
    ]
    head, claims, signature = notify.tokens[0].split(".")
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "HS256"}
    assert json.loads(decoded(claims))["iss"] == SERVICE
    assert abs(json.loads(decoded(claims))["iat"] - time.time()) < 30
    assert decoded(signature) == hmac.digest(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256)


def test_what_notify_could_not_deliver_is_flagged(session: Session, post: Callable[..., str], notify: Notify) -> None:
    post()
    notify.status = "permanent-failure"

    work(settings_for(notify), TODAY)

    assert [one.address for one in flagged(session)] == ["clerk@parish.example"]
    assert session.scalars(select(Message.state)).all() == ["bounced"]


def test_a_mail_under_way_is_asked_after_once_an_hour(
    session: Session, post: Callable[..., str], notify: Notify
) -> None:
    post()
    notify.status = "sending"
    work(settings_for(notify), TODAY)
    assert not outbox.has_work(session)
    session.rollback()

    notify.status = "permanent-failure"
    work(settings_for(notify), TODAY)
    with writing() as store:
        assert store.scalars(select(Message.state)).all() == ["sent"]
        store.execute(update(Message).values(next_try_at=outbox._now()))
    assert outbox.has_work(session)
    session.rollback()
    work(settings_for(notify), TODAY)

    assert session.scalars(select(Message.state)).all() == ["bounced"]


@pytest.mark.parametrize(
    ("status", "said", "state", "flags"),
    [
        (400, "email_address Not a valid email address", "bounced", 1),
        (400, "Template not found", "failed", 0),
        (403, "Invalid token: API key not found", "waiting", 0),
        (429, "Exceeded rate limit", "waiting", 0),
        (500, "Internal server error", "waiting", 0),
    ],
)
def test_each_refusal_of_notify_has_its_consequence(
    session: Session, post: Callable[..., str], notify: Notify, status: int, said: str, state: str, flags: int
) -> None:
    post()
    notify.answer = (status, {"status_code": status, "errors": [{"error": "BadRequestError", "message": said}]})

    work(settings_for(notify), TODAY)

    found = session.scalars(select(Message)).one()
    assert (found.state, len(flagged(session))) == (state, flags)
    assert said in (found.fault or "")
    assert outbox.counts(session) == {state: 1}


def test_settings_that_lack_something_are_refused_in_words() -> None:
    with pytest.raises(SettingsError, match="CSP_MAIL_NOTIFY_KEY"):
        carrier_of(Settings(mail_carrier="notify"))
    with pytest.raises(SettingsError, match="https://"):
        carrier_of(
            Settings(
                mail_carrier="notify",
                mail_notify_key="k",
                mail_notify_template="t",
                mail_notify_address="ftp://notify.example",
            )
        )
