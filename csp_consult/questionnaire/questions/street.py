"""A street or place: its name in the person's words, and the area it lies in from a list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from csp_consult.catalogues import marked
from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.questions.area import AREA_KINDS
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    AnswerError,
    Choice,
    Column,
    Form,
    Question,
    QuestionContext,
    TooLongError,
    Typed,
    one_value,
)
from csp_consult.questionnaire.questions.lines import Line
from csp_consult.questionnaire.questions.words import one_line
from csp_consult.questionnaire.texts import ENGLISH, Text, phrase

NAME_LABEL = phrase("Street or place")
AREA_LABEL = phrase("In which area is it?")
LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Street(Question):
    """A place within an area. The answer is ``{"name": "High Street", "area": code}``, either part alone too.

    The area is counted, under ``id.area``; the name is only read.
    """

    kind: ClassVar[str] = "street"
    template: ClassVar[str] = "street.html"
    prompt: ClassVar[str] = marked("Enter a street or place.")
    plain_keys: ClassVar[tuple[str, ...]] = ("of",)

    of: str
    """The kind of area."""
    areas: tuple[Choice, ...] = ()
    """The areas there are, where the question was told them."""

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        return cls(**common, of=entry.one_of("of", AREA_KINDS, "ward", required=True))

    @property
    def area_field(self) -> str:
        """The form field, and the export column, of the area."""
        return f"{self.id}-area"

    @property
    def area_key(self) -> str:
        """The question key under which the area is counted."""
        return f"{self.id}.area"

    def name_label(self, language: str) -> str:
        """What the line for the name is called."""
        return NAME_LABEL(language)

    def area_label(self, language: str) -> str:
        """What the list of areas is called."""
        return AREA_LABEL(language)

    def area_kind(self) -> str | None:
        """The kind it asks for."""
        return self.of

    def knowing(self, context: QuestionContext) -> Self:
        """The question with the areas there are."""
        return replace(self, areas=self.choices(context))

    def choices(self, context: QuestionContext = NO_CONTEXT) -> tuple[Choice, ...]:
        """The areas."""
        return (*context.areas.get(self.of, ()), *self.areas)

    def fields(self) -> tuple[str, ...]:
        """The name, then the area."""
        return (self.id, self.area_field)

    def lines(self, context: QuestionContext = NO_CONTEXT) -> list[Line]:
        """The name, then the area."""
        return [Line(self.id, NAME_LABEL), Line(self.area_field, AREA_LABEL, self.keyed_options(context))]

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The name and the area, as far as they were given."""
        name, area = one_line(one_value(form, self.id) or ""), one_value(form, self.area_field)
        if len(name) > LONGEST_NAME:
            raise TooLongError(self.id, len(name) - LONGEST_NAME)
        if area is not None and not any(choice.code == area for choice in self.choices(context)):
            raise AnswerError("Choose one of the areas in the list.", self.area_field)
        answer = {key: value for key, value in (("name", name), ("area", area)) if value}
        return answer or self.unanswered()

    def fill(self, answer: Answer) -> Typed:
        """The name and the area."""
        names = {"name": self.id, "area": self.area_field}
        return {names[key]: [value] for key, value in answer.items()}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """``High Street, Glen``."""
        names = {choice.code: choice.text(language) for choice in self.choices(context)}
        area = answer.get("area", "")
        return ", ".join(filter(None, (answer.get("name"), names.get(area, area))))

    def own_words(self, answer: Answer) -> list[str]:
        """The name."""
        return [answer["name"]] if "name" in answer else []

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """The area."""
        return [(self.area_key, answer["area"])] if "area" in answer else []

    def columns(self) -> list[Column]:
        """The name and the area's code."""
        labels = {area.code: area.text for area in self.areas}
        return [Column(self.id, self.text, "text"), Column(self.area_field, AREA_LABEL, "code", labels)]

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """The name and the area's code."""
        given = answer or {}
        return {self.id: given.get("name"), self.area_field: given.get("area")}

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return [*super().texts(), NAME_LABEL, AREA_LABEL]
