"""What changed between two versions of a questionnaire, in plain words, and whether a trend can go on across it.

A trend compares like with like: the same question in the same words, with the same options under the same codes, put
to the same people after the same questions. What breaks that is said so; what may disturb it is for a person to judge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.questions.base import Choice, Question
from csp_consult.questionnaire.telling import told
from csp_consult.questionnaire.texts import Text

BROKEN = "broken"
DISTURBED = "may be disturbed"
KEPT = "kept"


@dataclass(frozen=True)
class Change:
    """One thing that is different, and what it does to the question's trend."""

    question: str
    """Id of the question; empty for what concerns a page or the whole."""
    sentence: str
    trend: str = KEPT


@dataclass(frozen=True)
class Comparison:
    """Everything that changed, in the order of the later version."""

    changes: Sequence[Change]
    same: int
    """How many questions are in both and did not change."""

    @property
    def broken(self) -> list[str]:
        """Ids of the questions whose trend is broken."""
        return list(dict.fromkeys(change.question for change in self.changes if change.trend == BROKEN))


def compared(before: Questionnaire, after: Questionnaire) -> Comparison:
    """What is different in the later version."""
    changes = [*_whole(before, after), *_pages(before, after)]
    same = 0
    for question_id, question in after.questions.items():
        old = before.questions.get(question_id)
        if old is None:
            changes.append(Change(question_id, f"is new: “{question.text()}”"))
            continue
        found = [*_question(old, question), *_asked_if(before, after, question_id)]
        same += not found
        changes += found
    for question_id, question in before.questions.items():
        if question_id not in after.questions:
            changes.append(Change(question_id, f"is no longer asked: “{question.text()}”", BROKEN))
    return Comparison([*changes, *_order(before, after)], same)


def _whole(before: Questionnaire, after: Questionnaire) -> Iterator[Change]:
    if before.title() != after.title():
        yield Change("", f"The title was “{before.title()}” and is “{after.title()}”.")
    for name, old, new in (
        ("why this is asked", before.intro.purpose, after.intro.purpose),
        ("who decides", before.intro.decides, after.intro.decides),
        ("what happens to the answers", before.intro.after, after.intro.after),
    ):
        if old() != new():
            yield Change("", f"The introduction says differently {name}.")
    for language in sorted(set(after.languages) - set(before.languages)):
        yield Change("", f"It can now be answered in the language ‘{language}’.")
    for language in sorted(set(before.languages) - set(after.languages)):
        yield Change("", f"It can no longer be answered in the language ‘{language}’.")
    if before.cell != after.cell:
        yield Change("", "Other questions place a respondent in a weighting cell.", DISTURBED)


def _pages(before: Questionnaire, after: Questionnaire) -> Iterator[Change]:
    old_pages = {page.id: page for page in before.pages}
    for page in after.pages:
        old = old_pages.get(page.id)
        if old and old.lead() != page.lead():
            trend = DISTURBED if page.questions else KEPT
            yield Change("", f"What page “{page.title()}” says at its top {_words(old.lead, page.lead)}.", trend)
        if old and old.title() != page.title():
            yield Change("", f"The page “{old.title()}” is now called “{page.title()}”.")


def _question(old: Question, new: Question) -> Iterator[Change]:
    if old.kind != new.kind:
        yield Change(new.id, f"was a {old.kind} and is a {new.kind}", BROKEN)
    if old.text() != new.text():
        yield Change(new.id, f"is worded differently: {_words(old.text, new.text)}", BROKEN)
    if old.hint() != new.hint():
        yield Change(new.id, f"has another hint: {_words(old.hint, new.hint)}", DISTURBED)
    for language in sorted(set(old.text.by_language) & set(new.text.by_language) - {"en"}):
        if old.text(language) != new.text(language):
            yield Change(new.id, f"is worded differently in the language ‘{language}’", DISTURBED)
    yield from _choices(new.id, "option", old.choices(), new.choices())
    if old.concern_items() != old.choices():
        yield from _choices(new.id, "item", old.concern_items(), new.concern_items())
    yield from _manner(old, new)


def _manner(old: Question, new: Question) -> Iterator[Change]:
    """How it is asked and counted, its words and options aside."""
    if old.required != new.required:
        yield Change(new.id, "must now be answered" if new.required else "may now be left open", DISTURBED)
    if (old.order() is None) != (new.order() is None):
        how = "in the order as written" if new.order() is None else "in an order drawn for each person"
        yield Change(new.id, f"shows its options {how}", DISTURBED)
    if old.domain() != new.domain():
        return
    if (old.concern, old.change) != (new.concern, new.change):
        yield Change(new.id, "is counted differently: what it measures was changed", BROKEN)
    if _settings(old) != _settings(new):
        yield Change(new.id, "takes other values: a limit, a range or a unit was changed", DISTURBED)


def _settings(question: Question) -> list[object]:
    values = (getattr(question, key, None) for key in (*question.plain_keys, *question.worded_keys))
    return [value for value in values if not callable(value) or isinstance(value, Text)]


def _choices(question_id: str, noun: str, old: Sequence[Choice], new: Sequence[Choice]) -> Iterator[Change]:
    before, after = ({choice.code: choice for choice in choices} for choices in (old, new))
    for code, choice in after.items():
        if code not in before:
            same_words = [one for one in old if one.text() == choice.text() and one.code not in after]
            if same_words:
                sentence = f"the {noun} “{choice.text()}” has another code: ‘{same_words[0].code}’ became ‘{code}’"
            else:
                sentence = f"has a new {noun}: “{choice.text()}”"
            yield Change(question_id, sentence, BROKEN)
        elif before[code].text() != choice.text():
            words = _words(before[code].text, choice.text)
            yield Change(question_id, f"the {noun} ‘{code}’ is worded differently: {words}", BROKEN)
    for code, choice in before.items():
        if code not in after and choice.text() not in {one.text() for one in new}:
            yield Change(question_id, f"no longer has the {noun} “{choice.text()}”", BROKEN)
    shared = [code for code in before if code in after]
    if shared != [code for code in after if code in before]:
        yield Change(question_id, f"shows its {noun}s in another order", BROKEN)


def _asked_if(before: Questionnaire, after: Questionnaire, question_id: str) -> Iterator[Change]:
    old, new = _conditions(before, question_id), _conditions(after, question_id)
    if old != new:
        was, now = old or "everybody", new or "everybody"
        sentence = f"is asked of others: before, {_those(was)}; now, {_those(now)}"
        yield Change(question_id, sentence, BROKEN)


def _those(words: str) -> str:
    return "everybody" if words == "everybody" else f"those for whom {words}"


def _conditions(questionnaire: Questionnaire, question_id: str) -> str:
    page = _page_of(questionnaire, question_id)
    parts = (page.show_if, questionnaire.question(question_id).show_if)
    return " and ".join(told(part, questionnaire) for part in parts if part)


def _page_of(questionnaire: Questionnaire, question_id: str) -> Page:
    return next(page for page in questionnaire.pages if any(one.id == question_id for one in page.questions))


def _order(before: Questionnaire, after: Questionnaire) -> Iterator[Change]:
    """Questions that now come before others they came after: fewest moves that explain the new order."""
    shared = [question_id for question_id in before.questions if question_id in after.questions]
    place = {question_id: number for number, question_id in enumerate(shared)}
    now = [question_id for question_id in after.questions if question_id in place]
    stayed = _longest_rising([place[question_id] for question_id in now])
    for question_id in now:
        if place[question_id] not in stayed:
            yield Change(
                question_id, "stands elsewhere among the questions; what was asked before it differs", DISTURBED
            )


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """A longest rising part of a sequence."""
    best: list[list[int]] = []
    for number in numbers:
        before = sorted((run for run in best if run[-1] < number), key=len)
        best.append([*(before[-1] if before else ()), number])
    return set(sorted(best, key=len)[-1]) if best else set()


def _words(old: Text, new: Text) -> str:
    if not old():
        return f"now “{new()}”"
    return f"was “{old()}”, now “{new()}”" if new() else f"was “{old()}”, now nothing"
