"""A small questionnaire with one of everything that fieldwork minds, and a wave that asks it."""

from datetime import date
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from csp_consult.fieldwork import responses, waves
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.questionnaire.store import store

TODAY = date(2027, 3, 10)

SOURCE = """
questionnaire: small
version: "1"
title: A small survey
organisation: The Partnership
audience: residents
minutes: 2
intro: {purpose: To test., decides: Nobody., after: Nothing.}
cell: {connection: connection, area: ward, age: age, sex: sex}
pages:
  - page: concerns
    title: Concerns
    questions:
      - id: problem
        kind: grid
        text: How much of a problem is each of these here?
        rows: {speeding: Speeding, asb: Anti-social behaviour, fly-tipping: Fly-tipping}
        options: {big: Very big, fairly: Fairly big, little: Not very big, none: None at all,
                  dk: {text: I do not know, role: dont_know}}
        concern: {kind: problem share, counts: [big, fairly]}
      - id: top
        kind: rank
        text: Which worry you most?
        options: {speeding: Speeding, asb: Anti-social behaviour, fly-tipping: Fly-tipping, burglary: Burglary}
        concern: {kind: rank points}
  - page: crime
    title: Crime
    questions:
      - id: victim
        kind: single
        text: Has anyone committed a crime against you in the last 12 months?
        options: {"yes": "Yes", "no": "No", pns: {text: Prefer not to say, role: prefer_not}}
  - page: report
    title: Reporting
    show_if: {question: victim, is: ["yes"]}
    questions:
      - id: reported
        kind: single
        text: Was it reported to the police?
        options: {"yes": "Yes", "no": "No"}
  - page: you
    title: About you
    questions:
      - id: connection
        kind: single
        text: What is your connection with the district?
        options: {live: I live here, work: {text: I work here, role: outside}, visit: {text: I visit, role: outside}}
      - id: ward
        kind: area
        of: ward
        text: Which ward do you live in?
        options: {outside: {text: Elsewhere, role: outside}, pns: {text: Prefer not to say, role: prefer_not}}
      - id: age
        kind: single
        text: How old are you?
        options: {16-24: 16 to 24, 25-34: 25 to 34, pns: {text: Prefer not to say, role: prefer_not}}
      - id: sex
        kind: single
        text: What is your sex?
        options: {female: Female, male: Male, pns: {text: Prefer not to say, role: prefer_not}}
"""

GRID = st.dictionaries(
    st.sampled_from(["speeding", "asb", "fly-tipping"]),
    st.sampled_from(["big", "fairly", "little", "none", "dk"]),
    min_size=1,
)
RANK = st.lists(st.sampled_from(["speeding", "asb", "fly-tipping", "burglary"]), min_size=1, max_size=3, unique=True)
ANSWERS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "problem": GRID,
        "top": RANK,
        "victim": st.sampled_from(["yes", "no", "pns"]),
        "reported": st.sampled_from(["yes", "no"]),
        "age": st.sampled_from(["16-24", "25-34", "pns"]),
        "sex": st.sampled_from(["female", "male"]),
    },
)


def make_wave(
    session: Session,
    slug: str = "2027",
    *,
    source: str = SOURCE,
    opens_on: date = date(2027, 3, 1),
    closes_on: date = date(2027, 3, 31),
) -> Wave:
    """A resident wave that asks ``source``, flushed and not committed."""
    survey = waves.create_survey(
        session, slug="small", title="A small survey", organisation="The Partnership", audience="residents"
    )
    return waves.create(
        session,
        survey,
        slug,
        title="A small survey, 2027",
        questionnaire=store(session, source, today=TODAY),
        opens_on=opens_on,
        closes_on=closes_on,
        cleared_on=opens_on,
    )


def give(
    session: Session,
    wave: Wave,
    answers: dict[str, Any],
    submission: str,
    *,
    mode: str = "online",
    base_weight: float = 1.0,
) -> Response:
    """Submit a response on TODAY, in English."""
    return responses.submit(
        session,
        wave,
        answers,
        submission=submission,
        mode=mode,
        language="en",
        today=TODAY,
        base_weight=base_weight,
    )
