"""Coming back to a draft on any device, by a code that only the respondent has.

The code is 80 random bits, too many to be tried, so hashing it once is enough: one hash names the row, another opens
the draft's key that lies wrapped in it. The database alone opens nothing, and a lost code cannot be found again.
"""

import hashlib
import hmac
import os
import secrets
from datetime import date, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.asked import AnyWave
from csp_consult.fieldwork.drafts import KEPT_DAYS, DraftKey, extend
from csp_consult.fieldwork.models import ReturnCode

# Crockford's base 32: without I, L, O and U, of which the first three are read as 1 and 0.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_MISREAD = str.maketrans("ILO", "110")
_NONCE_BYTES = 12


def last_day(wave: AnyWave, today: date) -> date:
    """The last day on which a code given today opens the draft."""
    return min(today + timedelta(days=KEPT_DAYS), wave.closes_on)


def give_code(session: Session, wave: AnyWave, key: DraftKey, today: date) -> str:
    """A new code such as ``7KQ4-M2TX-09AB-CDEF`` that opens this draft. The caller commits."""
    session.execute(
        delete(ReturnCode).where(ReturnCode.expires_on < today).execution_options(synchronize_session=False)
    )
    # The draft must be there for as long as the code opens it.
    extend(session, key, today)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    nonce = os.urandom(_NONCE_BYTES)
    wrapped = nonce + _wrap(code).encrypt(nonce, key.secret, _bound_to(wave))
    session.add(ReturnCode(id=_name(code), wave_id=wave.id, wrapped=wrapped, expires_on=last_day(wave, today)))
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def open_code(session: Session, wave: AnyWave, typed: str, today: date) -> DraftKey | None:
    """The draft's key that a code opens, however the code was typed; None where it opens none in this wave."""
    code = "".join(letter for letter in typed.upper()[:200] if letter.isalnum()).translate(_MISREAD)
    if len(code) != LENGTH:
        return None
    row = session.scalar(
        select(ReturnCode).where(
            ReturnCode.id == _name(code), ReturnCode.wave_id == wave.id, ReturnCode.expires_on >= today
        )
    )
    if row is None:
        return None
    try:
        return DraftKey(_wrap(code).decrypt(row.wrapped[:_NONCE_BYTES], row.wrapped[_NONCE_BYTES:], _bound_to(wave)))
    except InvalidTag:
        return None


def _name(code: str) -> str:
    return hashlib.sha256(b"csp_consult return code " + code.encode()).hexdigest()


def _wrap(code: str) -> AESGCM:
    return AESGCM(hmac.digest(code.encode(), b"csp_consult wrapped draft key", "sha256"))


def _bound_to(wave: AnyWave) -> bytes:
    return f"wave {wave.id}".encode()
