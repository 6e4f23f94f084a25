"""What every question is: its words, and the one place that knows how its answers behave.

An answer is JSON data. *Not answered* is the absence of an answer (``parse`` gives None); *don't know* and
*prefer not to say* are options like any other.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Protocol, Self, TypeAlias

from werkzeug.datastructures import MultiDict

from csp_consult.catalogues import counted, marked, say, say_counted
from csp_consult.questionnaire.conditions import ALWAYS, Condition, Facts
from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.measures import ChangeMeasure, ConcernMeasure, SafetyMeasure
from csp_consult.questionnaire.questions.lines import Line, Option, numbers
from csp_consult.questionnaire.texts import ENGLISH, NO_TEXT, Text

Answer: TypeAlias = Any
"""JSON data whose shape the question's class knows."""
Answers: TypeAlias = Mapping[str, Answer]
"""Question id to answer; a question that was not answered is absent."""
Typed: TypeAlias = dict[str, list[str]]
"""Form field to what was put in it, as a browser sends it."""

MOST_FACTS = 10_000

ANSWERED = "*"
"""The option under which a multiple choice tallies that it was answered at all: the base of its shares."""


class Form(Protocol):
    """What ``parse`` needs of a submitted form; werkzeug's MultiDict has it."""

    def getlist(self, key: str, /) -> list[str]:
        """Every value of the field, in the order sent."""
        ...


class AnswerError(ValueError):
    """What was put in cannot be an answer. ``words`` says what to do, ``field`` is the form field at fault.

    A value may be a text, or any other function of a language: it is then put into words together with the message.
    """

    def __init__(self, template: str, field_name: str, **values: object) -> None:
        self.template = template
        self.values = values
        self.field = field_name
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """What to do, in English."""
        return self.words(ENGLISH)

    def words(self, language: str) -> str:
        """What to do, in a language."""
        return say(self.template, language, self._worded(language))

    def _worded(self, language: str) -> dict[str, object]:
        return {name: value(language) if callable(value) else value for name, value in self.values.items()}


class TooLongError(AnswerError):
    """What was put in is longer than is taken."""

    def __init__(self, field_name: str, over: int) -> None:
        self.over = over
        super().__init__("", field_name, over=f"{over:,}")

    def words(self, language: str) -> str:
        """By how much to shorten it, in the plural form the language has for the number."""
        one, many = counted("Shorten your answer by %(over)s character.", "Shorten your answer by %(over)s characters.")
        return say_counted(one, many, self.over, language, self.values)


@dataclass(frozen=True)
class Choice:
    """One option of a question, one row of a grid, or one area."""

    code: str
    text: Text
    role: str | None = None
    """``dont_know``, ``prefer_not``, ``none``, ``other``, ``outside``, ``unparished``; None for an ordinary option."""
    exclusive: bool = False
    """True when it cannot be chosen together with another."""
    hint: Text = NO_TEXT
    say: bool = False
    """True for *other, please say*: a line for the person's own words comes with it."""
    show_if: Condition | None = None
    """The earlier answers that make it a choice; None where it always is one."""


@dataclass(frozen=True)
class Standard:
    """The published standard a question's wording follows."""

    name: str
    version: str


class Postcodes(Protocol):
    """The list of postcodes, where there is one."""

    @property
    def loaded(self) -> bool:
        """Whether there is one."""
        ...

    def areas_of(self, postcode: str, kind: str) -> Sequence[Choice] | None:
        """The areas of a kind that a postcode lies in: several across a boundary, none where there is no such area.

        None when the postcode is not on the list. Raises ValueError, with a sentence, when it is no postcode.
        """
        ...


@dataclass(frozen=True)
class QuestionContext:
    """What a question needs to know that its file cannot say: the areas a person may choose, by kind."""

    areas: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    postcodes: Postcodes | None = None
    """Where a person may put in a postcode instead."""


NO_CONTEXT = QuestionContext()


@dataclass(frozen=True)
class Column:
    """One column of an export. ``kind`` is ``code``, ``flag`` (1, 0), ``number``, ``date`` or ``text``."""

    name: str
    label: Text
    kind: str
    labels: Mapping[str, Text] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    """The codes that other programs leave out of a base: *don't know* and *prefer not to say*."""
    of: Text | None = None
    """The question, where the label is only one of its options or rows."""

    def full_label(self) -> str:
        """The label as it stands by itself, in a list of all columns: ``Fly-tipping: What have you seen?``."""
        return f"{self.label()}: {self.of()}" if self.of else self.label()


CONSENT = marked(
    "The law protects this answer specially. Choose an answer only if you agree that we use it for this reason; "
    "you can leave it open."
)


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question. A subclass owns everything about its type of answer, from the form to the export."""

    kind: ClassVar[str]
    """Its name in questionnaire files."""
    template: ClassVar[str]
    """Its file in ``templates/components/questions``."""
    column_kind: ClassVar[str] = "text"
    """The kind of its column in an export, where it has a single one that holds the answer as it is."""
    can_measure_change: ClassVar[bool] = False
    concern_kinds: ClassVar[tuple[str, ...]] = ()
    """The kinds of concern measure its answers can carry."""
    prompt: ClassVar[str] = marked("Choose an answer.")
    """What an error says where an answer is needed."""

    plain_keys: ClassVar[tuple[str, ...]] = ()
    """Keys with plain values that its entry in a file may have beside those of every question."""
    worded_keys: ClassVar[tuple[str, ...]] = ()
    """The same for keys with words for readers."""
    listed_keys: ClassVar[tuple[str, ...]] = ()
    """The same for keys with options or rows."""

    quotable: ClassVar[tuple[str, ...]] = ("text", "hint", "reason")
    """Its texts into which earlier answers can be put."""

    id: str
    text: Text
    hint: Text = NO_TEXT
    reason: Text = NO_TEXT
    """Why it is asked, for questions about the person."""
    required: bool = False
    sensitive: bool = False
    """True where the law protects its answers specially (UK GDPR, Article 9): an answer is given with consent."""
    standard: Standard | None = None
    show_if: Condition | None = None
    concern: ConcernMeasure | None = None
    change: ChangeMeasure | None = None
    safety: SafetyMeasure | None = None
    quotes: Mapping[str, Text] = field(default_factory=dict)
    """Its texts as written, by name, where earlier answers are put into them; the texts themselves then read as
    they do without an answer."""
    line: int = 0
    """Where it stands in its file."""

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What was made of it for everybody and may be kept for as long as it is: its looks in a language."""
        return {}

    @classmethod
    @abstractmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file; faults go to the entry. ``common`` is what all types share."""

    @abstractmethod
    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The answer a submitted form gives, None when it was left open.

        Raises AnswerError, and nothing else, for anything that cannot be an answer.
        """

    @abstractmethod
    def fill(self, answer: Answer) -> Typed:
        """What the form shows when an answer is there: the inverse of ``parse``."""

    @abstractmethod
    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The answer in words; one line for each part where it has several."""

    @abstractmethod
    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """The (question key, option) pairs the answer counts under; none for answers that are not counted."""

    def tally_parts(self, answer: Answer) -> Collection[tuple[Answer, Hashable]]:
        """The answer cut into parts whose tallies add up to its own, each with what it is known by.

        Known by None is what hardly ever comes twice, such as a person's own words: nobody remembers it.
        """
        return ((answer, tuple(answer) if type(answer) is list else None),)

    def columns(self) -> list[Column]:
        """The columns of an export, in order; one of ``column_kind`` unless the type has others."""
        return [Column(self.id, self.text, self.column_kind)]

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """The values of the columns; None in each when there is no answer."""
        return {self.id: answer}

    def restore(self, row: Mapping[str, str]) -> Answer | None:
        """The answer an exported row holds: the inverse of ``export``. Raises AnswerError."""
        return self.parse(MultiDict({name: row[name] for name in self.fields() if row.get(name)}))

    def choices(self, context: QuestionContext = NO_CONTEXT) -> tuple[Choice, ...]:
        """The options a person may choose; empty where the answer is not chosen."""
        return ()

    def narrowed(self, facts: Facts) -> Self | None:
        """The question with only the options that earlier answers leave; None where they leave nothing to choose."""
        return self

    def restricted(self, answer: Answer) -> Answer | None:
        """The part of an answer that can still be given, after earlier answers took options away."""
        return answer

    def offered_by_answers(self) -> tuple[Choice, ...]:
        """The options and rows that are only there because of earlier answers."""
        return ()

    def something_offered(self) -> Condition:
        """What earlier answers must be for there to be anything to choose: else ``narrowed`` gives None."""
        return ALWAYS

    def offered_when(self, key: str, option: str) -> Condition:
        """What must hold, once it is asked, for an answer to be able to leave this tally pair."""
        return ALWAYS

    def clash(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Whether no answer leaves both of these tally pairs of it; by default one with each key is left."""
        return one[0] == other[0]

    def conditions(self) -> list[Condition]:
        """Every condition of the question and of its options."""
        return [self.show_if] if self.show_if else []

    def knowing(self, context: QuestionContext) -> Self:
        """The question knowing by itself the areas it may ask for, as when rows of a file are read."""
        return self

    def area_kind(self) -> str | None:
        """The kind of area it asks for; None where it asks for none."""
        return None

    def quotable_keys(self) -> tuple[str, ...]:
        """The keys under which later texts can quote its answer."""
        return ()

    def quoted(self, key: str, answer: Answer, language: str) -> str:
        """The answer under a key as a later text quotes it; empty where there is nothing to quote."""
        return ""

    def number_of(self, answer: Answer) -> float | None:
        """The number that a plural form goes by; None where the answer counts nothing."""
        return None

    def counts(self) -> bool:
        """Whether its answers have a number that a plural form can go by."""
        return False

    def in_order(self, seed: str) -> Self:
        """The question as it is shown to one person, its options in the order of that person's seed."""
        return self

    def order(self) -> list[str] | None:
        """The codes whose order differs from person to person, as they stand; None where the order is fixed."""
        return None

    def fleeting(self) -> tuple[str, ...]:
        """Form fields that are looked at and never stored, not even in a draft."""
        return ()

    def own_words(self, answer: Answer) -> list[str]:
        """What the person wrote themselves."""
        return []

    def fields(self) -> tuple[str, ...]:
        """The names of its form fields, the first being the one an error about the whole points at."""
        return (self.id,)

    def printed(self, context: QuestionContext = NO_CONTEXT) -> Mapping[str, Choice]:
        """Its options by what stands beside their boxes on paper, which is what is keyed for them."""
        return dict(zip(numbers(), self.choices(context), strict=False))

    def keyed_options(self, context: QuestionContext) -> Mapping[str, Option]:
        """The same, with what keying needs to know of each."""
        return {label: Option(one.code, one.text) for label, one in self.printed(context).items()}

    def lines(self, context: QuestionContext = NO_CONTEXT) -> list[Line]:
        """What is keyed of a form on paper, a line for each form field."""
        return [Line(name, options=self.keyed_options(context)) for name in self.fields()]

    def domain(self) -> Mapping[str, tuple[str, ...]]:
        """Every question key that ``tally`` can give, with its options, in the order of the file."""
        return {}

    def answered_keys(self) -> tuple[tuple[str, str], ...]:
        """The pairs of ``tally`` of which everyone who answered the question has exactly one."""
        first = self.fields()[0]
        options = self.domain().get(first, ())
        return ((first, ANSWERED),) if ANSWERED in options else tuple((first, option) for option in options)

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return [self.text, self.hint, self.reason]

    def consent(self, language: str) -> str:
        """What an answer agrees to, where the law protects it specially; "" otherwise."""
        return say(CONSENT, language) if self.sensitive else ""

    def way_out(self) -> bool:
        """True when a person who would rather not say is shown a way to go on."""
        return not self.required

    def possible_facts(self, looked_at: Sequence[tuple[str, str]]) -> list[frozenset[tuple[str, str]]]:
        """What its answers can leave of these tally pairs; cut short where that is too much to be tried."""
        found: list[frozenset[tuple[str, str]]] = [frozenset()]
        for pair in looked_at:
            if len(found) > MOST_FACTS:
                break
            found += [facts | {pair} for facts in found if not any(self.clash(one, pair) for one in facts)]
        return found

    def concern_items(self) -> tuple[Choice, ...]:
        """The options or rows that may stand for topics."""
        return ()

    def concern_values(self, kind: str, counts: Sequence[str]) -> Mapping[tuple[str, str], tuple[str, float]]:
        """Each tally pair that bears on concern, with its item and its score from 0 to 1.

        Raises ValueError with a sentence for the file's author where the options cannot be scored so.
        """
        return {}

    def typed(self, form: Form) -> Typed:
        """What was put into its fields, whether or not it can be an answer."""
        values = ((name, form.getlist(name)) for name in self.fields())
        return {name: given for name, given in values if given}

    def unanswered(self) -> Answer | None:
        """The answer to a form left open: None. Raises AnswerError where an answer is needed."""
        if self.required:
            raise AnswerError(self.prompt, self.fields()[0])
        return None


def one_value(form: Form, name: str) -> str | None:
    """The single value of a field, None if it is absent or blank; AnswerError if it has two different ones."""
    values = {value for value in form.getlist(name) if value.strip()}
    if len(values) > 1:
        raise AnswerError("Choose only one answer.", name)
    return values.pop() if values else None


def not_substantive(options: Collection[Choice]) -> frozenset[str]:
    """The codes of *don't know* and *prefer not to say*."""
    return frozenset(option.code for option in options if option.role in {"dont_know", "prefer_not"})


def codes(options: Collection[Choice]) -> tuple[str, ...]:
    """Their codes, in order."""
    return tuple(option.code for option in options)


def shuffled(options: Sequence[Choice], seed: str) -> tuple[Choice, ...]:
    """The ordinary options in an order drawn by the seed; *other*, *none of these* and the like stay in place.

    Each gets a hash and they are sorted by it, so that the order of a seed is the same on every machine.
    """
    free = [option for option in options if option.role is None and not option.say]
    drawn = iter(sorted(free, key=lambda option: hashlib.sha256(f"{seed} {option.code}".encode()).digest()))
    return tuple(next(drawn) if option in free else option for option in options)
