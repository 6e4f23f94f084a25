"""Sign-in for the application: Flask-Security, held to one way in and told in plain English."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security.core import Security
from flask_security.datastore import SQLAlchemyUserDatastore

from csp_consult.db import db
from csp_consult.people.models import Passkey, Role, User
from csp_consult.people.passkeys import OwnerMustUnlock, PasskeyForm, PasskeyRemovalForm, PasskeySignInForm
from csp_consult.people.second_step import HALF_MINUTE, OnceOnlyTotp
from csp_consult.people.sessions import init_sessions
from csp_consult.people.signing_in import (
    CodeForm,
    PasswordAgainForm,
    RecoveryCodeForm,
    RescueForm,
    SetUpCodesForm,
    SignInForm,
)
from csp_consult.settings import Settings

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
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": HALF_MINUTE,
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_TWO_FACTOR_SETUP_URL": "/account/codes",
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account/",
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "SECURITY_TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
    "SECURITY_TWO_FACTOR_SELECT_URL": "/sign-in/select",
    "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "people/codes.html",
    "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "people/code.html",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery-code",
    "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "people/recovery_code.html",
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_ALLOW_AS_FIRST_FACTOR": True,
    "SECURITY_WAN_ALLOW_AS_MULTI_FACTOR": True,
    "SECURITY_WAN_ALLOW_AS_VERIFY": [],
    # Whoever asks for an account's keys would learn whether there is one.
    "SECURITY_WAN_ALLOW_USER_HINTS": False,
    "SECURITY_WAN_SIGNIN_WITHIN": timedelta(minutes=5),
    "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
    "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
    "SECURITY_WAN_SIGNIN_URL": "/passkey",
    "SECURITY_WAN_POST_REGISTER_VIEW": "/account/passkeys",
    "SECURITY_WAN_REGISTER_TEMPLATE": "people/passkeys.html",
    "SECURITY_WAN_SIGNIN_TEMPLATE": "people/passkey_sign_in.html",
    "SECURITY_MSG_WEBAUTHN_NAME_INUSE": ("You have a passkey called %(name)s already. Choose another name.", "error"),
    "SECURITY_MSG_WEBAUTHN_NAME_DISALLOWED_CHARACTERS": ("Use letters, numbers, spaces and hyphens only.", "error"),
    # Whoever finds a browser open may not change how the account signs in without its password.
    "SECURITY_FRESHNESS": timedelta(minutes=30),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
    "SECURITY_VERIFY_URL": "/account/password",
    "SECURITY_VERIFY_TEMPLATE": "people/password_again.html",
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_MSG_DISABLED_ACCOUNT": ("This account is closed. Write to us if you need it.", "error"),
    "SECURITY_MSG_PASSWORD_INVALID_LENGTH": ("Use a password of %(length)s to 128 characters.", "error"),
    "SECURITY_MSG_PASSWORD_TOO_SIMPLE": ("This password is easy to guess. Use three or more unrelated words.", "error"),
}


def init_people(app: Flask, settings: Settings) -> None:
    """Give the application accounts and sign-in. CSRF protection must be initialised before."""
    for key, value in {**CONFIGURATION, **_secrets(settings)}.items():
        app.config.setdefault(key, value)
    security = Security(
        app,
        SQLAlchemyUserDatastore(db, User, Role, Passkey),
        login_form=SignInForm,
        verify_form=PasswordAgainForm,
        two_factor_setup_form=SetUpCodesForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_rescue_form=RescueForm,
        mf_recovery_form=RecoveryCodeForm,
        totp_cls=OnceOnlyTotp,
        wan_register_form=PasskeyForm,
        wan_signin_response_form=PasskeySignInForm,
        wan_delete_form=PasskeyRemovalForm,
        webauthn_util_cls=OwnerMustUnlock,
    )
    # Flask-Security would also accept a signed token in a header or an address; the session is the only way in.
    security.login_manager.request_loader(lambda _request: None)
    # Nor are there other forms of its pages than HTML.
    security.want_json(lambda _request: False)
    init_sessions(app)


def _secrets(settings: Settings) -> dict[str, Any]:
    """What encrypts the secrets of codes and the recovery codes at rest."""
    key = hashlib.sha256(b"recovery codes:" + settings.codes_secret.encode()).digest()
    return {
        "SECURITY_TOTP_SECRETS": {"1": settings.codes_secret},
        "SECURITY_WAN_RP_NAME": settings.partnership,
        "SECURITY_TOTP_ISSUER": settings.partnership,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(key)],
    }
