"""Choosing an area. The areas come from the database through the context; the file adds the ways out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Self

from csp_consult.catalogues import marked
from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    AnswerError,
    Choice,
    Column,
    Form,
    Postcodes,
    Question,
    QuestionContext,
    Typed,
    codes,
    not_substantive,
    one_value,
)
from csp_consult.questionnaire.questions.options import read_options
from csp_consult.questionnaire.texts import ENGLISH, Text, listing, phrase

POSTCODE_LABEL = phrase("Your postcode")
POSTCODE_HINT = phrase("We use it to find your area and do not keep it.")
LIST_LABEL = phrase("Or choose from the list")
AREA_KINDS = ("district", "ward", "parish", "beat", "lsoa21")


@dataclass(frozen=True, kw_only=True)
class Area(Question):
    """An area of one kind. The answer is an area code, or the code of an option (outside, prefer not to say)."""

    kind: ClassVar[str] = "area"
    template: ClassVar[str] = "area.html"
    prompt: ClassVar[str] = marked("Choose an area.")
    plain_keys: ClassVar[tuple[str, ...]] = ("of",)
    listed_keys: ClassVar[tuple[str, ...]] = ("options",)

    of: str
    """The kind of area."""
    options: tuple[Choice, ...]

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        of = entry.one_of("of", AREA_KINDS, "ward", required=True)
        options = read_options(entry, "options", "option", fewest=0)
        if any(option.show_if for option in options):
            entry.fault(f"Options of {entry.place} are always there: leave out their 'show_if'.", "options")
        return cls(**common, of=of, options=options)

    def choices(self, context: QuestionContext = NO_CONTEXT) -> tuple[Choice, ...]:
        """The areas, then the options of the file."""
        return (*context.areas.get(self.of, ()), *self.options)

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The chosen code."""
        code = one_value(form, self.id)
        postcode = one_value(form, self.postcode_field) if context.postcodes else None
        if code is None and postcode and context.postcodes:
            return self._found(postcode, context.postcodes)
        if code is None:
            return self.unanswered()
        if not any(choice.code == code for choice in self.choices(context)):
            raise AnswerError("Choose one of the areas in the list.", self.id)
        return code

    def _found(self, postcode: str, postcodes: Postcodes) -> Answer:
        """The area of a postcode; the postcode itself goes no further than here."""
        try:
            areas = postcodes.areas_of(postcode, self.of)
        except ValueError as error:
            raise AnswerError(str(error), self.postcode_field) from error
        if areas is not None and len(areas) > 1:
            names = partial(_names, areas)
            raise AnswerError("This postcode lies in %(names)s. Choose yours in the list.", self.id, names=names)
        if areas:
            return areas[0].code
        role = "outside" if areas is None else "unparished"
        for option in self.options:
            if option.role == role:
                return option.code
        raise AnswerError("We do not know the area of this postcode. Choose yours in the list.", self.id)

    @property
    def postcode_field(self) -> str:
        """The form field of the postcode, where one can be put in."""
        return f"{self.id}-postcode"

    def postcode_label(self, language: str) -> str:
        """What the line for the postcode is called."""
        return POSTCODE_LABEL(language)

    def postcode_hint(self, language: str) -> str:
        """What becomes of the postcode."""
        return POSTCODE_HINT(language)

    def list_label(self, language: str) -> str:
        """What the list is called beside the line for the postcode."""
        return LIST_LABEL(language)

    def fleeting(self) -> tuple[str, ...]:
        """The postcode."""
        return (self.postcode_field,)

    def typed(self, form: Form) -> Typed:
        """What was put into its fields, a postcode too."""
        postcode = form.getlist(self.postcode_field)
        return super().typed(form) | ({self.postcode_field: postcode} if postcode else {})

    def knowing(self, context: QuestionContext) -> Self:
        """The question with the areas as options of its own."""
        return replace(self, options=self.choices(context))

    def area_kind(self) -> str | None:
        """The kind it asks for."""
        return self.of

    def fill(self, answer: Answer) -> Typed:
        """The option to select."""
        return {self.id: [answer]}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The area's name."""
        names = (choice.text(language) for choice in self.choices(context) if choice.code == answer)
        return next(names, str(answer))

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """The question with the code."""
        return [(self.id, answer)]

    def domain(self) -> Mapping[str, tuple[str, ...]]:
        """The question's id with the options of the file: areas are not known to it."""
        return {self.id: codes(self.options)}

    def columns(self) -> list[Column]:
        """One column of codes."""
        labels = {option.code: option.text for option in self.options}
        return [Column(self.id, self.text, "code", labels, not_substantive(self.options))]

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """The code."""
        return {self.id: answer}

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return super().texts() + [option.text for option in self.options]

    def way_out(self) -> bool:
        """True with a *prefer not to say*."""
        return any(option.role == "prefer_not" for option in self.options)


def _names(areas: Sequence[Choice], language: str) -> str:
    return listing((area.text(language) for area in areas), language)
