"""Who carries a mail away: an SMTP server, GOV.UK Notify, or a folder of files."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from pathlib import Path
from typing import Protocol

SECONDS = 30
"""How long a server may take to answer."""
_LASTING_FAULT = 500


@dataclass(frozen=True)
class Outgoing:
    """A mail to be carried."""

    key: str
    recipient: str
    subject: str
    body: str
    kind: str
    queued_on: date
    kept: bool = True
    """False where nothing of the mail, nor its address, may stay."""


class TryLaterError(Exception):
    """The mail was surely not taken, and may be later. The message says why."""

    def __init__(self, reason: str, *, whole_carrier: bool = False) -> None:
        super().__init__(reason)
        self.whole_carrier = whole_carrier
        """Whether no other mail would fare better now."""


class RefusedError(Exception):
    """The mail was surely not taken, and never will be."""

    def __init__(self, reason: str, *, address: bool = False) -> None:
        super().__init__(reason)
        self.address = address
        """Whether it is the address that is at fault."""


class UnsureError(Exception):
    """Whether the mail was taken cannot be known."""


class Carrier(Protocol):
    """Takes one mail after the other."""

    def send(self, mail: Outgoing) -> str | None:
        """Hand one mail over; gives the name under which its fate can be asked for, if there is one.

        Raises TryLaterError, RefusedError or UnsureError.
        """

    def close(self) -> None:
        """Let go of whatever was opened."""


def as_email(mail: Outgoing, sender: str) -> EmailMessage:
    """The mail as a message, with a Message-ID that is the same at every try."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{mail.key}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


class FolderCarrier:
    """Writes each mail to a file beside the database, for the demo and for trying things out."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder, self._sender = folder, sender

    def send(self, mail: Outgoing) -> None:
        """Write the file; the same mail always to the same file."""
        name = f"{mail.queued_on.isoformat()}-{re.sub('[^a-z]+', '-', mail.kind.lower())}-{mail.key[:8]}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half = self._folder / f"{name}.part"
            half.write_bytes(bytes(as_email(mail, self._sender)))
            half.replace(self._folder / name)
        except OSError as error:
            raise TryLaterError(
                f"The folder for mail cannot be written: {error.strerror}.", whole_carrier=True
            ) from error

    def close(self) -> None:
        """Nothing is open."""


class SmtpCarrier:
    """Hands mails to one SMTP server, over one connection as long as it holds."""

    def __init__(
        self, host: str, port: int, *, sender: str, tls: str, username: str, password: str, trust: str = ""
    ) -> None:
        self._host, self._port, self._sender, self._tls = host, port, sender, tls
        self._username, self._password, self._trust = username, password, trust
        self._server: smtplib.SMTP | None = None

    def send(self, mail: Outgoing) -> None:
        """Hand one mail over; a fault before its content was sent can be tried again, one after it cannot be known."""
        message = as_email(mail, self._sender)
        server = self._ready()
        try:
            self._address(server, message)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise TryLaterError(f"The mail server did not take it: {_said(error)}") from error
        try:
            code, said = server.data(bytes(message))
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error, address=False) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise UnsureError(f"The mail server was lost while it took this: {_said(error)}") from error
        if code != 250:
            raise _verdict(code, said, address=False)

    def close(self) -> None:
        """Say goodbye."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _address(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        server.ehlo_or_helo_if_needed()
        code, said = server.mail(parseaddr(str(message["From"]))[1])
        if code != 250:
            server.rset()
            raise _verdict(code, said, address=False)
        code, said = server.rcpt(str(message["To"]))
        if code not in {250, 251}:
            server.rset()
            raise _verdict(code, said, address=True)

    def _ready(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        context = ssl.create_default_context(cafile=self._trust or None)
        try:
            server = (
                smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS, context=context)
                if self._tls == "tls"
                else smtplib.SMTP(self._host, self._port, timeout=SECONDS)
            )
            if self._tls == "starttls":
                server.starttls(context=context)
            if self._username:
                server.login(self._username, self._password)
        except (smtplib.SMTPException, OSError) as error:
            raise TryLaterError(
                f"The mail server at {self._host}:{self._port} cannot be reached: {_said(error)}", whole_carrier=True
            ) from error
        self._server = server
        return server


def _verdict(code: int, said: bytes | str, *, address: bool) -> Exception:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    sentence = f"The mail server said {code} {' '.join(text.split())}"
    if code < _LASTING_FAULT:
        return TryLaterError(sentence)
    # 5.7.x is about who sends (RFC 3463); the address may be a good one.
    return RefusedError(sentence, address=address and not text.startswith("5.7."))


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
