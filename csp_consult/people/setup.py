"""Sign-in for the application: Flask-Security, held to one way in and told in plain English."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security.core import Security
from flask_security.datastore import SQLAlchemyUserDatastore

from csp_consult.db import db
from csp_consult.people.models import Role, User
from csp_consult.people.signing_in import SignInForm

CONFIGURATION: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    # Argon2 salts by itself. A second secret in the hash would lock everybody out when it is rotated.
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_PASSWORD_COMPLEXITY_CHECKER": "zxcvbn",
    "SECURITY_ZXCVBN_MINIMUM_SCORE": 3,
    # The check for mail servers asks the DNS, which a demo or a test need not have.
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_POST_LOGIN_VIEW": "/signed-in",
    "SECURITY_POST_LOGOUT_VIEW": "/signed-out",
    "SECURITY_LOGIN_USER_TEMPLATE": "people/sign_in.html",
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_FLASH_MESSAGES": False,
    # No re-authentication page; nothing asks for one yet.
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_MSG_DISABLED_ACCOUNT": ("This account is closed. Write to us if you need it.", "error"),
    "SECURITY_MSG_PASSWORD_INVALID_LENGTH": ("Use a password of %(length)s to 128 characters.", "error"),
    "SECURITY_MSG_PASSWORD_TOO_SIMPLE": ("This password is easy to guess. Use three or more unrelated words.", "error"),
}


def init_people(app: Flask) -> None:
    """Give the application accounts and sign-in. CSRF protection must be initialised before."""
    for key, value in CONFIGURATION.items():
        app.config.setdefault(key, value)
    security = Security(app, SQLAlchemyUserDatastore(db, User, Role), login_form=SignInForm)
    # Flask-Security would also accept a signed token in a header or an address; the session is the only way in.
    security.login_manager.request_loader(lambda _request: None)
