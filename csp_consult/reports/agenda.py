"""The paper for a council's meeting: what is asked, what the council is to decide, and room for its answers.

Plain data, so that the helper process can set it as a Word or PDF file. Blank, it is for anybody; with a council, it
carries the council's name, its own last day and what its clerk has drafted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from csp_consult import words
from csp_consult.fieldwork.models import Wave
from csp_consult.questionnaire.conditions import Condition, Is
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.path import path
from csp_consult.questionnaire.questions.base import NO_CONTEXT, Choice, Question, QuestionContext
from csp_consult.questionnaire.questions.choice import Multiple
from csp_consult.questionnaire.questions.grid import Grid
from csp_consult.questionnaire.questions.rank import Rank

MOST_OPTIONS = 40
"""A longer list, such as every parish, gets a line to write on."""
SYNTHETIC = "This consultation holds synthetic responses, made to try out the platform."


@dataclass(frozen=True)
class Item:
    """One question on paper."""

    text: str
    notes: tuple[str, ...]
    """When to answer it, how many to choose."""
    options: tuple[str, ...]
    rows: tuple[str, ...]
    """For a grid: each row is answered on the options."""
    answer: tuple[str, ...] | None
    """What is drafted, a line each; None on a blank paper."""


@dataclass(frozen=True)
class Part:
    """Questions under one heading."""

    title: str
    lead: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class AgendaPaper:
    """The paper in words."""

    title: str
    organisation: str
    about: tuple[tuple[str, str], ...]
    """Label and text, above the questions."""
    decide: str
    """What the council is asked to resolve."""
    parts: tuple[Part, ...]
    foot: str
    synthetic: str | None


def agenda_paper(
    wave: Wave,
    questionnaire: Questionnaire,
    *,
    council: str | None = None,
    last_day: date | None = None,
    answers: Mapping[str, Any] | None = None,
    context: QuestionContext = NO_CONTEXT,
) -> AgendaPaper:
    """The paper for a meeting; without a council it is blank. ``last_day`` is by default the wave's."""
    closes = words.day(last_day or wave.closes_on)
    drafted = answers or None
    # On paper nothing opens or closes: a blank form shows every page, a draft the pages it leads to.
    pages = path(questionnaire, drafted) if drafted else questionnaire.pages
    return AgendaPaper(
        title=f"{wave.title}: {council}" if council else wave.title,
        organisation=questionnaire.organisation,
        about=(
            ("For", f"A meeting of {council or 'the council, or of the parish where it has no council'}"),
            ("Answer by", closes),
            ("Why it is asked", questionnaire.intro.purpose()),
            ("What is still open", questionnaire.intro.decides()),
            ("What happens next", questionnaire.intro.after()),
        ),
        decide=(
            "The council is asked to agree its answers to the questions below, "
            f"and to have the clerk send them to {questionnaire.organisation} by {closes} "
            "with the date of this meeting and the minute reference."
        ),
        parts=tuple(_part(questionnaire, page, drafted, context) for page in pages),
        foot="One response is counted for each council: please send these answers through the clerk.",
        synthetic=SYNTHETIC if wave.synthetic else None,
    )


def _part(
    questionnaire: Questionnaire, page: Page, drafted: Mapping[str, Any] | None, context: QuestionContext
) -> Part:
    items = [_item(questionnaire, question, drafted, context) for question in page.questions if question.fields()]
    lead = " ".join(text for text in (page.lead(), "" if drafted else _only_if(questionnaire, page.show_if)) if text)
    return Part(page.title(), lead, tuple(items))


def _item(
    questionnaire: Questionnaire, question: Question, drafted: Mapping[str, Any] | None, context: QuestionContext
) -> Item:
    notes = [question.hint(), "" if drafted else _only_if(questionnaire, question.show_if), _how(question)]
    choices = question.choices(context)
    answer = None
    if drafted is not None:
        given = question.id in drafted
        answer = (
            tuple(question.display(drafted[question.id], context=context).split("\n"))
            if given
            else ("Not answered yet",)
        )
    return Item(
        text=question.text(),
        notes=tuple(note for note in notes if note),
        options=() if len(choices) > MOST_OPTIONS else tuple(_choice(choice) for choice in choices),
        rows=tuple(_choice(row) for row in question.rows) if isinstance(question, Grid) else (),
        answer=answer,
    )


def _choice(choice: Choice) -> str:
    return f"{choice.text()} ({choice.hint()})" if choice.hint else choice.text()


def _how(question: Question) -> str:
    if isinstance(question, Rank):
        return f"Write 1 beside the first choice, 2 beside the second, and so on: up to {question.places}."
    if isinstance(question, Multiple) and not question.hint:
        return "Tick all that apply."
    return ""


def _only_if(questionnaire: Questionnaire, condition: Condition | None) -> str:
    if condition is None:
        return ""
    if isinstance(condition, Is):
        question = questionnaire.questions[condition.key.partition(".")[0]]
        names = {choice.code: choice.text() for choice in question.choices()}
        chosen = " or ".join(f"“{names.get(code, code)}”" for code in condition.options)
        return f"Only if the answer to “{question.text()}” is {chosen}."
    return "Only asked after certain answers to earlier questions."
