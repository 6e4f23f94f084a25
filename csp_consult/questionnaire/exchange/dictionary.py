"""The data dictionary: what each column of an export of responses holds, for analysts."""

from collections.abc import Iterator, Mapping

from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.questions.base import Column, Question
from csp_consult.questionnaire.telling import told

KINDS = {
    "code": "one code",
    "flag": "1 chosen, 0 not",
    "number": "number",
    "date": "date",
    "text": "words",
}


def dictionary(questionnaire: Questionnaire) -> list[Mapping[str, str]]:
    """A row for each code of each column, in the order of an export; one row where a column has no codes.

    An empty cell of an export means not asked or not answered; *don't know* is a code like any other.
    """
    return [
        row
        for page in questionnaire.pages
        for question in page.questions
        for column in question.columns()
        for row in _rows(questionnaire, page, question, column)
    ]


def _rows(questionnaire: Questionnaire, page: Page, question: Question, column: Column) -> Iterator[Mapping[str, str]]:
    conditions = [told(part, questionnaire) for part in (page.show_if, question.show_if) if part]
    first = {
        "variable": column.name,
        "question": question.text(),
        "label": column.label(),
        "holds": KINDS[column.kind],
        "code": "",
        "meaning": "",
        "asked_if": " and ".join(f"({words})" for words in conditions) if len(conditions) > 1 else "".join(conditions),
        "page": page.title(),
        "kind": question.kind,
        "required": "yes" if question.required else "no",
    }
    if not column.labels:
        yield first
    for code, words in column.labels.items():
        yield first | {"code": code, "meaning": words()}
