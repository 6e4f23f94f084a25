"""Notes on recording practice: what to know of a topic before a rise or fall in its record is read as real."""

from sqlalchemy.orm import Session

from csp_consult.recorded.models import RecordingNote

LONGEST = 500


class NoteError(ValueError):
    """A note cannot be kept; the message says what to do."""


def note_on(session: Session, topic: str) -> str:
    """The note on a topic; empty where there is none."""
    note = session.get(RecordingNote, topic)
    return note.text if note else ""


def keep_note(session: Session, topic: str, text: str) -> None:
    """Put a note in place of the one there was; an empty one takes it away. The caller commits.

    Raises NoteError for one that is too long.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise NoteError(f"Shorten the note to {LONGEST} characters; it has {len(text)}")
    note = session.get(RecordingNote, topic)
    if text:
        session.merge(RecordingNote(topic_slug=topic, text=text))
    elif note is not None:
        session.delete(note)
    session.flush()
