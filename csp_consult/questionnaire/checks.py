"""Checks that need the whole questionnaire: identities, conditions, ways out, what the cell rests on."""

from collections.abc import Iterator, Mapping

from csp_consult.questionnaire.conditions import Condition, Is
from csp_consult.questionnaire.entry import Notes
from csp_consult.questionnaire.faults import Fault
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.questions.base import ANSWERED, Question
from csp_consult.questionnaire.quoting import Quote, holds_quotes, plural_forms, quotes
from csp_consult.questionnaire.reach import Reach, UnknownError


def check_whole(questionnaire: Questionnaire, notes: Notes) -> None:
    """Note every fault that only shows when the pages are seen together."""
    before = len(notes.faults)
    _check_identities(questionnaire, notes)
    _check_conditions(questionnaire, notes)
    _check_quotes(questionnaire, notes)
    if len(notes.faults) == before:
        _check_reach(questionnaire, notes)
    _check_named_questions(questionnaire, notes)
    _check_ways_out(questionnaire, notes)
    _check_requirements(questionnaire, notes)
    _check_change(questionnaire, notes)


def in_the_way_of_paths(questionnaire: Questionnaire) -> list[Fault]:
    """The faults with which nobody can say where answers lead, in the order of the file's lines."""
    notes = Notes()
    _check_identities(questionnaire, notes)
    _check_conditions(questionnaire, notes)
    return sorted(set(notes.faults))


def _check_identities(questionnaire: Questionnaire, notes: Notes) -> None:
    pages: dict[str, int] = {}
    questions: dict[str, int] = {}
    for page in questionnaire.pages:
        if page.id in pages:
            message = f"Page '{page.id}' is already on line {pages[page.id]}; give each page its own name."
            notes.fault(page.line, message)
        pages.setdefault(page.id, page.line)
        for question in page.questions:
            if question.id in questions:
                message = f"Question id '{question.id}' is already on line {questions[question.id]}; "
                notes.fault(question.line, message + "give each question its own id.")
            questions.setdefault(question.id, question.line)


def _check_conditions(questionnaire: Questionnaire, notes: Notes) -> None:
    """Every condition names an earlier question and options a person can choose there."""
    everywhere = {question.id for page in questionnaire.pages for question in page.questions}
    earlier: dict[str, tuple[str, ...]] = {}
    for page in questionnaire.pages:
        for part in _parts(page.show_if, *(one for question in page.questions for one in question.conditions())):
            _check_part(part, earlier, everywhere, notes)
        for question in page.questions:
            earlier.update(question.domain() or {question.id: ()})


def _parts(*conditions: Condition | None) -> Iterator[Is]:
    for condition in conditions:
        if condition is not None:
            yield from condition.parts()


def _check_part(part: Is, earlier: Mapping[str, tuple[str, ...]], everywhere: set[str], notes: Notes) -> None:
    if not part.key:
        return
    if part.key not in earlier:
        inner = [key for key in earlier if key.startswith(f"{part.key}.")]
        if inner:
            message = f"The condition names question '{part.key}'; name one of its parts, such as '{inner[0]}'."
        elif part.key.partition(".")[0] in everywhere:
            message = f"The condition names question '{part.key}', which is not on an earlier page; move it before."
        else:
            message = f"The condition names question '{part.key}', which does not exist."
        notes.fault(part.line, message)
        return
    options = [option for option in earlier[part.key] if option != ANSWERED]
    if not options:
        notes.fault(part.line, f"The condition names '{part.key}', whose answer is not chosen from options.")
        return
    for option in part.options:
        if option not in options:
            message = f"The condition names option '{option}', which nobody can choose in '{part.key}'; "
            notes.fault(part.line, message + f"it has {', '.join(options)}.")


def _check_quotes(questionnaire: Questionnaire, notes: Notes) -> None:
    """Every text quotes an answer of an earlier page, with the plural forms its language has."""
    earlier: dict[str, Question] = {}
    for page in questionnaire.pages:
        written = [(page.line, page.quotes), *((question.line, question.quotes) for question in page.questions)]
        for line, texts in written:
            for text in texts.values():
                for language, quote in quotes(text):
                    _check_quote(quote, language, earlier, line, notes)
        _check_unquotable(page, notes)
        earlier |= {key: question for question in page.questions for key in question.quotable_keys()}


def _check_quote(quote: Quote, language: str, earlier: Mapping[str, Question], line: int, notes: Notes) -> None:
    question = earlier.get(quote.key)
    if question is None:
        message = f"A text quotes '{quote.key}', which no question of an earlier page can be quoted by"
        near = sorted(key for key in earlier if key.startswith(f"{quote.key}."))
        notes.fault(line, f"{message}; name one of its parts, such as '{near[0]}'." if near else f"{message}.")
    elif quote.plural and not question.counts():
        notes.fault(line, f"A text has plural forms for '{quote.key}', whose answer is no number; leave out 'plural'.")
    elif quote.plural and (missing := plural_forms(language) - quote.forms.keys()):
        message = f"The plural of '{quote.key}' in the language '{language}' needs the forms"
        notes.fault(line, f"{message} {', '.join(sorted(missing))} too.")


def _check_unquotable(page: Page, notes: Notes) -> None:
    """Braces do nothing in titles and options, and would be read as they stand."""
    if holds_quotes(page.title):
        notes.fault(page.line, f"The title of page {page.id} has braces; earlier answers go into its lead.")
    for question in page.questions:
        if not question.quotes and any(holds_quotes(text) for text in question.texts()):
            message = f"An option of question {question.id} has braces; earlier answers go into its text or hint."
            notes.fault(question.line, message)


def _check_reach(questionnaire: Questionnaire, notes: Notes) -> None:
    """Name what no answers lead to, and what so many answers decide about that it cannot be told."""
    reach = Reach(questionnaire)
    unseen: set[str] = set()
    for one in reach.shown:
        question_id, line = one.question.id, one.question.line
        if question_id in unseen:
            continue
        what = f"choose '{one.code}' of question {question_id}" if one.code else f"reach question {question_id}"
        try:
            if reach.leading_to(one.when) is not None:
                continue
        except UnknownError:
            message = f"Answers decide in so many ways that it was not found out whether anybody can {what}"
            notes.advise(line, f"{message}; simplify the conditions, or try it in the preview.")
            continue
        if one.code:
            notes.fault(line, f"Nobody can {what}: its conditions rule one another out.")
        else:
            unseen.add(question_id)
            notes.fault(line, f"No answers lead to question {question_id}: its conditions rule one another out.")


def _check_named_questions(questionnaire: Questionnaire, notes: Notes) -> None:
    cell = questionnaire.cell
    named = {"age": cell.age, "sex": cell.sex, "area": cell.area, "connection": cell.connection}
    for role, question_id in {**named, "channel": questionnaire.channel}.items():
        if question_id is None:
            continue
        question = questionnaire.questions.get(question_id)
        if question is None:
            line = notes.lines["channel" if role == "channel" else "cell"]
            notes.fault(line, f"The questionnaire takes {role} from question '{question_id}', which does not exist.")
        elif not question.domain():
            notes.fault(question.line, f"Question {question_id} gives the {role}, so its answer must be chosen.")
        elif any(choice.say for choice in question.choices()):
            message = f"Question {question_id} gives the {role}, so its answer is a code alone; leave out 'say'."
            notes.fault(question.line, message)


def _about_the_person(questionnaire: Questionnaire, page: Page, question: Question) -> bool:
    cell = questionnaire.cell
    return bool(
        question.standard or question.sensitive or page.sensitive or question.id in {cell.age, cell.sex, cell.area}
    )


def _check_ways_out(questionnaire: Questionnaire, notes: Notes) -> None:
    """A person is never made to answer about themselves, and is told why they are asked."""
    for page in questionnaire.pages:
        for question in page.questions:
            if not _about_the_person(questionnaire, page, question):
                continue
            if not question.way_out():
                message = f"Question {question.id} is about the person; add an option with 'role: prefer_not'"
                notes.fault(question.line, f"{message}, or let it be left open where nothing is chosen.")
            if (question.standard or question.sensitive) and not question.reason:
                message = f"Question {question.id} is about the person; say why it is asked under 'reason'."
                notes.fault(question.line, message)


def _check_requirements(questionnaire: Questionnaire, notes: Notes) -> None:
    """An answer that later changes may take away is never one that has to be there."""
    for question in questionnaire.questions.values():
        if question.required and len(question.conditions()) > bool(question.show_if):
            message = f"Question {question.id} is required, so its options cannot hang on earlier answers; "
            notes.fault(question.line, message + "leave out 'required', or their 'show_if'.")


def _check_change(questionnaire: Questionnaire, notes: Notes) -> None:
    """Whoever does not know whether something went up or down can say so."""
    for question in questionnaire.questions.values():
        if question.change is None:
            continue
        sides = question.change.up | question.change.same | question.change.down
        if all(choice.code in sides for choice in question.choices()):
            message = f"Question {question.id} asks about a change; add an option with 'role: dont_know'."
            notes.fault(question.line, message)
