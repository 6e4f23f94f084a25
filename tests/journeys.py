"""One journey for each small questionnaire: what somebody puts in, changes their mind to, and what is kept of it.

Shared by the tests that walk the real application without a browser, those that walk it in Chromium, and those that
put in what cannot be an answer. A questionnaire has one feature; ``everything`` has them all, a page each.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from csp_consult.questionnaire.questions.base import ANSWERED

FOLDER = Path(__file__).parent / "questionnaires"
FEATURES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
GLEN, FLECKNEY = "E05011958", "E05011957"

Fields = Mapping[str, Any]
Counted = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Journey:
    """Somebody's way through the questionnaire of one feature."""

    first: tuple[Fields, ...]
    """What they put in, page by page."""
    link: str
    """The question whose *Change* link they follow on the check page."""
    changed: tuple[Fields, ...]
    """What they then put in instead, page by page until they are back at the check page."""
    stored: Mapping[str, Any]
    """The answers of the response, as stored."""
    counted: Counted
    """What the tally holds of it: how often each option was chosen, by question key."""
    shown: tuple[str, ...]
    """What the check page says of it."""
    language: str = "en"


JOURNEYS: dict[str, Journey] = {
    "area": Journey(
        first=({"ward": FLECKNEY},),
        link="Which ward do you live in?",
        changed=({"ward": GLEN},),
        stored={"ward": GLEN},
        counted={"ward": {GLEN: 1}},
        shown=("Glen",),
    ),
    "date": Journey(
        first=({"seen_on-day": "5", "seen_on-month": "9", "seen_on-year": "2022"},),
        link="When did you see it?",
        changed=({"seen_on-day": "06", "moved-month": "9", "moved-year": "2021"},),
        stored={"seen_on": "2022-09-06", "moved": "2021-09"},
        counted={},
        shown=("6 September 2022", "September 2021"),
    ),
    "filtered": Journey(
        first=({"seen": ["litter", "noise"]}, {"worst": "litter"}),
        link="Which have you seen?",
        # Without litter the worst cannot be litter: that question is asked again.
        changed=({"seen": ["noise", "speeding"]}, {"worst": "speeding"}),
        stored={"seen": ["noise", "speeding"], "worst": "speeding"},
        counted={"seen": {ANSWERED: 1, "noise": 1, "speeding": 1}, "worst": {"speeding": 1}},
        shown=("Noise", "Speeding"),
    ),
    "grid": Journey(
        first=({"rated.speeding": "1"},),
        link="How much does each of these concern you?",
        changed=({"rated.speeding": "3", "rated.parking": "no_view"},),
        stored={"rated": {"speeding": "3", "parking": "no_view"}},
        counted={"rated.speeding": {"3": 1}, "rated.parking": {"no_view": 1}},
        shown=("Speeding: 3 – a great concern", "Parking: No view"),
    ),
    "information": Journey(
        first=({"read": "known"},),
        link="Did you know this?",
        changed=({"read": "new"},),
        stored={"read": "new"},
        counted={"read": {"new": 1}},
        shown=("It is new to me",),
    ),
    "languages": Journey(
        first=({"known": "yes"},),
        link="Ydych chi’n adnabod eich cymdogion?",
        changed=({"known": "no"},),
        stored={"known": "no"},
        counted={"known": {"no": 1}},
        shown=("Nac ydw",),
        language="cy",
    ),
    "multiple": Journey(
        first=({"seen": ["none"]},),
        link="Which of these have you seen?",
        changed=({"seen": ["noise", "litter"]},),
        stored={"seen": ["litter", "noise"]},
        counted={"seen": {ANSWERED: 1, "litter": 1, "noise": 1}},
        shown=("Litter", "Noise"),
    ),
    "number": Journey(
        first=({"years": "11", "miles": "3"},),
        link="How long have you lived here?",
        changed=({"years": " 12 ", "miles": "1,200.5"},),
        stored={"years": 12, "miles": 1200.5},
        counted={},
        shown=("12 years", "1,200.5 miles"),
    ),
    "other": Journey(
        first=({"heard": "poster", "wanted": ["none"]},),
        link="Where did you hear of this?",
        changed=(
            {"heard": "other", "heard-said": "=The pub", "wanted": ["lights", "other"], "wanted-said": "A bench"},
        ),
        stored={
            "heard": {"chosen": "other", "said": "=The pub"},
            "wanted": {"chosen": ["lights", "other"], "said": "A bench"},
        },
        counted={"heard": {"other": 1}, "wanted": {ANSWERED: 1, "lights": 1, "other": 1}},
        shown=("Somewhere else: =The pub", "Something else: A bench"),
    ),
    "quoting": Journey(
        first=({"top.1": "dogs", "dogs": "2"}, {"more": "They bark."}),
        link="Which matter most?",
        changed=({"top.1": "noise", "top.2": "dogs", "dogs": "1"},),
        stored={"top": ["noise", "dogs"], "dogs": 1, "more": "They bark."},
        counted={"top.1": {"noise": 1}, "top.2": {"dogs": 1}},
        shown=("What about your 1 dog?", "They bark."),
    ),
    "rank": Journey(
        first=({"top.1": "none"},),
        link="Which matter most to you?",
        changed=({"top.1": "drugs", "top.2": "asb"},),
        stored={"top": ["drugs", "asb"]},
        counted={"top.1": {"drugs": 1}, "top.2": {"asb": 1}},
        shown=("1. Drugs", "2. Anti-social behaviour"),
    ),
    "routing": Journey(
        first=({"victim": "yes"}, {"reported": "no"}, {"why_not": "Nobody came.", "anything": "More light."}),
        link="Has anyone committed a crime against you?",
        # What was said of reporting stays in the draft, off the path; it is neither sent nor counted.
        changed=({"victim": "no"},),
        stored={"victim": "no", "anything": "More light."},
        counted={"victim": {"no": 1}},
        shown=("More light.",),
    ),
    "scales": Journey(
        first=({"get_on": "agree"},),
        link="Do you agree or disagree that people here get on?",
        changed=({"get_on": "strongly_agree", "seen.litter": "weekly"},),
        stored={"get_on": "strongly_agree", "seen": {"litter": "weekly"}},
        counted={"get_on": {"strongly_agree": 1}, "seen.litter": {"weekly": 1}},
        shown=("Strongly agree", "Litter: At least once a week"),
    ),
    "single": Journey(
        first=({"safe": "safe"},),
        link="How safe or unsafe do you feel after dark?",
        changed=({"safe": "dont_know"},),
        stored={"safe": "dont_know"},
        counted={"safe": {"dont_know": 1}},
        shown=("Don’t know",),
    ),
    "street": Journey(
        first=({"where": "Low Street"},),
        link="Where does it happen?",
        changed=({"where": " High  Street", "where-area": GLEN},),
        stored={"where": {"name": "High Street", "area": GLEN}},
        counted={"where.area": {GLEN: 1}},
        shown=("High Street, Glen",),
    ),
    "text": Journey(
        first=({"street": "Low Street", "comment": "Dark"},),
        link="Which street is it?",
        changed=({"street": "'=High Street", "comment": 'Dark\r\nlane 🙂\r\n- اردو, "quoted"; _x0041_ 007'},),
        stored={"street": "'=High Street", "comment": 'Dark\nlane 🙂\n- اردو, "quoted"; _x0041_ 007'},
        counted={},
        shown=("'=High Street", "lane 🙂"),
    ),
}


# What a browser lets somebody put in that cannot be an answer, where there is such a thing.
WRONG: dict[str, Fields] = {
    "date": {"seen_on-day": "31", "seen_on-month": "2", "seen_on-year": "2022"},
    "number": {"years": "many"},
    "other": {"heard": "other", "heard-said": "x" * 201},
    "rank": {"top.1": "asb", "top.2": "asb"},
    "single": {},
    "street": {"where": "x" * 121},
    "text": {"comment": "x" * 101},
}


def source_of(feature: str) -> str:
    """The questionnaire of one feature, under the name that ``wave_of`` gives its survey."""
    written = (FOLDER / f"{feature}.yaml").read_text(encoding="utf-8")
    return written.replace(f"questionnaire: {feature}\n", "questionnaire: small\n")


# Features that stand on several pages, or in languages of their own.
NOT_TOGETHER = {"filtered", "languages", "quoting", "routing"}
TOGETHER = tuple(feature for feature in FEATURES if feature not in NOT_TOGETHER)
WORDED = {"title", "text", "hint", "reason", "lead", "unit", "body", "purpose", "decides", "after"}
LISTED = {"options", "rows"}
URDU = "اردو متن: "


def everything() -> str:
    """One questionnaire with a page for every type of question, in English and Urdu.

    The page of a feature is called after it; ``field`` gives the names of its fields.
    """
    scales: dict[str, Any] = {}
    pages: list[Any] = []
    for feature in TOGETHER:
        document = yaml.load((FOLDER / f"{feature}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        scales |= {name: _in_two(options) for name, options in document.get("scales", {}).items()}
        (page,) = document["pages"]
        questions = [
            {**_worded(asked), "id": field(feature, asked["id"])}
            for asked in page["questions"]
            if asked.pop("concern", 1)
        ]
        pages.append({"page": feature, "title": _two(page["title"]), "questions": questions})
    document = {
        "questionnaire": "small",
        "version": "1",
        "languages": ["en", "ur"],
        "title": _two("Every type of question"),
        "organisation": "A test",
        "audience": "residents",
        "minutes": 5,
        "intro": {"purpose": _two("To try."), "decides": _two("Nobody."), "after": _two("Nothing.")},
        "scales": scales,
        "pages": pages,
    }
    return json.dumps(document, ensure_ascii=False)  # JSON is YAML too


def field(feature: str, name: str) -> str:
    """The name that a field, or a question, of one feature's questionnaire has in that of everything."""
    return f"{feature}_{name}"


def fields_of(feature: str, fields: Fields) -> dict[str, Any]:
    """What is put into the page of a feature in the questionnaire of everything."""
    return {field(feature, name): value for name, value in fields.items()}


def answer_to(feature: str) -> dict[str, Any]:
    """What somebody puts into the page of a feature there who ends with the answers of its journey."""
    return fields_of(feature, last_given(feature))


def last_given(feature: str) -> dict[str, Any]:
    """The same in the feature's own questionnaire."""
    journey = JOURNEYS[feature]
    return {**journey.first[0], **journey.changed[0]}


def all_stored() -> dict[str, Any]:
    """What is stored of somebody who puts in every feature's changed answers in the questionnaire of everything."""
    return {
        field(feature, question): answer
        for feature in TOGETHER
        for question, answer in JOURNEYS[feature].stored.items()
    }


def _worded(entry: Any) -> Any:
    return dict(_worded_items(entry))


def _worded_items(entry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in entry.items():
        if key in WORDED:
            yield key, _two(value)
        elif key in LISTED and isinstance(value, dict):
            yield key, _in_two(value)
        else:
            yield key, value


def _in_two(options: Mapping[str, Any]) -> dict[str, Any]:
    return {code: _two(one) if isinstance(one, str) else _worded(one) for code, one in options.items()}


def _two(words: str) -> dict[str, str]:
    return {"en": words, "ur": URDU + words}
