"""From the text of a questionnaire file to a questionnaire, or to everything that is wrong with it."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import yaml

from csp_consult.questionnaire.checks import check_whole
from csp_consult.questionnaire.entry import LANGUAGE, Entry, Node, Notes, compose
from csp_consult.questionnaire.faults import FAULT, Fault, QuestionnaireError
from csp_consult.questionnaire.measures import MEAN_RATING, PROBLEM_SHARE, ChangeMeasure, ConcernMeasure, SafetyMeasure
from csp_consult.questionnaire.model import CellQuestions, Introduction, Page, Questionnaire
from csp_consult.questionnaire.questions import KINDS
from csp_consult.questionnaire.questions.base import Question, Standard
from csp_consult.questionnaire.quoting import QuoteError, holds_quotes, plain
from csp_consult.questionnaire.routing import read_condition
from csp_consult.questionnaire.texts import ENGLISH, NO_TEXT, Text
from csp_consult.questionnaire.translations import read_translations, with_translations
from csp_consult.questionnaire.wording import advise_on_wording

ID = "[a-z][a-z0-9_]{0,39}"
SLUG = "[a-z][a-z0-9-]{0,59}"
# Names of the web forms' own fields.
RESERVED = frozenset({"csrf_token"})


def load(source: str, *, topics: Collection[str] | None = None) -> Questionnaire:
    """The questionnaire a file describes.

    ``topics`` are the known topic slugs; None leaves them unchecked. Raises QuestionnaireError with every fault.
    """
    questionnaire, found = _examine(source, topics)
    faults = [fault for fault in found if fault.severity == FAULT]
    if faults:
        raise QuestionnaireError(faults)
    return questionnaire


def check(source: str, *, topics: Collection[str] | None = None) -> list[Fault]:
    """Everything wrong with a file and what is worth a second look, in the order of its lines."""
    try:
        questionnaire, found = _examine(source, topics)
    except QuestionnaireError as error:
        return error.faults
    return sorted([*found, *advise_on_wording(questionnaire)])


def compiled(source: str) -> Questionnaire:
    """The questionnaire of a file that was loaded before, without judging it again.

    Raises QuestionnaireError when it cannot be read at all.
    """
    return _Reading(compose(source), None).questionnaire


def _examine(source: str, topics: Collection[str] | None) -> tuple[Questionnaire, list[Fault]]:
    reading = _Reading(compose(source), topics)
    check_whole(reading.questionnaire, reading.notes)
    return reading.questionnaire, sorted(set(reading.notes.faults))


class _Reading:
    """One reading of one file."""

    def __init__(self, root: Node, topics: Collection[str] | None) -> None:
        self.topics = topics
        self.notes = Notes()
        self.top = Entry(root, "the questionnaire", self.notes)
        self.notes.languages = self._languages()
        blocks = read_translations(self.top, self.notes)
        self._scales()
        self.questionnaire = with_translations(self._questionnaire(), blocks, self.notes)
        self.top.finish()

    def _languages(self) -> tuple[str, ...]:
        languages = self.top.strings("languages") or (ENGLISH,)
        for language in languages:
            if not LANGUAGE.fullmatch(language):
                self.top.fault(f"'{language}' is not a language code such as en or cy.", "languages")
        if ENGLISH not in languages:
            self.top.fault("'languages' must include en: English stands in for what is not translated.", "languages")
        return languages

    def _scales(self) -> None:
        node = self.top.node("scales")
        if isinstance(node, yaml.MappingNode):
            self.notes.scales = {name.value: scale for name, scale in node.value if isinstance(name, yaml.ScalarNode)}
            if len(self.notes.scales) < len(node.value):
                self.top.fault("Each of the 'scales' needs a name of its own.", "scales")
        elif node is not None:
            self.top.fault("'scales' must be lines of 'name:' with options below.", "scales")

    def _questionnaire(self) -> Questionnaire:
        top = self.top
        self.notes.lines = {key: top.line_at(key) for key in ("cell", "channel", "translations")}
        questionnaire = Questionnaire(
            slug=top.string("questionnaire", required=True, pattern=SLUG, like="my-survey"),
            version=top.string("version", required=True, pattern=r"[0-9A-Za-z.-]{1,20}", like="2027.1"),
            title=top.text("title", required=True),
            organisation=top.string("organisation", required=True),
            audience=top.one_of("audience", ("residents", "parishes"), "residents", required=True),
            languages=self.notes.languages,
            minutes=top.whole("minutes", 1, lowest=1, highest=90, required=True),
            intro=self._introduction(),
            cell=self._cell(),
            channel=top.string("channel") or None,
            pages=tuple(
                self._page(node, number) for number, node in enumerate(top.items("pages", required=True), start=1)
            ),
        )
        for name in self.notes.scales.keys() - self.notes.used_scales:
            top.fault(f"Scale '{name}' is used by no question; delete it or use it.", "scales")
        return questionnaire

    def _introduction(self) -> Introduction:
        entry = self.top.entry("intro", "the introduction", required=True)
        if entry is None:
            return Introduction(NO_TEXT, NO_TEXT, NO_TEXT)
        introduction = Introduction(
            purpose=entry.text("purpose", required=True),
            decides=entry.text("decides", required=True),
            after=entry.text("after", required=True),
        )
        entry.finish()
        return introduction

    def _cell(self) -> CellQuestions:
        cell = self.top.pairs("cell")
        known = {"age", "sex", "area", "connection"}
        for name in cell.keys() - known:
            self.top.fault(f"'cell' may name questions for age, sex, area and connection, not '{name}'.", "cell")
        return CellQuestions(**{name: question for name, question in cell.items() if name in known})

    def _page(self, node: Node, number: int) -> Page:
        entry = Entry(node, f"page {number}", self.notes)
        self.notes.context = ""
        page_id = entry.string("page", required=True, pattern=SLUG, like="about-you")
        entry.place = f"page {page_id}" if page_id else entry.place
        page = Page(
            id=page_id,
            title=entry.text("title", required=True),
            lead=entry.text("lead"),
            sensitive=entry.flag("sensitive"),
            show_if=read_condition(entry),
            questions=tuple(filter(None, map(self._question, entry.items("questions", required=True)))),
            line=entry.line,
        )
        entry.finish()
        return replace(page, **self._quoting(entry, {"lead": page.lead}))

    def _quoting(self, entry: Entry, texts: Mapping[str, Text]) -> dict[str, Any]:
        """Texts with quotes as they read without an answer, and as written under ``quotes``."""
        written = {name: text for name, text in texts.items() if holds_quotes(text)}
        try:
            return {name: plain(text) for name, text in written.items()} | ({"quotes": written} if written else {})
        except QuoteError as error:
            entry.fault(f"{entry.place} has braces: {error}.")
            return {}

    def _question(self, node: Node) -> Question | None:
        entry = Entry(node, "a question", self.notes)
        question_id = entry.string("id", required=True, pattern=ID, like="feels_safe")
        if question_id in RESERVED:
            entry.fault(f"'{question_id}' is kept for the web page's own use; give the question another id.", "id")
        self.notes.context = question_id
        entry.place = f"question {question_id}" if question_id else f"the question on line {entry.line}"
        kind = entry.string("kind", required=True)
        question_type = KINDS.get(kind)
        if question_type is None:
            if kind:
                close = difflib.get_close_matches(kind, KINDS, 1)
                guess = f"did you mean '{close[0]}'?" if close else f"choose one of {', '.join(KINDS)}."
                entry.fault(f"'{kind}' is not a kind of question; {guess}", "kind")
            return None
        question = question_type.read(entry, self._common(entry, question_id))
        texts = self._quoting(entry, {name: getattr(question, name) for name in question_type.quotable})
        question = replace(
            question,
            concern=self._concern(entry, question),
            change=self._change(entry, question),
            safety=self._safety(entry, question),
            **texts,
        )
        entry.finish()
        return question

    def _common(self, entry: Entry, question_id: str) -> Mapping[str, Any]:
        return {
            "id": question_id,
            "text": entry.text("text", required=True),
            "hint": entry.text("hint"),
            "reason": entry.text("reason"),
            "required": entry.flag("required"),
            "sensitive": entry.flag("sensitive"),
            "standard": self._standard(entry),
            "show_if": read_condition(entry),
            "line": entry.line,
        }

    def _standard(self, entry: Entry) -> Standard | None:
        nested = entry.entry("standard", f"'standard' of {entry.place}")
        if nested is None:
            return None
        standard = Standard(nested.string("name", required=True), nested.string("version", required=True))
        nested.finish()
        return standard

    def _concern(self, entry: Entry, question: Question) -> ConcernMeasure | None:
        nested = entry.entry("concern", f"'concern' of {entry.place}")
        if nested is None:
            return None
        if not question.concern_kinds:
            entry.fault(
                f"A {question.kind} question cannot measure concern; use a grid, a rank or a multiple.", "concern"
            )
            return None
        kind = nested.one_of("kind", question.concern_kinds, question.concern_kinds[0], required=True)
        counts, within = nested.strings("counts"), nested.string("within") or None
        topics = self._topics(nested, question)
        nested.finish()
        try:
            values = question.concern_values(kind, counts)
        except ValueError as error:
            nested.fault(f"{entry.place}: {error}.")
            return None
        scored = {pair: (topics[item], score) for pair, (item, score) in values.items() if item in topics}
        self._known_topic(nested, within, "within")
        answered = () if kind in (PROBLEM_SHARE, MEAN_RATING) else question.answered_keys()
        return ConcernMeasure(question.id, kind, topics, scored, within, answered)

    def _topics(self, nested: Entry, question: Question) -> Mapping[str, str]:
        """Item to topic: as the file maps them, else each item's code is its topic's slug."""
        items = [item.code for item in question.concern_items()]
        given = nested.pairs("topics")
        for item in given.keys() - set(items):
            nested.fault(f"'topics' of {nested.place} names '{item}', which the question does not have.", "topics")
        topics = {item: given[item] for item in items if item in given} if given else {item: item for item in items}
        for topic in topics.values():
            self._known_topic(nested, topic, "topics")
        twice = sorted({topic for topic in topics.values() if list(topics.values()).count(topic) > 1})
        for topic in twice:
            nested.fault(f"{nested.place} gives topic '{topic}' to two items; a topic can have one.", "topics")
        return topics

    def _known_topic(self, entry: Entry, topic: str | None, key: str) -> None:
        if topic and self.topics is not None and topic not in self.topics:
            close = difflib.get_close_matches(topic, self.topics, 1)
            guess = f"did you mean '{close[0]}'?" if close else "see surveys/topics.yaml for the topics there are."
            entry.fault(f"'{topic}' in {entry.place} is not a topic; {guess}", key)

    def _change(self, entry: Entry, question: Question) -> ChangeMeasure | None:
        nested = entry.entry("change", f"'change' of {entry.place}")
        if nested is None:
            return None
        if not question.can_measure_change:
            entry.fault(f"A {question.kind} question cannot measure change; use a single.", "change")
            return None
        topic = nested.string("topic", required=True)
        self._known_topic(nested, topic, "topic")
        sides = {side: nested.strings(side) for side in ("up", "same", "down")}
        reference = nested.string("reference", required=True)
        area = nested.one_of("area", ("local", "national"), "local", required=True)
        nested.finish()
        self._check_sides(nested, question, sides)
        up, same, down = (frozenset(sides[side]) for side in ("up", "same", "down"))
        return ChangeMeasure(question.id, topic, up, same, down, reference, area)

    def _safety(self, entry: Entry, question: Question) -> SafetyMeasure | None:
        nested = entry.entry("safety", f"'safety' of {entry.place}")
        if nested is None:
            return None
        if not question.can_measure_change:
            entry.fault(f"A {question.kind} question cannot measure how safe people feel; use a single.", "safety")
            return None
        topic, unsafe = nested.string("topic", required=True), nested.strings("unsafe")
        self._known_topic(nested, topic, "topic")
        nested.finish()
        known = {choice.code for choice in question.choices()}
        for code in unsafe:
            if code not in known:
                nested.fault(f"'unsafe' of {nested.place} names option '{code}', which is not there.", "unsafe")
        if not unsafe:
            nested.fault(f"{nested.place} needs the options that stand for feeling unsafe, under 'unsafe'.")
        return SafetyMeasure(question.id, topic, frozenset(unsafe))

    def _check_sides(self, nested: Entry, question: Question, sides: Mapping[str, tuple[str, ...]]) -> None:
        known = {choice.code for choice in question.choices()}
        named = [code for side in sides.values() for code in side]
        for side, codes in sides.items():
            for code in codes:
                if code not in known:
                    nested.fault(f"'{side}' of {nested.place} names option '{code}', which is not there.", side)
        for code in sorted({code for code in named if named.count(code) > 1}):
            nested.fault(f"{nested.place} puts option '{code}' on two sides; keep one.")
        if not sides["up"] or not sides["down"]:
            nested.fault(f"{nested.place} needs the options for 'up' and for 'down'.")
