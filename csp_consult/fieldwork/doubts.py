"""Responses an officer should look at before trusting them. Nothing is ever left out of the counts by it.

Two people of one household may well answer alike, and a helper may fill in a field meant for programs: only somebody
who reads the responses can tell.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Response

FEWEST_ANSWERS = 8
"""Fewer answers than this agree by chance too often to be worth a look."""


def likeness(answers: Mapping[str, Any]) -> str | None:
    """What responses with exactly the same answers have in common; None where few questions were answered."""
    if len(answers) < FEWEST_ANSWERS:
        return None
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Doubt:
    """Responses of a wave worth a look, and why."""

    reason: str
    responses: Sequence[str]
    """Their ids as in the export; never their references."""


def doubts(session: Session, wave_id: int) -> list[Doubt]:
    """Every group of responses of a wave with the same answers throughout, and every one a program may have sent."""
    alike = (
        select(Response.likeness)
        .where(Response.wave_id == wave_id, Response.likeness.is_not(None))
        .group_by(Response.likeness)
        .having(func.count() > 1)
    )
    rows = session.execute(
        select(Response.likeness, Response.id)
        .where(Response.wave_id == wave_id, Response.likeness.in_(alike))
        .order_by(Response.likeness, Response.id)
    )
    groups: dict[str, list[str]] = {}
    for key, response in rows:
        groups.setdefault(key or "", []).append(str(response))
    trapped = session.scalars(
        select(Response.id).where(Response.wave_id == wave_id, Response.trapped).order_by(Response.id)
    )
    found = [Doubt("the same answer to every question", group) for group in groups.values()]
    return found + [Doubt("a field was filled in that people do not see", [str(response)]) for response in trapped]
