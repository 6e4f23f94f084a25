"""Each answer type's page part: labelled, nothing preselected, what was typed kept, errors where a link finds them."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from questionnaire.made_questionnaires import CONTEXT, macro_environment
from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.pages import Showing, fill_page, read_page

QuestionnaireFor = Callable[[str], Questionnaire]
FEATURES = [
    "single",
    "multiple",
    "other",
    "scales",
    "street",
    "grid",
    "rank",
    "number",
    "date",
    "text",
    "area",
    "information",
    "languages",
]


@pytest.fixture(scope="session")
def render() -> Callable[[Page, Showing], BeautifulSoup]:
    template = macro_environment().from_string(
        "{% from 'components/questions/all.html' import render_all %}{{ render_all(page.questions, showing) }}"
    )
    return lambda page, showing: BeautifulSoup(template.render(page=page, showing=showing), "html5lib")


Render = Callable[[Page, Showing], BeautifulSoup]


@pytest.mark.parametrize("name", FEATURES)
def test_every_field_is_labelled_under_the_questions_words(
    questionnaire_for: QuestionnaireFor, render: Render, name: str
) -> None:
    page = questionnaire_for(name).pages[0]
    shown = render(page, Showing(context=CONTEXT))
    fields = shown.select("input, select, textarea")
    labelled = {label["for"] for label in shown.select("label")}
    headings = [" ".join(part.get_text().split()) for part in shown.select("legend, label, h2")]

    assert {field["id"] for field in fields} == labelled
    assert {field["name"] for field in fields} == {name for one in page.questions for name in one.fields()}
    assert {question.text() for question in page.questions} <= set(headings)
    assert len({tag["id"] for tag in shown.select("[id]")}) == len(shown.select("[id]"))


@pytest.mark.parametrize("name", FEATURES)
def test_nothing_is_preselected(questionnaire_for: QuestionnaireFor, render: Render, name: str) -> None:
    shown = render(questionnaire_for(name).pages[0], Showing(context=CONTEXT))

    assert shown.select("[checked]") == []
    assert [option for option in shown.select("option[selected]") if option["value"]] == []
    assert {field.get("value", "") for field in shown.select("input[type=text]")} <= {""}


@pytest.mark.parametrize(
    ("name", "answers", "marked"),
    [
        ("single", {"safe": "unsafe"}, "input[value=unsafe][checked]"),
        ("multiple", {"seen": ["noise"]}, "input[value=noise][checked]"),
        ("grid", {"rated": {"parking": "2"}}, "input[name='rated.parking'][value='2'][checked]"),
        ("rank", {"top": ["drugs"]}, "select[name='top.1'] option[value=drugs][selected]"),
        ("number", {"miles": 3.5}, "input[name=miles][value='3.5']"),
        ("date", {"seen_on": "2022-09-05"}, "input[name=seen_on-month][value='9']"),
        ("text", {"street": "High Street"}, "input[name=street][value='High Street']"),
        ("area", {"ward": "E2"}, "option[value=E2][selected]"),
        ("other", {"heard": {"chosen": "other", "said": "Pub"}}, "input[name=heard-said][value=Pub]"),
        ("street", {"where": {"area": "E2"}}, "select[name=where-area] option[value=E2][selected]"),
    ],
)
def test_a_page_come_back_to_shows_its_answers(
    questionnaire_for: QuestionnaireFor, render: Render, name: str, answers: dict[str, object], marked: str
) -> None:
    page = questionnaire_for(name).pages[0]

    shown = render(page, Showing(typed=fill_page(page, answers), context=CONTEXT))

    assert len(shown.select(marked)) == 1


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("single", {}),
        ("multiple", {"seen": "forged"}),
        ("grid", {"rated.parking": "forged"}),
        ("rank", {"top.2": "asb"}),
        ("number", {"years": "<b>long</b>"}),
        ("date", {"seen_on-day": "31"}),
        ("text", {"comment": "<b>" + "x" * 200}),
        ("area", {"ward": "forged"}),
        ("other", {"wanted": "other", "wanted-said": "<b>" + "x" * 200}),
        ("street", {"where-area": "forged"}),
    ],
)
def test_an_error_stands_by_its_field_and_a_link_finds_it(
    questionnaire_for: QuestionnaireFor, render: Render, name: str, sent: dict[str, str]
) -> None:
    page = questionnaire_for(name).pages[0]
    result = read_page(page, MultiDict(sent), CONTEXT)

    shown = render(page, Showing(typed=result.typed, errors=result.errors, context=CONTEXT))

    (error,) = result.errors
    field = shown.find(id=error.field_id)
    message = shown.find(id=f"{error.field_id}-error")
    assert field is not None
    assert field.name in {"input", "select", "textarea"}
    assert message is not None
    assert error.message in message.get_text()
    described = [tag["aria-describedby"] for tag in shown.select("[aria-describedby]")]
    assert any(f"{error.field_id}-error" in one for one in described)
    assert shown.select("b") == []


def test_an_exclusive_option_is_marked_for_the_script(questionnaire_for: QuestionnaireFor, render: Render) -> None:
    shown = render(questionnaire_for("multiple").pages[0], Showing())

    assert [box["value"] for box in shown.select("[data-behaviour=exclusive]")] == ["none"]


def test_an_exclusive_option_is_offered_in_first_place_alone(
    questionnaire_for: QuestionnaireFor, render: Render
) -> None:
    shown = render(questionnaire_for("rank").pages[0], Showing())

    assert [box["name"] for box in shown.select("select:has(option[value=none])")] == ["top.1"]


def test_words_are_in_the_language_shown(questionnaire_for: QuestionnaireFor, render: Render) -> None:
    shown = render(questionnaire_for("languages").pages[0], Showing(language="cy"))

    assert [label.get_text().strip() for label in shown.select("label")] == ["Ydw", "Nac ydw"]
