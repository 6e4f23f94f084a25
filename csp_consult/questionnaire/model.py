"""A questionnaire in memory: pages of questions, and what its answers are for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from csp_consult.questionnaire.conditions import Condition, Is
from csp_consult.questionnaire.measures import ChangeMeasure, ConcernMeasure, SafetyMeasure
from csp_consult.questionnaire.questions.base import Question
from csp_consult.questionnaire.texts import NO_TEXT, Text


@dataclass(frozen=True)
class Introduction:
    """What a person is told before the first question."""

    purpose: Text
    """Why this is asked."""
    decides: Text
    """Who decides, and what is still open."""
    after: Text
    """What happens to the answers."""


@dataclass(frozen=True)
class Translation:
    """What a file's translations say of one language."""

    language: str
    words: Mapping[str, str]
    """By the English it stands for, perhaps after ``question/``; only what is translated."""
    missing: tuple[str, ...] = ()
    """The English texts that have no words in it, and are read in English."""
    checked_by: str = ""
    """The native reader who found it right; empty until then."""
    checked_on: str = ""
    """The day of that, as ISO text."""


@dataclass(frozen=True)
class CellQuestions:
    """Ids of the questions that place a respondent in a weighting cell; None where there is none."""

    age: str | None = None
    sex: str | None = None
    area: str | None = None
    connection: str | None = None
    """Whether they live here, work here or visit."""


@dataclass(frozen=True)
class Page:
    """Questions shown together. In a path it holds only those that are asked."""

    id: str
    title: Text
    questions: tuple[Question, ...]
    lead: Text = NO_TEXT
    sensitive: bool = False
    """True for pages that need helplines and a way to leave quickly."""
    show_if: Condition | None = None
    quotes: Mapping[str, Text] = field(default_factory=dict)
    """Its ``lead`` as written, where earlier answers are put into it."""
    line: int = 0


@dataclass(frozen=True)
class Questionnaire:
    """Everything a wave asks. Immutable."""

    slug: str
    version: str
    title: Text
    organisation: str
    """The body that asks."""
    audience: str
    """``residents`` or ``parishes``."""
    said: tuple[str, ...] = field(default=(), kw_only=True)
    """Every English text of its file, once, in the order of the file."""
    languages: tuple[str, ...]
    """English, and every other language it can be read in."""
    minutes: int
    intro: Introduction
    pages: tuple[Page, ...]
    cell: CellQuestions = CellQuestions()
    translations: Mapping[str, Translation] = field(default_factory=dict)
    """By language, those under ``translations`` in the file; the others were written together with the English."""
    channel: str | None = None
    """Id of the question on where a person hears local news; None where it is not asked."""

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by its id, in the order of the file, asked or not."""
        return {question.id: question for page in self.pages for question in page.questions}

    def question(self, question_id: str) -> Question:
        """The question of that id. Raises KeyError when there is none."""
        return self.questions[question_id]

    @cached_property
    def concern(self) -> tuple[ConcernMeasure, ...]:
        """The concern measures, in the order of the file; the first is the headline."""
        return tuple(question.concern for question in self.questions.values() if question.concern)

    @cached_property
    def change(self) -> tuple[ChangeMeasure, ...]:
        """The change measures, in the order of the file."""
        return tuple(question.change for question in self.questions.values() if question.change)

    @cached_property
    def safety(self) -> tuple[SafetyMeasure, ...]:
        """The measures of feeling safe, in the order of the file."""
        return tuple(question.safety for question in self.questions.values() if question.safety)

    @cached_property
    def deciding(self) -> frozenset[str]:
        """Ids of the questions whose answers some condition looks at."""
        return frozenset(part.key.partition(".")[0] for part in self.conditions())

    @cached_property
    def quoting(self) -> frozenset[str]:
        """Ids of the pages into whose texts earlier answers are put."""
        return frozenset(
            page.id for page in self.pages if page.quotes or any(question.quotes for question in page.questions)
        )

    def conditions(self) -> list[Is]:
        """Every plain condition of every page and question."""
        found: list[Is] = []
        for page in self.pages:
            found.extend(page.show_if.parts() if page.show_if else ())
            for question in page.questions:
                found.extend(part for condition in question.conditions() for part in condition.parts())
        return found
