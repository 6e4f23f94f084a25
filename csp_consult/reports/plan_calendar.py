"""The communication plan by month, and as a calendar file that any calendar program takes (RFC 5545)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from csp_consult.plan.models import Activity

_LONGEST: Final = 120
"""Months shown at most, so that one mistyped year does not fill the page."""
_FOLD: Final = 73
"""Bytes of a line before it is folded; the standard allows 75 with its leading space."""


def by_month(activities: Sequence[Activity]) -> list[tuple[str, list[Activity]]]:
    """Every month (``2026-11``) in which something runs, with the activities that run in it, in order."""
    months: dict[str, list[Activity]] = {}
    for activity in activities:
        for month in _months(activity.starts_on, activity.ends_on or activity.starts_on):
            months.setdefault(month, []).append(activity)
    return sorted(months.items())


def to_ics(activities: Sequence[Activity], area_names: Mapping[str, str], today: date) -> str:
    """The plan as a calendar file: one event of whole days an activity; stopped ones are cancelled."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//csp-consult//Communication plan//EN"]
    for activity in activities:
        area = area_names.get(activity.area_code, activity.area_code)
        last = activity.ends_on or activity.starts_on
        synthetic = "SYNTHETIC: " if activity.gap["synthetic"] else ""
        lines += [
            "BEGIN:VEVENT",
            f"UID:activity-{activity.id}@csp-consult",
            f"DTSTAMP:{today:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{activity.starts_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(synthetic + activity.title)}",
            f"LOCATION:{_escaped(area)}",
            f"STATUS:{'CANCELLED' if activity.status == 'stopped' else 'CONFIRMED'}",
            f"DESCRIPTION:{_escaped(_description(activity))}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _description(activity: Activity) -> str:
    return (
        f"For: {activity.audience}\nBy: {activity.channel}\nOwner: {activity.owner}\nStatus: {activity.status}\n\n"
        f"{activity.message}"
    )


def _months(first: date, last: date) -> list[str]:
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(start, min(end, start + _LONGEST) + 1)]


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, never cut within a letter."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > _FOLD:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
