"""How an audience and everybody else stand, and how many responses would show that an activity moved them apart."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from csp_consult.analysis.evaluation import minimum_detectable_effect, responses_needed
from csp_consult.analysis.figures import Estimate
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.cells import Cell
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import FindingError
from csp_consult.findings.gaps import change_of
from csp_consult.findings.groups import area_group, groups
from csp_consult.findings.perception import sides
from csp_consult.findings.phrasing import in_sentence
from csp_consult.findings.weighting import caveat, weighed
from csp_consult.places.lookup import areas

EFFECTS: Final = (0.05, 0.1, 0.15, 0.2, 0.3)
"""Changes in the balance (share who say up less share who say down) that may be worth having."""
NO_REST: Final = "An activity for the whole district leaves nobody to compare with: choose a ward or beat."


@dataclass(frozen=True)
class Balances:
    """The balance of an audience, and of everybody else whose ward and age are known."""

    audience: str
    target: Estimate
    rest: Estimate | None
    """None where the audience is everybody."""

    @property
    def reason(self) -> str | None:
        """Why the two cannot be compared; None where they can."""
        return NO_REST if self.rest is None else self.target.reason or self.rest.reason

    @property
    def detectable(self) -> float | None:
        """The smallest effect found four times in five if the next wave is as large; None without two baselines."""
        if self.rest is None or self.reason:
            return None
        return minimum_detectable_effect(
            self.target,
            self.rest,
            effective_target_after=self.target.effective_base,
            effective_rest_after=self.rest.effective_base,
        )


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
    found = balances(session, wave, topic, area, rules=rules)
    if found.rest is None:
        raise FindingError(NO_REST)
    before, beside = found.target, found.rest
    return PlanningFinding(
        wave=wave.key,
        wave_title=wave.title,
        topic=topic,
        audience=found.audience,
        target=before,
        rest=beside,
        detectable=found.detectable,
        needed=()
        if found.reason
        else tuple(Needed(effect, responses_needed(before, beside, effect=effect)) for effect in EFFECTS),
        reason=found.reason,
        caveat=caveat(wave),
        synthetic=wave.synthetic,
    )


def balances(
    session: Session, wave: Wave, topic: str, area: str, age: str = "", *, rules: BaseRules = DEFAULT_RULES
) -> Balances:
    """How the residents of an area (of one age band, where it is given) stand, and everybody else.

    Raises FindingError where the wave did not ask, or does not know the area or the age band; NotYetError where it
    cannot be weighted yet.
    """
    questionnaire = questionnaire_for(session, wave)
    change, whom = change_of(questionnaire, wave, topic), area_group(session, area, wave.closes_on)
    ages = {one.code: one.title for one in groups(session, wave, questionnaire, "age")} if age else {}
    if age and age not in ages:
        raise FindingError(f"{wave.key} does not know the age group {age}.")
    made = weighed(session, wave)
    wards = {ward.code for ward in areas(session, "ward", wave.closes_on)}
    cells = {key: Cell.parse(key) for key in made.tally.cells}
    # Somebody whose ward or age is not known may belong to either side.
    known = {
        key
        for key, cell in cells.items()
        if (not whom.variable or cell.area in wards) and (not age or cell.age in ages)
    }
    inside = {
        key
        for key in known
        if (not whom.variable or cells[key].area in whom.codes) and (not age or cells[key].age == age)
    }
    target, rest = (
        sides(made, questionnaire, change, frozenset(part)).held_to(rules).balance for part in (inside, known - inside)
    )
    title = f"{whom.title}, {in_sentence(ages[age])}" if age else whom.title
    return Balances(title, target, rest if whom.variable or age else None)
