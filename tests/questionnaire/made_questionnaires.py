"""Random questionnaires, and random answers to them, for the laws that hold for every questionnaire."""

import json
from datetime import date
from typing import Any

from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from csp_consult.questionnaire.faults import QuestionnaireError
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.pages import Showing
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.questions.area import Area
from csp_consult.questionnaire.questions.base import Answer, Choice, Question, QuestionContext
from csp_consult.questionnaire.questions.choice import Multiple, Saying, Single
from csp_consult.questionnaire.questions.dates import Date
from csp_consult.questionnaire.questions.grid import Grid
from csp_consult.questionnaire.questions.number import Number
from csp_consult.questionnaire.questions.rank import Rank
from csp_consult.questionnaire.questions.street import Street
from csp_consult.questionnaire.questions.words import ShortText, Words
from csp_consult.questionnaire.texts import Text
from csp_consult.resources import resource_folder

CONTEXT = QuestionContext(areas={"ward": (Choice("E1", Text({"en": "Glen"})), Choice("E2", Text({"en": "Thurnby"})))})
OPTIONS = {"a": "Apple", "b": "Berry", "c": "Cherry", "none": {"text": "None", "role": "none"}}
BODIES: list[dict[str, Any]] = [
    {"kind": "single", "options": OPTIONS},
    {"kind": "multiple", "options": OPTIONS},
    {"kind": "grid", "rows": {"x": "Left", "y": "Right"}, "options": OPTIONS},
    {"kind": "rank", "choose": 2, "options": OPTIONS},
    {"kind": "number", "lowest": -5, "highest": 2000, "decimals": 1},
    {"kind": "number", "lowest": 0, "highest": 99},
    {"kind": "date"},
    {"kind": "date", "precision": "month"},
    {"kind": "short_text"},
    {"kind": "long_text", "limit": 50},
    {"kind": "area", "of": "ward", "options": {"outside": {"text": "Elsewhere", "role": "outside"}}},
    {"kind": "street", "of": "ward"},
    {"kind": "information"},
    {"kind": "single", "order": "random", "options": OPTIONS | {"c": {"text": "Cherry", "say": "yes"}}},
    {"kind": "multiple", "options": OPTIONS | {"c": {"text": "Cherry", "role": "other", "say": "yes"}}},
]
KEYS = {"single": "{}", "multiple": "{}", "grid": "{}.x", "rank": "{}.1"}


def source_of(pages: list[dict[str, Any]], **more: Any) -> str:
    """A questionnaire file of these pages."""
    head = {"questionnaire": "made", "version": "1", "title": "Made", "organisation": "A test", "minutes": 1}
    intro = {"purpose": "To try.", "decides": "Nobody.", "after": "Nothing."}
    return json.dumps({**head, "audience": "residents", "intro": intro, "pages": pages, **more}, indent=1)


def single(question_id: str, **more: Any) -> dict[str, Any]:
    """A question with three options."""
    options = {"a": "Apple", "b": "Berry", "c": "Cherry"}
    return {"id": question_id, "kind": "single", "text": "What?", "options": options, **more}


def page_of(page_id: str, *questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A page of a file."""
    return {"page": page_id, "title": "A page", "questions": list(questions), **more}


def given_as(question_id: str, *codes: str) -> dict[str, Any]:
    """The condition that one of these options was chosen."""
    return {"question": question_id, "is": list(codes)}


@st.composite
def conditions(draw: st.DrawFn, keys: list[str], depth: int = 2) -> dict[str, Any]:
    """A condition on the questions whose tally keys are given."""
    form = draw(st.sampled_from(["is", "is", "not", "all", "any"] if depth else ["is"]))
    if form == "is":
        options = st.lists(st.sampled_from(list(OPTIONS)), min_size=1, max_size=2, unique=True)
        return {"question": draw(st.sampled_from(keys)), "is": draw(options)}
    inner = conditions(keys, depth - 1)
    return {form: draw(inner if form == "not" else st.lists(inner, min_size=1, max_size=2))}


@st.composite
def sources(draw: st.DrawFn) -> str:
    """The text of a questionnaire file of up to five pages, conditions on earlier pages included."""
    pages: list[dict[str, Any]] = []
    keys: list[str] = []
    for number in range(draw(st.integers(1, 5))):
        page: dict[str, Any] = {"page": f"page-{number}", "title": "A page", "questions": []}
        here: list[str] = []
        if draw(st.booleans()) and keys:
            page["show_if"] = draw(conditions(keys))
        for place in range(draw(st.integers(1, 3))):
            question = {"id": f"q{number}_{place}", "text": "What?", **draw(st.sampled_from(BODIES))}
            if draw(st.booleans()) and keys:
                question["show_if"] = draw(conditions(keys))
            if question.get("options", {}).get("b") and draw(st.booleans()) and keys:
                question["options"] = question["options"] | {"b": {"text": "Berry", "show_if": draw(conditions(keys))}}
            if question["kind"] in KEYS:
                here.append(KEYS[question["kind"]].format(question["id"]))
            page["questions"].append(question)
        keys += here
        pages.append(page)
    document = {
        "questionnaire": "made",
        "version": "1",
        "title": "Made",
        "organisation": "A test",
        "audience": "residents",
        "minutes": 1,
        "intro": {"purpose": "To try.", "decides": "Nobody.", "after": "Nothing."},
        "pages": pages,
    }
    return json.dumps(document, indent=1)  # JSON is YAML too


def sound_sources() -> st.SearchStrategy[str]:
    """The texts of random questionnaires without faults."""
    return sources().filter(lambda source: _loaded(source) is not None)


def questionnaires() -> st.SearchStrategy[Questionnaire]:
    """Random questionnaires without faults."""
    return sources().map(_loaded).filter(lambda made: made is not None).map(_present)


def _loaded(source: str) -> Questionnaire | None:
    try:
        return load(source)
    except QuestionnaireError as error:
        # A random condition can rule itself out; every other fault would be a fault of these tests.
        if all("No answers lead to" in one.message or "Nobody can choose" in one.message for one in error.faults):
            return None
        raise


def _present(made: Questionnaire | None) -> Questionnaire:
    assert made is not None
    return made


def answers(question: Question) -> st.SearchStrategy[Answer]:
    """Answers a person can give to the question."""
    if isinstance(question, (Grid, Multiple, Rank, Single)):
        return _chosen(question)
    if isinstance(question, Number):
        whole = st.integers(
            question.lowest * 10**question.decimals, min(question.highest, 10**6) * 10**question.decimals
        )
        return whole.map(lambda value: value / 10**question.decimals if question.decimals else value)
    if isinstance(question, Date):
        days = st.dates(question.earliest, min(question.latest, date(2099, 12, 31)))
        return days.map(lambda day: day.isoformat()[:7] if question.month_only else day.isoformat())
    if isinstance(question, Words):
        letters = st.text(st.characters(codec="utf-8"), min_size=1, max_size=min(question.limit, 40))
        tidy = letters.map(question.tidy).filter(bool)
        return tidy.filter(lambda text: isinstance(question, ShortText) or len(text) <= question.limit)
    if isinstance(question, Street):
        parts = {"name": st.just("High Street"), "area": st.sampled_from(["E1", "E2"])}
        return st.fixed_dictionaries({}, optional=parts).filter(bool)
    if isinstance(question, Area):
        return st.sampled_from([choice.code for choice in question.choices(CONTEXT)])
    return st.none()


def _chosen(question: Grid | Multiple | Rank | Single) -> st.SearchStrategy[Answer]:
    free = [option.code for option in question.options if not option.exclusive]
    every = [option.code for option in question.options]
    if isinstance(question, Grid):
        rows = [row.code for row in question.rows]
        return st.dictionaries(st.sampled_from(rows), st.sampled_from(every), min_size=1).map(
            lambda given: {row: given[row] for row in rows if row in given}
        )
    if isinstance(question, Single):
        return _said(question, st.sampled_from(every))
    alone = [[code] for code in every if code not in free]
    longest = question.places if isinstance(question, Rank) else len(free)
    several = st.lists(st.sampled_from(free), min_size=1, max_size=longest, unique=True)
    if isinstance(question, Multiple):
        several = several.map(lambda chosen: [code for code in every if code in chosen])
    return _said(question, st.one_of(several, st.sampled_from(alone)) if alone else several)


def _said(question: Grid | Multiple | Rank | Single, chosen: st.SearchStrategy[Answer]) -> st.SearchStrategy[Answer]:
    """The choices, some with words where the question has *other, please say*."""
    if not isinstance(question, Saying) or question.say is None:
        return chosen
    code = question.say.code
    return st.tuples(chosen, st.sampled_from(["", "Damson 🙂"])).map(
        lambda given: {"chosen": given[0], "said": given[1]} if given[1] and code in given[0] else given[0]
    )


@st.composite
def answered(draw: st.DrawFn) -> tuple[Questionnaire, dict[str, Answer]]:
    """A questionnaire with answers to some of its questions, on the path or off it."""
    questionnaire = draw(questionnaires())
    given: dict[str, Answer] = {}
    for question in questionnaire.questions.values():
        if draw(st.booleans()) and question.fields():
            given[question.id] = draw(answers(question))
    return questionnaire, given


def macro_environment() -> Environment:
    """The templates on their own, without the application: everything is said in English."""
    folder = FileSystemLoader(resource_folder("templates"))
    options: dict[str, Any] = {"autoescape": True, "undefined": StrictUndefined, "extensions": ["jinja2.ext.i18n"]}
    environment = Environment(loader=folder, **options)
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined] # the extension brings it
    environment.globals["character_counts"] = list

    def show_question(question: Question, showing: Showing) -> Markup:
        macros: Any = environment.get_template(f"components/questions/{question.template}").module
        return Markup(macros.render(question, showing))

    environment.globals["show_question"] = show_question
    return environment
