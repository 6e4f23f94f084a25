"""A district of two beats, four wards and four parishes, a residents' wave and a parish wave, all made up."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from csp_consult.db import Base
from csp_consult.fieldwork import responses, waves
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.parishes.models import ParishResponse
from csp_consult.places.bands import ADULT_BANDS, ADULTS, BOTH_SEXES, SEXES
from csp_consult.places.models import Area, AreaLink, Electorate, Population
from csp_consult.questionnaire.store import store
from csp_consult.recorded.models import PublishedComparison, RecordedCount, RecordedImport
from csp_consult.topics.models import Topic, TopicRecord

DISTRICT = "D1"
WARDS = ("W1", "W2", "W3", "W4")
LSOAS = ("L1", "L2", "L3", "L4")
PARISHES = ("P1", "P2", "P3", "P4")
CENSUS = date(2020, 6, 30)
TODAY = date(2022, 10, 1)
_numbers = count()

RESIDENTS = """
questionnaire: residents-test
version: "1"
title: Residents
organisation: Test partnership
audience: residents
minutes: 3
intro: {purpose: To test., decides: Nobody., after: Nothing.}
cell: {age: age, sex: sex, area: ward, connection: connection}
channel: news
pages:
  - page: concerns
    title: Concerns
    questions:
      - id: problem
        kind: grid
        text: How much of a problem is each of these here?
        rows: {speeding: Speeding, burglary: Burglary, fly-tipping: Fly-tipping, drugs: Drugs}
        options: {big: Big, little: Little, none: None at all, dk: {text: I do not know, role: dont_know}}
        concern: {kind: problem share, counts: [big]}
      - id: asb_change
        kind: single
        text: Compared with a year ago, is anti-social behaviour in your local area more or less of a problem?
        options: {more: More, same: Same, less: Less, dk: {text: I do not know, role: dont_know},
                  pns: {text: Prefer not to say, role: prefer_not}}
        change: {topic: asb, up: more, same: same, down: less, reference: 12 months, area: local}
      - id: seen
        kind: multiple
        text: Which have you seen?
        options: {litter: Litter, damage: Damage, nothing: {text: None of these, role: none}}
      - id: comment
        kind: long_text
        text: Is there anything else?
      - id: news
        kind: single
        text: Where do you hear local news most?
        options: {letters: Letters, radio: Radio, dk: {text: I do not know, role: dont_know}}
  - page: you
    title: About you
    questions:
      - id: connection
        kind: single
        text: What is your connection with the district?
        options: {live: I live here, work: {text: I work here, role: outside}}
      - id: ward
        kind: area
        of: ward
        text: Which ward do you live in?
        options: {pns: {text: Prefer not to say, role: prefer_not}}
      - id: age
        kind: single
        text: How old are you?
        options: {16-24: 16 to 24, 25-34: 25 to 34, 35-44: 35 to 44, 45-54: 45 to 54, 55-64: 55 to 64,
                  65-74: 65 to 74, 75+: 75 or over, pns: {text: Prefer not to say, role: prefer_not}}
      - id: sex
        kind: single
        text: What is your sex?
        options: {female: Female, male: Male, pns: {text: Prefer not to say, role: prefer_not}}
      - id: disabled
        kind: single
        text: Do you have a long-term condition?
        options: {"yes": "Yes", "no": "No"}
"""

COUNCILS = """
questionnaire: councils-test
version: "1"
title: Councils
organisation: Test partnership
audience: parishes
minutes: 3
intro: {purpose: To test., decides: Nobody., after: Nothing.}
pages:
  - page: concerns
    title: Concerns
    questions:
      - id: themes
        kind: grid
        text: How concerned is the council about each?
        rows: {road-safety: Road safety, acquisitive-crime: Acquisitive crime, asb: Anti-social behaviour}
        options: {1: Not at all, 2: A little, 3: Somewhat, 4: Much, 5: Very much}
        concern: {kind: mean rating}
      - id: top_asb
        kind: rank
        text: Which kinds of anti-social behaviour concern the council most?
        choose: 2
        options: {fly-tipping: Fly-tipping, drugs: Drugs, other: {text: Something else, role: other}}
        concern: {kind: rank points, within: asb}
"""


def printed_change(change_pct: float | None = -33.4, **changed: Any) -> PublishedComparison:
    """What a plan prints of anti-social behaviour: a change without counts, April to December 2022."""
    row: dict[str, Any] = {
        "id": "asb",
        "position": 1,
        "kind": "change",
        "text": "down 33.4%",
        "source": "Test police",
        "citation": "Test plan",
        "topic_slug": "asb",
        "area_code": DISTRICT,
        "period": "April to December 2022",
        "period_from": date(2022, 4, 1),
        "period_to": date(2022, 12, 31),
        "previous_period": "the same months of 2021",
        "change_pct": change_pct,
        "detail": {},
    }
    return PublishedComparison(**{**row, **changed})


@dataclass(frozen=True)
class World:
    """What was built, and how to add to it."""

    session: Session
    residents: Wave
    councils: Wave

    @classmethod
    def found(cls, session: Session) -> "World":
        """The world that ``make_world`` left in the database."""
        return cls(session, waves.find(session, "residents-test/2022"), waves.find(session, "councils-test/2022"))

    def answer(self, answers: dict[str, Any] | None = None, **said: Any) -> Response:
        """One resident's response; nothing is said but what is given."""
        return responses.submit(
            self.session,
            self.residents,
            {"connection": "live", **(answers or {}), **said},
            submission=f"submission-{next(_numbers)}",
            mode="online",
            language="en",
            today=TODAY,
        )

    def crowd(self) -> None:
        """240 responses, dealt from a fixed seed; speeding worries most, and more say *more* than *less*."""
        dealt = Random(7)
        for _ in range(240):
            self.answer(
                age=dealt.choice(ADULT_BANDS),
                sex=dealt.choice(SEXES),
                ward=dealt.choice(WARDS),
                problem={
                    "speeding": dealt.choice(["big", "big", "big", "big", "none"]),
                    "burglary": dealt.choice(["big", "little", "little"]),
                    "fly-tipping": dealt.choice(["big", "big", "none", "dk"]),
                    "drugs": dealt.choice(["big", "none", "none", "none", "none", "none"]),
                },
                asb_change=dealt.choice(["more", "more", "more", "same", "same", "less", "dk"]),
                seen=dealt.choice([["litter"], ["litter", "damage"], ["nothing"]]),
                disabled=dealt.choice(["yes", "no", "no", "no"]),
            )
        self.session.flush()

    def add(self, *rows: Base) -> None:
        """Put rows in the database."""
        self.session.add_all(rows)
        self.session.flush()

    def record(self, months: dict[str, int], area: str = "L1", *, category: str = "Anti-social behaviour") -> None:
        """Recorded incidents by month, placed in an LSOA."""
        taken = RecordedImport(
            source="police_uk",
            file_name=f"{area}.csv",
            sha256="0" * 64,
            imported_on=TODAY,
            receipt={"unplaced": {}},
        )
        self.add(taken)
        self.add(
            *(
                RecordedCount(
                    source="police_uk",
                    period=month,
                    area_code=area,
                    category=category,
                    recorded_by="Test police",
                    n=n,
                    import_id=taken.id,
                )
                for month, n in months.items()
            )
        )

    def council(self, parish: str, ratings: dict[str, str], **more: Any) -> ParishResponse:
        """One council's response."""
        row = ParishResponse(
            wave_id=self.councils.id,
            parish_code=parish,
            version=1,
            reference=f"reference-{next(_numbers)}",
            submission=f"submission-{next(_numbers)}",
            answers={"themes": ratings, **more},
            mandate="full council",
            meeting_on=TODAY,
            minute_reference="22/1",
            submitted_on=TODAY,
        )
        self.session.add(row)
        self.session.flush()
        return row


def make_world(session: Session) -> World:
    """The whole of it, flushed and not committed."""
    _add_places(session)
    _add_topics(session)
    return World(
        session,
        residents=_wave(session, RESIDENTS, "residents-test", "residents"),
        councils=_wave(session, COUNCILS, "councils-test", "parishes"),
    )


def _add_places(session: Session) -> None:
    def add(code: str, kind: str) -> None:
        session.add(Area(code=code, kind=kind, name=f"{kind.title()} {code}", source="made up"))
        session.flush()

    def link(inner: str, outer: str) -> None:
        session.add(AreaLink(inner_code=inner, outer_code=outer, method="official", source="made up"))

    def people(area: str, sex: str, band: str, persons: int) -> None:
        session.add(
            Population(area_code=area, sex=sex, age_band=band, as_at=CENSUS, persons=persons, source="made-up census")
        )

    add(DISTRICT, "district")
    for beat in ("B1", "B2"):
        add(beat, "beat")
    for i, (ward, parish) in enumerate(zip(WARDS, PARISHES, strict=True)):
        add(ward, "ward")
        add(parish, "parish")
        link(ward, DISTRICT)
        link(ward, "B1" if i < 2 else "B2")
        link(parish, ward)
        adults = (18_200, 14_700, 12_600, 24_500)[i]
        people(ward, BOTH_SEXES, ADULTS, adults)
        for band in ADULT_BANDS:
            people(ward, BOTH_SEXES, band, adults // 7)
        session.add(Electorate(area_code=parish, as_at=CENSUS, electors=1_000 * (i + 1), source="made-up register"))
    people(DISTRICT, BOTH_SEXES, ADULTS, 70_000)
    for lsoa, ward in zip(LSOAS, WARDS, strict=True):
        add(lsoa, "lsoa21")
        link(lsoa, ward)
        link(lsoa, DISTRICT)
    for position, band in enumerate(ADULT_BANDS):
        for sex in SEXES:
            people(DISTRICT, sex, band, 5_000 + 100 * (position - 3))
    session.flush()


def _add_topics(session: Session) -> None:
    themes = {
        "road-safety": ["speeding"],
        "acquisitive-crime": ["burglary"],
        "asb": ["fly-tipping", "drugs"],
    }
    titles = {"road-safety": "Road safety", "acquisitive-crime": "Acquisitive crime", "asb": "Anti-social behaviour"}
    for position, (theme, topics) in enumerate(themes.items()):
        session.add(Topic(slug=theme, title=titles[theme], position=position))
        session.flush()
        for topic in topics:
            session.add(Topic(slug=topic, theme_slug=theme, title=topic.capitalize(), position=position))
    session.add(
        TopicRecord(topic_slug="asb", source="police_uk", category="Anti-social behaviour", valid_from=date(2013, 5, 1))
    )
    session.flush()


def _wave(session: Session, source: str, slug: str, audience: str) -> Wave:
    survey = waves.create_survey(session, slug=slug, title=slug, organisation="Test", audience=audience)
    return waves.create(
        session,
        survey,
        "2022",
        title=f"{slug}, 2022",
        questionnaire=store(session, source, today=TODAY),
        opens_on=date(2022, 9, 1),
        closes_on=date(2022, 11, 30),
        cleared_on=date(2022, 9, 1),
    )
