"""The communication plan: an activity is made from a gap, keeps that gap as it stood, and is looked after."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.places.bands import ADULT_BANDS
from csp_consult.places.models import Area
from csp_consult.plan.evaluation import freeze
from csp_consult.plan.history import CALLED, differences, note
from csp_consult.plan.models import ENGAGEMENT_TYPES, STATUSES, Activity, Priority

# Field: what it is called in a sentence, and how many characters it holds.
_TEXTS = {
    "title": ("a title", 200),
    "audience": ("whom the activity is for", 300),
    "message": ("the message", 1000),
    "channel": ("how people are reached", 200),
    "owner": ("who is responsible", 200),
}
# What may be left empty: what it is called, and how many characters it holds.
_OPTIONAL_TEXTS = {
    "engagement": ("how people can answer back", 500),
    "partner": ("the partner’s name", 200),
}
_ROLE_LENGTH = 200
LARGEST_COST: Final = 10_000_000
_NOT_CONTENT = {CALLED["status"]}
"""What may change without a new approval: doing what was approved changes nothing in it."""
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
    audience_age: str = ""
    """An age band of ``places.bands``; empty for every age."""
    engagement_type: str = "broadcast"
    partner: str = ""
    cost: int | None = None
    """In whole pounds."""
    priorities: tuple[str, ...] = ()
    """Slugs of the priorities it serves, the partnership's and the Commissioner's."""


def bears_activity(gap: GapFinding) -> bool:
    """Whether an activity can be aimed at the gap: nothing can be said of one whose sides cannot be compared."""
    return gap.grade != "D"


def suggested(
    gap: GapFinding,
    today: date,
    *,
    audience: str = "",
    age: str = "",
    channel: str = "",
    priorities: Sequence[Priority] = (),
) -> ActivityDetails:
    """Details to start from: the message quotes what can be said aloud of the gap, and nothing else.

    ``audience`` is by default everybody in the area; of the ``priorities`` those on the gap's topic are taken.
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
        audience_age=age,
        priorities=tuple(one.slug for one in priorities if one.topic_slug == gap.topic),
    )


def details_of(activity: Activity) -> ActivityDetails:
    """The details of an activity as they stand."""
    stored = {field.name: getattr(activity, field.name) for field in fields(ActivityDetails)}
    return ActivityDetails(**{**stored, "priorities": tuple(one.slug for one in activity.priorities)})


def faults(session: Session, details: ActivityDetails, today: date) -> list[Fault]:
    """Everything that keeps these details from being stored; empty when nothing does."""
    found = [fault for name in _TEXTS if (fault := _text_fault(name, getattr(details, name)))]
    for name, (what, length) in _OPTIONAL_TEXTS.items():
        if len(getattr(details, name)) > length:
            found.append(Fault(name, f"Shorten {what} to {length} characters"))
    return found + _choice_faults(session, details) + _date_faults(details, today)


def create(
    session: Session,
    gap: GapFinding,
    wave_id: int | None,
    details: ActivityDetails,
    today: date,
    *,
    rules: BaseRules = DEFAULT_RULES,
) -> Activity:
    """Make an activity aimed at ``gap``, which is kept as it stands now; the caller commits.

    ``wave_id`` is the wave the perception comes from. Raises ActivityError, also for a gap that cannot be compared.
    """
    if not bears_activity(gap):
        raise ActivityError([Fault("message", f"No activity can be aimed at this gap. {gap.verdict}")])
    columns = _columns(session, details, today)
    activity = Activity(topic_slug=gap.topic, wave_id=wave_id, gap=snapshot(gap), **columns)
    session.add(activity)
    session.flush()
    note(session, activity, "made")
    freeze(session, activity, today, rules=rules)
    return activity


def change(
    session: Session,
    activity: Activity,
    details: ActivityDetails,
    today: date,
    *,
    rules: BaseRules = DEFAULT_RULES,
) -> None:
    """Change the details of an activity, never the gap it was made from; the caller commits.

    What changed goes into its history, an approval of what it said before is reopened, and how its audience stands
    is frozen when it starts.
    Raises ActivityError and changes nothing when the details are faulty.
    """
    columns = _columns(session, details, today)
    before = _in_words(session, details_of(activity))
    for name, value in columns.items():
        setattr(activity, name, value)
    session.flush()
    changes = differences(before, _in_words(session, details))
    if not changes:
        return
    note(session, activity, "changed", changes)
    if activity.approved_on and any(one["field"] not in _NOT_CONTENT for one in changes):
        activity.approved_by, activity.approved_on = "", None
        note(session, activity, "approval reopened")
    freeze(session, activity, today, rules=rules)


def approve(session: Session, activity: Activity, role: str, today: date) -> None:
    """Record that a role has approved the activity as it stands; the caller commits.

    Raises ActivityError where no role is named, or the activity was stopped.
    """
    if activity.status == "stopped":
        raise ActivityError([Fault("role", "A stopped activity needs no approval: change its status first")])
    if not role or len(role) > _ROLE_LENGTH:
        asked = f"Enter the role that approved it, in at most {_ROLE_LENGTH} characters"
        raise ActivityError([Fault("role", asked)])
    activity.approved_by, activity.approved_on = role, today
    note(session, activity, "approved", [{"field": "Approved by", "before": "", "after": role}])


def priorities(session: Session) -> Sequence[Priority]:
    """Every priority, the partnership's own first."""
    return session.scalars(select(Priority).order_by(Priority.position)).all()


def listed(session: Session) -> Sequence[Activity]:
    """Every activity, the one that starts first at the top."""
    return session.scalars(select(Activity).order_by(Activity.starts_on, Activity.id)).all()


def snapshot(gap: GapFinding) -> dict[str, Any]:
    """The gap as plain data, with both its figures and what they rest on."""
    return asdict(gap)


def _columns(session: Session, details: ActivityDetails, today: date) -> dict[str, Any]:
    """What an activity is to hold. Raises ActivityError when the details are faulty."""
    found = faults(session, details, today)
    if found:
        raise ActivityError(found)
    return {
        **asdict(details),
        "priorities": [one for one in priorities(session) if one.slug in details.priorities],
    }


def _in_words(session: Session, details: ActivityDetails) -> dict[str, str]:
    """Every detail as a history shows it."""
    titles = {one.slug: one.title for one in priorities(session)}
    area = session.get(Area, details.area_code)
    plain = {name: "" if value is None else str(value) for name, value in asdict(details).items()}
    return {
        **plain,
        **{name: words.day(day) if (day := getattr(details, name)) else "" for name in ("starts_on", "ends_on")},
        "area_code": area.name if area else details.area_code,
        "cost": "" if details.cost is None else words.pounds(details.cost),
        "priorities": "; ".join(titles[slug] for slug in titles if slug in details.priorities),
    }


def _text_fault(name: str, value: str) -> Fault | None:
    what, length = _TEXTS[name]
    if not value.strip():
        return Fault(name, f"Enter {what}")
    if len(value) > length:
        return Fault(name, f"Shorten {what} to {length} characters; it has {len(value)}")
    return None


def _choice_faults(session: Session, details: ActivityDetails) -> list[Fault]:
    found = []
    if session.get(Area, details.area_code) is None:
        found.append(Fault("area_code", "Choose an area from the list"))
    if details.audience_age not in ("", *ADULT_BANDS):
        found.append(Fault("audience_age", "Choose an age group from the list"))
    if details.engagement_type not in ENGAGEMENT_TYPES:
        found.append(Fault("engagement_type", "Choose a kind of engagement from the list"))
    if details.cost is not None and not 0 <= details.cost <= LARGEST_COST:
        found.append(Fault("cost", f"Enter a cost from £0 to {words.pounds(LARGEST_COST)}"))
    if not {one.slug for one in priorities(session)}.issuperset(details.priorities):
        found.append(Fault("priorities", "Choose priorities from the list"))
    if details.status not in STATUSES:
        found.append(Fault("status", "Choose a status from the list"))
    return found


def _date_faults(details: ActivityDetails, today: date) -> list[Fault]:
    if details.starts_on is None:
        return [Fault("starts_on", "Enter the day the activity starts")]
    if details.ends_on is not None and details.ends_on < details.starts_on:
        return [Fault("ends_on", "The last day must be the first day or later")]
    if details.status in {"under way", "done"} and details.starts_on > today:
        return [Fault("status", f"An activity that has not started yet cannot be {details.status}")]
    return []
