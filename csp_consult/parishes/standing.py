"""Where each parish stands in a wave: the same list for a clerk's home page and for a board of all parishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.models import ParishDraft, ParishResponse
from csp_consult.parishes.versions import minuted
from csp_consult.parishes.windows import Window, last_days
from csp_consult.people.models import User
from csp_consult.places.models import Area


class Stage(StrEnum):
    """How far a parish has come with its response."""

    NOT_STARTED = "not started"
    DRAFT = "draft"
    OFFICER_DRAFT = "officer draft"
    """Sent without a minute: not yet the council's act."""
    SUBMITTED = "submitted"
    AMENDING = "amendment in draft"


@dataclass(frozen=True)
class Standing:
    """One parish in one wave."""

    parish: Area
    wave: Wave
    stage: Stage
    window: Window
    """When this council may answer."""
    current: ParishResponse | None
    """The newest version sent, an officer draft included."""
    saved_on: date | None
    saved_by: str | None
    minuted_before: bool = False
    """Whether an earlier version has its minute, where the newest is an officer draft or is being amended."""

    @property
    def counted(self) -> bool:
        """Whether a version of it is the council's own act and counts in the headline."""
        return self.minuted_before or (self.current is not None and minuted(self.current))


def standings(session: Session, waves: Sequence[Wave], parishes: Sequence[Area]) -> list[Standing]:
    """Every given parish in every given wave, parish by parish. Three queries, however many there are."""
    wave_ids = [wave.id for wave in waves]
    codes = [parish.code for parish in parishes]
    drafts = {
        (draft.wave_id, draft.parish_code): (draft.saved_on, name)
        for draft, name in session.execute(
            select(ParishDraft, User.name)
            .join(User, User.id == ParishDraft.saved_by)
            .where(ParishDraft.wave_id.in_(wave_ids), ParishDraft.parish_code.in_(codes))
        )
    }
    sent = session.scalars(
        select(ParishResponse)
        .where(ParishResponse.wave_id.in_(wave_ids), ParishResponse.parish_code.in_(codes))
        .order_by(ParishResponse.version)
    ).all()
    # Ordered by version, so that the last one put under a key is the newest.
    current = {(response.wave_id, response.parish_code): response for response in sent}
    acts = {(response.wave_id, response.parish_code) for response in sent if minuted(response)}
    given = last_days(session, wave_ids, codes)
    found = []
    for parish in parishes:
        for wave in waves:
            key = (wave.id, parish.code)
            saved_on, saved_by = drafts.get(key, (None, None))
            found.append(
                Standing(
                    parish=parish,
                    wave=wave,
                    stage=_stage(key in drafts, current.get(key)),
                    window=Window(wave, given.get(key)),
                    current=current.get(key),
                    saved_on=saved_on,
                    saved_by=saved_by,
                    minuted_before=key in acts,
                )
            )
    return found


def _stage(drafted: bool, current: ParishResponse | None) -> Stage:
    if current is None:
        return Stage.DRAFT if drafted else Stage.NOT_STARTED
    if drafted:
        return Stage.AMENDING
    return Stage.SUBMITTED if minuted(current) else Stage.OFFICER_DRAFT
