"""Every kind of paper, and how one is made. Which of them are public is said in ``open_data``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from sqlalchemy.orm import Session

from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.errors import NotYetError
from csp_consult.papers import (
    before_opening,
    chapter,
    fairness,
    parish_feedback,
    plan_paper,
    plan_review,
    results,
    strategy_group,
)
from csp_consult.papers.contents import Paper
from csp_consult.papers.plan_evidence import FinancialYear
from csp_consult.reports.strategy import Quarter


@dataclass(frozen=True)
class Making:
    """What every paper is made with."""

    today: date
    organisation: str
    """The partnership, as papers name it."""
    district: str
    """Its area code."""
    rules: BaseRules


Maker: TypeAlias = Callable[[Session, str, Making], Paper]
"""Makes the paper about something (a wave's key, a quarter, a year). Raises FindingError where it cannot be made."""


@dataclass(frozen=True)
class Kind:
    """One kind of paper."""

    made: Maker
    needs_words: tuple[str, ...] = ()
    """Sections that only an officer can fill: without their words the paper cannot be signed off."""
    alike: Callable[[Session, str], Sequence[str]] | None = None
    """What all the papers are about that have their words in common with one, and are signed off with it."""

    def words_of(self, about: str) -> str:
        """Under what the words of a paper are kept: papers with words in common keep them under their wave."""
        return about.rpartition("/")[0] if self.alike else about


def _results(session: Session, about: str, making: Making) -> Paper:
    wave = _wave(session, about)
    return results.results(session, wave, making.today, organisation=making.organisation, rules=making.rules)


def _chapter(session: Session, _about: str, making: Making) -> Paper:
    return chapter.chapter(session, making.today, organisation=making.organisation, rules=making.rules)


def _strategy_group(session: Session, about: str, making: Making) -> Paper:
    return strategy_group.paper(
        session,
        making.district,
        Quarter.read(about),
        making.today,
        organisation=making.organisation,
        rules=making.rules,
    )


def _before_opening(session: Session, about: str, making: Making) -> Paper:
    wave = _wave(session, about)
    return before_opening.before_opening(session, wave, making.today, organisation=making.organisation)


def _fairness(session: Session, about: str, making: Making) -> Paper:
    return fairness.fairness(session, _wave(session, about), making.today, organisation=making.organisation)


def _parish_feedback(session: Session, about: str, making: Making) -> Paper:
    key, _, parish = about.rpartition("/")
    return parish_feedback.feedback(
        session,
        _wave(session, key),
        parish,
        making.today,
        organisation=making.organisation,
        district=making.district,
    )


def _every_council(session: Session, about: str) -> list[str]:
    key = about.rpartition("/")[0]
    return [f"{key}/{code}" for code in parish_feedback.councils(session, _wave(session, key))]


def _plan(session: Session, about: str, making: Making) -> Paper:
    return plan_paper.plan_paper(session, about, making.today, organisation=making.organisation)


def _plan_review(session: Session, about: str, making: Making) -> Paper:
    year = FinancialYear.read(about)
    return plan_review.review(session, making.district, year, making.today, organisation=making.organisation)


def _wave(session: Session, key: str) -> Wave:
    try:
        return waves.find(session, key)
    except waves.WaveError as error:
        raise NotYetError(str(error)) from error


KINDS: Final[Mapping[str, Kind]] = {
    results.KIND: Kind(_results),
    chapter.KIND: Kind(_chapter),
    before_opening.KIND: Kind(_before_opening, before_opening.NEEDS_WORDS),
    fairness.KIND: Kind(_fairness, fairness.NEEDS_WORDS),
    parish_feedback.KIND: Kind(_parish_feedback, alike=_every_council),
    plan_paper.KIND: Kind(_plan),
    plan_review.KIND: Kind(_plan_review),
    strategy_group.KIND: Kind(_strategy_group),
}
"""By the name that stands in addresses and in the database."""
