"""Files sent with a response, such as the minute: taken in by size and kind, given back as a download only."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from csp_consult.parishes.access import ParishError
from csp_consult.parishes.models import ParishAttachment, ParishResponse

LARGEST = 5 * 1024 * 1024
"""Bytes."""
NAME_LENGTH = 120
# Ending: how such a file begins. Nothing is opened or unpacked here, only looked at.
_BEGINNINGS = {
    "pdf": (b"%PDF-",),
    "docx": (b"PK\x03\x04",),
    "odt": (b"PK\x03\x04",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
}
KINDS = "PDF, Word (.docx), OpenDocument (.odt), JPEG or PNG"


class AttachmentError(ParishError):
    """A file cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class Upload:
    """A file that may be attached."""

    name: str
    content: bytes


def read_upload(name: str, content: bytes) -> Upload | None:
    """A chosen file, checked; None where none was chosen. Raises AttachmentError."""
    if not name and not content:
        return None
    # Browsers of old sent the whole path; the name goes into a header later, so only what is harmless there stays.
    plain = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in plain if letter.isprintable() and letter not in '"<>:|?*').strip()
    stem, _, ending = plain.rpartition(".")
    beginnings = _BEGINNINGS.get(ending.lower())
    if not stem or beginnings is None or not content.startswith(beginnings):
        raise AttachmentError(f"Choose a file of one of these kinds: {KINDS}")
    if len(content) > LARGEST:
        raise AttachmentError(f"Choose a file of at most {LARGEST // 1024 // 1024} MB")
    return Upload(f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending.lower()}", content)


def attach(session: Session, response: ParishResponse, upload: Upload, *, user_id: int, today: date) -> None:
    """Keep a file with a version, in the database; a file that came with an officer draft gives way to the minute."""
    session.merge(
        ParishAttachment(
            response_id=response.id,
            name=upload.name,
            content=upload.content,
            size=len(upload.content),
            digest=hashlib.sha256(upload.content).hexdigest(),
            added_on=today,
            added_by=user_id,
        )
    )
    session.flush()


def attachment_of(session: Session, response: ParishResponse) -> ParishAttachment | None:
    """The file sent with a version, its content not read yet."""
    return session.get(ParishAttachment, response.id)
