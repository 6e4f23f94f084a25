"""How many responses the next wave needs to find that an activity moved its audience."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from csp_consult.analysis.evaluation import minimum_detectable_effect, responses_needed
from csp_consult.analysis.figures import Estimate
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import FindingError
from csp_consult.findings.gaps import change_of
from csp_consult.findings.groups import Group, area_group
from csp_consult.findings.perception import perceive
from csp_consult.findings.reading import questionnaire_for
from csp_consult.findings.weighting import caveat, weighed
from csp_consult.places.lookup import areas

EFFECTS: Final = (0.05, 0.1, 0.15, 0.2, 0.3)
"""Changes in the balance (share who say up less share who say down) that may be worth having."""


@dataclass(frozen=True)
class Needed:
    """What one size of effect takes."""

    effect: float
    responses: int | None
    """Of the next wave in all, made up as the last one was; None where no number would do."""


@dataclass(frozen=True)
class PlanningFinding:
    """An audience and the rest as they stand, and what the next wave could find."""

    wave: str
    wave_title: str
    topic: str
    audience: str
    target: Estimate
    """Balance of the audience."""
    rest: Estimate
    detectable: float | None
    """The smallest effect found four times in five if the next wave is as large; None where a baseline is hidden."""
    needed: tuple[Needed, ...]
    reason: str | None
    caveat: str
    synthetic: bool


def planning(
    session: Session, wave: Wave, topic: str, area: str, *, rules: BaseRules = DEFAULT_RULES
) -> PlanningFinding:
    """What a next wave could find of an activity for the residents of a ward or beat, against everybody else.

    At 5% and 80% power. Raises FindingError for the whole district, which leaves no rest, and NotYetError where the
    wave cannot be weighted yet.
    """
    questionnaire = questionnaire_for(session, wave)
    change, whom = change_of(questionnaire, wave, topic), area_group(session, area, wave.closes_on)
    if not whom.variable:
        raise FindingError("An activity for the whole district leaves nobody to compare with: choose a ward or beat.")
    made = weighed(session, wave)
    wards = {ward.code for ward in areas(session, "ward", wave.closes_on)}
    rest = Group("rest", "", f"Everybody outside {whom.title}", "area", frozenset(wards - whom.codes))
    before, beside = (perceive(made, questionnaire, change, one).direct.held_to(rules).balance for one in (whom, rest))
    hidden = before.reason or beside.reason
    return PlanningFinding(
        wave=wave.key,
        wave_title=wave.title,
        topic=topic,
        audience=whom.title,
        target=before,
        rest=beside,
        detectable=None
        if hidden
        else minimum_detectable_effect(
            before, beside, effective_target_after=before.effective_base, effective_rest_after=beside.effective_base
        ),
        needed=()
        if hidden
        else tuple(Needed(effect, responses_needed(before, beside, effect=effect)) for effect in EFFECTS),
        reason=hidden,
        caveat=caveat(wave),
        synthetic=wave.synthetic,
    )
