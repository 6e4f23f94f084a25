"""Settings, read from the environment with the prefix ``CSP_`` and from nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from flask import current_app

PROJECT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-not-a-secret"  # noqa: S105 - production refuses it


class SettingsError(ValueError):
    """A setting is missing or cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. The environment name is ``CSP_`` + the field in capitals."""

    environment: str = "development"
    """``development``, ``demo`` (loopback only, prints its sign-ins) or ``production``."""
    database_url: str = f"sqlite:///{PROJECT / 'instance' / 'csp_consult.db'}"
    """SQLAlchemy address: ``sqlite:///FILE`` or ``postgresql+psycopg://…``."""
    secret_key: str = DEVELOPMENT_SECRET
    """Signs sessions and forms. Production refuses to start on the default or on under 32 characters."""
    codes_secret: str = DEVELOPMENT_SECRET
    """Encrypts what sign-in codes are made from. Keep it: without it, nobody's codes can be read any more.

    Production refuses to start on the default or on under 32 characters."""
    proxies: int = 0
    """How many web servers of your own stand in front: whose word on the visitor's address is taken."""
    partnership: str = "Harborough District Community Safety Partnership"
    """The name residents see as the body that asks."""
    partnership_email: str = "communitysafety@harborough.gov.uk"
    """Where residents and clerks may write."""
    partnership_telephone: str = ""
    """Where residents may call, to answer by telephone or have a form sent; without one, they are asked to write."""
    partnership_address: str = ""
    """Where forms on paper are sent back to, on one line, such as a freepost address; without one, they ask for it."""
    site_address: str = "http://localhost:8000"
    """Where people reach this site: what links in mails and letters begin with. Production needs ``https://``."""
    mail_carrier: str = "folder"
    """Who carries mails away: ``folder`` (files, for trying out), ``smtp`` or ``notify`` (GOV.UK Notify)."""
    mail_from: str = ""
    """The address that mails come from; without one, ``partnership_email``."""
    mail_folder: str = ""
    """Where ``folder`` writes; without one, ``mail`` beside the SQLite database, else in ``instance``."""
    mail_host: str = "localhost"
    """The SMTP server."""
    mail_port: int = 587
    """Its port."""
    mail_tls: str = "starttls"
    """``starttls``, ``tls`` (from the first byte, as on port 465) or ``none`` (a server on this machine)."""
    mail_username: str = ""
    """The name to sign in to the SMTP server with; empty for a server that asks for none."""
    mail_password: str = ""
    """Its password."""
    mail_authority: str = ""
    """A file with the certificate authority of the SMTP server, where this machine does not know it already."""
    mail_notify_key: str = ""
    """The API key of GOV.UK Notify."""
    mail_notify_template: str = ""
    """Id of an e-mail template there whose subject is ``((subject))`` and whose message is ``((body))``."""
    mail_notify_address: str = "https://api.notifications.service.gov.uk"
    """Where Notify answers."""
    keep_months: int = 24
    """How many months after a wave's last day its single responses are kept; then they are erased, and counts stay."""
    files_a_day: int = 200
    """How many files of one account are kept in a day: attachments of councils' responses, figures, questionnaires."""
    megabytes_a_day: int = 500
    """How many megabytes all of these have together; what is beyond either limit is refused until the next day."""
    district: str = "E07000131"
    """Code of the district whose residents are asked."""
    hidden_base: int = 30
    """Figures on a smaller effective base are not shown."""
    indicative_base: int = 100
    """Figures on a smaller effective base are marked indicative."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; unset ones keep their default.

        Raises SettingsError when a value cannot be read or production would run on a default secret.
        """
        environ = os.environ if environ is None else environ
        given: dict[str, Any] = {}
        for field in fields(cls):
            raw = environ.get(f"CSP_{field.name.upper()}")
            if raw is None:
                continue
            try:
                given[field.name] = int(raw) if isinstance(field.default, int) else raw
            except ValueError as error:
                raise SettingsError(f"CSP_{field.name.upper()} must be a whole number, not {raw!r}.") from error
        settings = cls(**given)
        settings._check()
        return settings

    def _check(self) -> None:
        if self.environment not in {"development", "demo", "production"}:
            raise SettingsError(f"CSP_ENVIRONMENT must be development, demo or production, not {self.environment!r}.")
        if self.mail_carrier not in {"folder", "smtp", "notify"}:
            raise SettingsError(f"CSP_MAIL_CARRIER must be folder, smtp or notify, not {self.mail_carrier!r}.")
        if self.mail_tls not in {"starttls", "tls", "none"}:
            raise SettingsError(f"CSP_MAIL_TLS must be starttls, tls or none, not {self.mail_tls!r}.")
        for name in ("secret_key", "codes_secret"):
            secret = getattr(self, name)
            if self.environment == "production" and (secret == DEVELOPMENT_SECRET or len(secret) < 32):
                raise SettingsError(
                    f"Set CSP_{name.upper()} to a random text of at least 32 characters before production."
                )
        if self.environment == "production" and not self.site_address.startswith("https://"):
            raise SettingsError("Set CSP_SITE_ADDRESS to where people reach this site, beginning with https://.")


def current_settings() -> Settings:
    """The settings that the application at work was made with. Needs an application context."""
    settings: Settings = current_app.extensions["csp_consult_settings"]
    return settings
