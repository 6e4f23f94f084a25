"""On whose authority a council's response is made: read from the form, in words when it does not do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from csp_consult.parishes.models import MANDATES
from csp_consult.typed_dates import DateError, read_date

MINUTE_REFERENCE_LENGTH = 120
REASON_LENGTH = 500


LONGEST_AGO = timedelta(days=366)
"""A decision older than this is taken for a slip of the year."""


OFFICER_DRAFT = "officer draft"
"""What the form says where the council has not decided yet."""


@dataclass(frozen=True)
class Mandate:
    """Who decided, when, and where that is minuted; all three None for an officer draft."""

    kind: str | None
    """One of MANDATES."""
    meeting_on: date | None
    minute_reference: str | None
    reason: str | None = None
    """Why the response is amended; None for a first version."""


@dataclass(frozen=True)
class MandateFault:
    """What is wrong with one field of the form, in a sentence that says what to do."""

    field_id: str
    message: str


class MandateError(ValueError):
    """The form was not filled in as it must be; ``faults`` has each fault in the order of the fields."""

    def __init__(self, faults: list[MandateFault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


def read_mandate(form: Mapping[str, str], *, today: date, amending: bool, decided: bool = False) -> Mandate:
    """The mandate in a submitted form.

    Fields: ``mandate``, ``meeting-day``, ``meeting-month``, ``meeting-year``, ``minute_reference`` and, when
    amending, ``reason``. ``mandate`` may be OFFICER_DRAFT, and then date and reference are not looked at, unless
    ``decided``: the form is about the minute itself. Raises MandateError with every fault at once.
    """
    faults: list[MandateFault] = []
    kind = form.get("mandate", "")
    if kind == OFFICER_DRAFT and not decided:
        reason = _reason(form, faults) if amending else None
        if faults:
            raise MandateError(faults)
        return Mandate(None, None, None, reason)
    if kind not in MANDATES:
        faults.append(MandateFault("mandate", "Select who decided on this response"))
    meeting_on = _meeting(form, today, faults)
    minute_reference = _line(
        form,
        "minute_reference",
        MINUTE_REFERENCE_LENGTH,
        "Enter the minute reference, for example 2026/87 or item 9. If there is none yet, "
        "keep the draft or send an officer draft",
        faults,
    )
    reason = _reason(form, faults) if amending else None
    if faults or meeting_on is None:
        raise MandateError(faults)
    return Mandate(kind, meeting_on, minute_reference, reason)


def _meeting(form: Mapping[str, str], today: date, faults: list[MandateFault]) -> date | None:
    try:
        meeting_on = read_date(form, "meeting", "date of the meeting")
    except DateError as error:
        message = str(error)
    else:
        if meeting_on is None:
            message = "Enter the date of the meeting or of the delegated decision"
        elif meeting_on > today:
            message = "The date of the meeting must be today or in the past. Submit once the council has met"
        elif meeting_on < today - LONGEST_AGO:
            message = "The date of the meeting is more than a year ago. Check the year"
        else:
            return meeting_on
    faults.append(MandateFault("meeting", message))
    return None


def _reason(form: Mapping[str, str], faults: list[MandateFault]) -> str:
    return _line(form, "reason", REASON_LENGTH, "Enter why the response is amended", faults)


def _line(form: Mapping[str, str], field: str, longest: int, missing: str, faults: list[MandateFault]) -> str:
    text = " ".join(form.get(field, "").split())
    if not text:
        faults.append(MandateFault(field, missing))
    elif len(text) > longest:
        faults.append(MandateFault(field, f"Use {longest} characters or fewer; this has {len(text)}"))
    return text
