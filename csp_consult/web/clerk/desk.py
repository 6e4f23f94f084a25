"""What a clerk has before them: one parish in one wave, laid out anew for every request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, url_for
from flask_security import current_user

from csp_consult.db import db
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveError, WaveState, find
from csp_consult.parishes.access import parish_of
from csp_consult.parishes.bodies import asked_on
from csp_consult.parishes.drafts import find_draft
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.versions import current_version, minuted
from csp_consult.parishes.windows import Window, window_of
from csp_consult.places.models import Area
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.questions.base import QuestionContext
from csp_consult.questionnaire.store import questionnaire_of


@dataclass(frozen=True)
class Desk:
    """One parish in one wave, with its draft and its current version."""

    parish: Area
    wave: Wave
    questionnaire: Questionnaire
    current: ParishResponse | None
    """The version that counts, once there is one."""
    # Copied from the draft's row: somebody else may delete the row, by submitting, at any moment.
    drafted: bool
    answers: Mapping[str, Any]
    revision: int
    """The draft's revision, 0 before there is one."""
    context: QuestionContext
    """The areas its questions may ask for."""
    window: Window
    """When this council may answer."""
    speaks_for: tuple[Area, ...]
    """The parishes its council speaks for, this one first; none where it is not asked."""
    meeting: bool
    """Whether a meeting of electors answers, as there is no council."""

    @property
    def takes_answers(self) -> bool:
        """Whether this council is asked, and may answer today."""
        return bool(self.speaks_for) and self.window.state(date.today()) is WaveState.OPEN

    def closed(self, today: date) -> bool:
        """Whether the wave has closed, for this council too: results can lead its answers no more."""
        return self.window.state(today) is WaveState.CLOSED

    @property
    def officer_draft(self) -> ParishResponse | None:
        """The newest version, while it waits for its minute."""
        return self.current if self.current and not minuted(self.current) else None

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of one of this door's pages for this parish and wave."""
        survey, wave = self.wave.survey.slug, self.wave.slug
        return url_for(f"clerk.{endpoint}", parish_code=self.parish.code, survey=survey, wave=wave, **values)


def lay_out(parish_code: str, survey: str, wave: str) -> Desk:
    """The desk for that parish and wave; 404 unless the clerk signed in acts for the parish and the wave asks it."""
    store = db.session()
    parish = parish_of(store, current_user.id, parish_code)
    try:
        found = find(store, f"{survey}/{wave}")
    except WaveError:
        abort(404)
    if parish is None or found.survey.audience != "parishes":
        abort(404)
    version = store.get_one(QuestionnaireVersion, found.questionnaire_id)
    questionnaire = questionnaire_of(version)
    draft = find_draft(store, found, parish.code)
    asked = asked_on(store, found.closes_on)
    return Desk(
        window=window_of(store, found, parish.code),
        speaks_for=asked.spoken_for(parish.code) if parish.code not in asked.answers_with else (),
        meeting=parish.code in asked.meetings,
        parish=parish,
        wave=found,
        questionnaire=questionnaire,
        current=current_version(store, found, parish.code),
        drafted=draft is not None,
        answers=draft.answers if draft else {},
        revision=draft.revision if draft else 0,
        context=context_for(store, questionnaire.questions.values(), date.today()),
    )
