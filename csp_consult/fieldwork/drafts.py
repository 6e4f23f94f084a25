"""Drafts: answers on their way, readable only with the key in the respondent's browser.

The browser keeps 32 random bytes in a cookie. Everything else is derived from them: the name the draft is
stored under, the key that seals it, the token that marks its submission, and the token its forms carry.
The database alone therefore opens nothing, and a lost cookie cannot be recovered.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from csp_consult.db import Base, upsert_into
from csp_consult.fieldwork.models import Draft

KEPT_DAYS = 7
"""How long the browser keeps the key of a draft that is not submitted."""

_SECRET_BYTES = 32
_NONCE_BYTES = 12

# Made once: building a statement costs as much as running it, and every page of a resident runs these.
_SEALED = select(Draft.sealed, Draft.saved_on).where(Draft.id == bindparam("draft_id"))
_SEALED_HELD = _SEALED.with_for_update()
_DRAFTS = Base.metadata.tables[Draft.__tablename__]
_SAVED = (
    update(_DRAFTS)
    .where(_DRAFTS.c.id == bindparam("draft_id"), _DRAFTS.c.sealed == bindparam("before"))
    .values(wave_id=bindparam("of_wave"), sealed=bindparam("after"), saved_on=bindparam("on"))
    .returning(_DRAFTS.c.id)
)


@dataclass(frozen=True)
class DraftKey:
    """The secret a respondent's browser holds, and what is derived from it."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "DraftKey":
        """A key nobody has held before."""
        return cls(os.urandom(_SECRET_BYTES))

    @classmethod
    def from_cookie(cls, cookie: str | None) -> "DraftKey | None":
        """The key in a cookie; None where there is no cookie or it cannot be a key."""
        try:
            secret = base64.urlsafe_b64decode((cookie or "").encode())
        except (binascii.Error, ValueError):
            return None
        return cls(secret) if len(secret) == _SECRET_BYTES else None

    @property
    def cookie(self) -> str:
        """The key as a cookie's value."""
        return base64.urlsafe_b64encode(self.secret).decode()

    @property
    def draft_id(self) -> str:
        """What the draft is stored under: its SHA-256, from which the key cannot be found."""
        return hashlib.sha256(self.secret).hexdigest()

    @cached_property
    def seal(self) -> AESGCM:
        """The cipher that seals the draft."""
        return AESGCM(self._derived("seal"))

    def submission(self, wave_id: int, mark: str) -> str:
        """What marks the submission of the draft with that mark to a wave: the same however often it is repeated."""
        return self._derived(f"submission to {wave_id} of {mark}").hex()

    @property
    def order_seed(self) -> str:
        """What draws the order in which this respondent sees options: the same on every visit."""
        return self._derived("order of options").hex()

    @property
    def form_token(self) -> str:
        """What every form of this draft carries, so that no other site can post on the respondent's behalf."""
        return self._derived("form").hex()

    def owns(self, form_token: str | None) -> bool:
        """Whether a posted form was given to the holder of this key."""
        return hmac.compare_digest((form_token or "").encode(), self.form_token.encode())

    def _derived(self, purpose: str) -> bytes:
        # One block of HKDF-Expand: the secret is already uniformly random, so there is nothing to extract.
        return hmac.digest(self.secret, b"csp_consult " + purpose.encode() + b"\x01", "sha256")


@dataclass(frozen=True)
class DraftContent:
    """What a draft holds."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    """By question id; also those that later answers took off the path."""
    seen: frozenset[str] = frozenset()
    """What the respondent has been through, answered or not: ids of pages and questions, and ``question=option`` for
    options that were offered because of earlier answers."""
    typed: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    """By page id: the form fields that were filled in there and could not be taken yet."""
    sent: str | None = None
    """The reference, once submitted; nothing else is kept then."""
    mark: str = field(default="", compare=False)
    """What tells this draft from an earlier one of the same key. A browser that never heard that its draft was
    cleared goes on with the old key, and the next person's answers must not pass for a repeat of the last."""


@dataclass(frozen=True)
class StoredDraft:
    """A draft as found: its content, and the sealed bytes that a later save replaces."""

    content: DraftContent = field(default_factory=DraftContent)
    sealed: bytes | None = None
    """None where nothing is stored yet."""
    saved_on: date | None = None

    def last_day(self, today: date) -> date:
        """The last day on which it is kept, if it is not saved again."""
        return (self.saved_on or today) + timedelta(days=KEPT_DAYS)


def load(session: Session, key: DraftKey, wave_id: int, *, hold: bool = False) -> StoredDraft:
    """The draft of that key; an empty one where there is none or it cannot be opened.

    With ``hold`` nobody else can save it until the transaction ends.
    """
    query = _SEALED_HELD if hold else _SEALED
    found = session.execute(query, {"draft_id": key.draft_id}).one_or_none()
    if found is None:
        return StoredDraft()
    return opened(key, wave_id, *found)


def opened(key: DraftKey, wave_id: int, sealed: bytes | None, saved_on: date | None) -> StoredDraft:
    """What was found under a key: empty where nothing was, or where it cannot be opened."""
    if sealed is None:
        return StoredDraft()
    try:
        plain = key.seal.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(wave_id))
    except (InvalidTag, ValueError):
        return StoredDraft(sealed=sealed, saved_on=saved_on)
    stored = json.loads(plain)
    return StoredDraft(DraftContent(**stored | {"seen": frozenset(stored["seen"])}), sealed, saved_on)


def change(
    session: Session,
    key: DraftKey,
    wave_id: int,
    edit: Callable[[DraftContent], DraftContent],
    *,
    today: date,
    found: StoredDraft | None = None,
) -> DraftContent:
    """Change a draft and return it as saved. The caller commits.

    ``found`` is the draft as loaded before, to save loading it again. Where another tab has saved in between,
    ``edit`` is applied once more to what that tab left, so neither's change is lost.
    """
    before = found or load(session, key, wave_id)
    content = edit(before.content)
    while not _replace(session, key, wave_id, content, before=before, today=today):
        before = load(session, key, wave_id)
        content = edit(before.content)
    return content


def _replace(
    session: Session, key: DraftKey, wave_id: int, content: DraftContent, *, before: StoredDraft, today: date
) -> bool:
    if not content.mark:
        content = replace(content, mark=secrets.token_hex(8))
    plain = json.dumps(vars(content) | {"seen": sorted(content.seen)}, ensure_ascii=False, separators=(",", ":"))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + key.seal.encrypt(nonce, plain.encode(), _bound_to(wave_id))
    if before.sealed is None:
        insert = upsert_into(session, Draft).values(id=key.draft_id, wave_id=wave_id, sealed=sealed, saved_on=today)
        return session.scalar(insert.on_conflict_do_nothing().returning(Draft.id)) is not None
    # The sealed bytes are new with every save, so comparing them finds any save in between.
    values = {"of_wave": wave_id, "after": sealed, "on": today, "draft_id": key.draft_id, "before": before.sealed}
    return session.scalar(_SAVED, values) is not None


def extend(session: Session, key: DraftKey, today: date) -> None:
    """Keep a draft for the full time from today on. The caller commits."""
    kept = update(Draft).where(Draft.id == key.draft_id).values(saved_on=today)
    session.execute(kept.execution_options(synchronize_session=False))


def discard(session: Session, key: DraftKey) -> None:
    """Forget a draft: the respondent starts again, or leaves a shared device."""
    session.execute(delete(Draft).where(Draft.id == key.draft_id).execution_options(synchronize_session=False))


def _bound_to(wave_id: int) -> bytes:
    """Authenticated with the sealed bytes, so that a draft cannot be moved to another wave."""
    return f"wave {wave_id}".encode()
