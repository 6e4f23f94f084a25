"""The communication plan: an activity is made from a gap, keeps that gap as it stood, and is looked after."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.findings.contract import GapFinding
from csp_consult.places.models import Area
from csp_consult.plan.models import STATUSES, Activity

# Field: what it is called in a sentence, and how many characters it holds.
_TEXTS = {
    "title": ("a title", 200),
    "audience": ("whom the activity is for", 300),
    "message": ("the message", 1000),
    "channel": ("how people are reached", 200),
    "owner": ("who is responsible", 200),
}
_ENGAGEMENT_LENGTH = 500
_TITLES = {
    "reassure": "Tell residents what is recorded about {topic}",
    "alert": "Make residents aware of {topic}",
    "act": "Tell residents what is being done about {topic}",
    "maintain": "Keep residents informed about {topic}",
    "unclear": "Ask residents what they see of {topic}",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, and what to do."""

    field_id: str
    message: str


class ActivityError(ValueError):
    """An activity cannot be made or changed as asked; ``faults`` says why, field by field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class ActivityDetails:
    """What an officer states of an activity. ``starts_on`` may be missing until it is checked."""

    title: str
    audience: str
    area_code: str
    message: str
    channel: str
    engagement: str
    owner: str
    starts_on: date | None
    ends_on: date | None
    status: str


def bears_activity(gap: GapFinding) -> bool:
    """Whether an activity can be aimed at the gap: nothing can be said of one whose sides cannot be compared."""
    return gap.grade != "D"


def suggested(gap: GapFinding, today: date, *, audience: str = "", channel: str = "") -> ActivityDetails:
    """Details to start from: the message quotes what can be said aloud of the gap, and nothing else.

    ``audience`` is by default everybody in the area.
    """
    title = _TITLES.get(gap.classification, _TITLES["unclear"])
    # The message may travel without its page, so the label travels in it.
    label = "[Synthetic figures, not for publication] " if gap.synthetic else ""
    record = gap.recorded.source if gap.recorded else "no record"
    topic = gap.topic_title[:1].lower() + gap.topic_title[1:]
    return ActivityDetails(
        title=title.format(topic=topic),
        audience=audience or f"Residents of {gap.area_name}",
        area_code=gap.area,
        message=f"{label}{gap.verdict} (Sources: {gap.wave_title}; {record}.)",
        channel=channel,
        engagement="",
        owner="",
        starts_on=today,
        ends_on=None,
        status="planned",
    )


def details_of(activity: Activity) -> ActivityDetails:
    """The details of an activity as they stand."""
    return ActivityDetails(**{field.name: getattr(activity, field.name) for field in fields(ActivityDetails)})


def faults(session: Session, details: ActivityDetails, today: date) -> list[Fault]:
    """Everything that keeps these details from being stored; empty when nothing does."""
    found = [fault for name in _TEXTS if (fault := _text_fault(name, getattr(details, name)))]
    if len(details.engagement) > _ENGAGEMENT_LENGTH:
        found.append(Fault("engagement", f"Shorten how people can answer back to {_ENGAGEMENT_LENGTH} characters"))
    if session.get(Area, details.area_code) is None:
        found.append(Fault("area_code", "Choose an area from the list"))
    if details.status not in STATUSES:
        found.append(Fault("status", "Choose a status from the list"))
    return found + _date_faults(details, today)


def create(session: Session, gap: GapFinding, wave_id: int | None, details: ActivityDetails, today: date) -> Activity:
    """Make an activity aimed at ``gap``, which is kept as it stands now; the caller commits.

    ``wave_id`` is the wave the perception comes from. Raises ActivityError, also for a gap that cannot be compared.
    """
    if not bears_activity(gap):
        raise ActivityError([Fault("message", f"No activity can be aimed at this gap. {gap.verdict}")])
    starts_on = _checked(session, details, today)
    activity = Activity(
        topic_slug=gap.topic,
        wave_id=wave_id,
        gap=snapshot(gap),
        **{**asdict(details), "starts_on": starts_on},
    )
    session.add(activity)
    session.flush()
    return activity


def change(session: Session, activity: Activity, details: ActivityDetails, today: date) -> None:
    """Change the details of an activity, never the gap it was made from; the caller commits.

    Raises ActivityError and changes nothing when the details are faulty.
    """
    starts_on = _checked(session, details, today)
    for name, value in {**asdict(details), "starts_on": starts_on}.items():
        setattr(activity, name, value)
    session.flush()


def listed(session: Session) -> Sequence[Activity]:
    """Every activity, the one that starts first at the top."""
    return session.scalars(select(Activity).order_by(Activity.starts_on, Activity.id)).all()


def snapshot(gap: GapFinding) -> dict[str, Any]:
    """The gap as plain data, with both its figures and what they rest on."""
    return asdict(gap)


def _checked(session: Session, details: ActivityDetails, today: date) -> date:
    found = faults(session, details, today)
    if found or details.starts_on is None:
        raise ActivityError(found)
    return details.starts_on


def _text_fault(name: str, value: str) -> Fault | None:
    what, length = _TEXTS[name]
    if not value.strip():
        return Fault(name, f"Enter {what}")
    if len(value) > length:
        return Fault(name, f"Shorten {what} to {length} characters; it has {len(value)}")
    return None


def _date_faults(details: ActivityDetails, today: date) -> list[Fault]:
    if details.starts_on is None:
        return [Fault("starts_on", "Enter the day the activity starts")]
    if details.ends_on is not None and details.ends_on < details.starts_on:
        return [Fault("ends_on", "The last day must be the first day or later")]
    if details.status in {"under way", "done"} and details.starts_on > today:
        return [Fault("status", f"An activity that has not started yet cannot be {details.status}")]
    return []
