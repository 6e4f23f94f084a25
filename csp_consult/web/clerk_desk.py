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
from csp_consult.fieldwork.waves import WaveError, WaveState, find, state
from csp_consult.parishes.access import parish_of
from csp_consult.parishes.drafts import find_draft
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.versions import current_version
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

    @property
    def takes_answers(self) -> bool:
        """Whether the wave is open today."""
        return state(self.wave, date.today()) is WaveState.OPEN

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
    return Desk(
        parish=parish,
        wave=found,
        questionnaire=questionnaire,
        current=current_version(store, found, parish.code),
        drafted=draft is not None,
        answers=draft.answers if draft else {},
        revision=draft.revision if draft else 0,
        context=context_for(store, questionnaire.questions.values(), date.today()),
    )
