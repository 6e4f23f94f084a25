"""The synthetic answers of the demo show what the plan prints, within sampling error, and are marked synthetic."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.analysis.estimates import share
from csp_consult.analysis.figures import Estimate
from csp_consult.fieldwork.models import Response
from csp_consult.fieldwork.waves import find, listed
from csp_consult.findings.ranking import ranking
from csp_consult.findings.weighting import weighed
from csp_consult.parishes.models import ParishResponse
from csp_consult.places.models import Electorate

pytestmark = pytest.mark.usefixtures("database")

VRN_2020 = "vrn-community-safety/2020"
VRN_2022 = "vrn-community-safety/2022-autumn"
SAFE = ("very_safe", "fairly_safe")
PROBLEM = ("very_big", "fairly_big")


def weighted(session: Session, wave: str, question: str, *options: str) -> Estimate:
    """The weighted share of a wave's residents who chose one of the options, among all who answered."""
    made = weighed(session, find(session, wave))
    answered = {key: 1.0 for key in made.tally.keys if key[0] == question}
    return share(made.tally.totals(made.finding.factors), {(question, option): 1.0 for option in options}, answered)


@pytest.mark.parametrize(("wave", "printed"), [(VRN_2020, 416), (VRN_2022, 214)])
def test_as_many_answer_as_the_plan_prints(session: Session, wave: str, printed: int) -> None:
    answered = select(func.count()).select_from(Response).where(Response.wave_id == find(session, wave).id)

    assert session.scalar(answered) == printed


@pytest.mark.parametrize(("wave", "printed"), [(VRN_2020, 0.61), (VRN_2022, 0.646)])
def test_cohesion_lands_within_sampling_error_of_the_printed_share(session: Session, wave: str, printed: float) -> None:
    agree = weighted(session, wave, "cohesion", "definitely_agree", "tend_to_agree")

    assert agree.lower is not None
    assert agree.upper is not None
    assert agree.lower <= printed <= agree.upper


@pytest.mark.parametrize(
    ("question", "options", "direction"),
    [
        ("safe_day", SAFE, -1),
        ("safe_night", SAFE, -1),
        ("asb_problem", PROBLEM, 1),
        ("crime_problem", PROBLEM, 1),
        ("asb_change", ("more",), -1),
        ("crime_change", ("more",), -1),
        ("asb_seen", ("fly_tipping",), 1),
        ("asb_seen", ("vandalism",), 1),
        ("asb_seen", ("drunk_rowdy",), -1),
        ("crime_seen", ("vehicle_crime",), 1),
        ("victim", ("yes_me", "yes_household"), 1),
        ("reported", ("yes",), 1),
    ],
)
def test_a_printed_direction_is_the_direction_of_the_weighted_shares(
    session: Session, question: str, options: tuple[str, ...], direction: int
) -> None:
    before = weighted(session, VRN_2020, question, *options).estimate
    after = weighted(session, VRN_2022, question, *options).estimate

    assert before is not None
    assert after is not None
    assert (after - before) * direction > 0


def test_what_was_seen_most_comes_in_the_printed_order(session: Session) -> None:
    def most(question: str, *options: str) -> list[str]:
        shares = {option: weighted(session, VRN_2022, question, option).estimate or 0 for option in options}
        return sorted(shares, key=lambda option: -shares[option])

    assert most("asb_seen", "fly_tipping", "vandalism", "litter", "drunk_rowdy", "drugs", "groups")[:2] == [
        "fly_tipping",
        "vandalism",
    ]
    assert most("crime_seen", "vehicle_crime", "rural_crime", "burglary", "fraud", "damage")[:2] == [
        "vehicle_crime",
        "rural_crime",
    ]
    assert most("asb_age", "under-10", "10-20", "21-30", "31-50", "over-50")[0] == "10-20"


@pytest.mark.parametrize(
    ("theme", "printed"),
    [
        (None, ["road-safety", "acquisitive-crime", "asb"]),
        ("road-safety", ["speeding", "cyclists-horse-riders"]),
        ("acquisitive-crime", ["farm-theft", "heritage-crime", "cyber-fraud"]),
        ("asb", ["criminal-damage", "threatening-behaviour", "noisy-neighbours"]),
    ],
)
def test_councils_rank_their_concerns_in_the_printed_order(
    session: Session, theme: str | None, printed: list[str]
) -> None:
    found = ranking(session, find(session, "parish-councils/2022-12"), theme=theme)

    assert list(found.ranking.order())[: len(printed)] == printed


def test_every_response_wave_and_electorate_is_marked_synthetic(session: Session) -> None:
    assert all(wave.synthetic for wave in listed(session))
    for table in (Response, ParishResponse, Electorate):
        assert session.scalar(select(func.count()).select_from(table)) != 0
        assert session.scalar(select(func.count()).select_from(table).where(table.synthetic.is_(False))) == 0


def test_the_open_waves_can_be_ranked(session: Session) -> None:
    open_waves = [
        wave for wave in listed(session) if wave.slug not in {"2020", "2022-autumn", "2023-winter", "2022-12"}
    ]

    assert {wave.survey.audience for wave in open_waves} == {"residents", "parishes"}
    assert all(ranking(session, wave).ranking.topics for wave in open_waves)
