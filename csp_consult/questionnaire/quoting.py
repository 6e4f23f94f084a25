"""Earlier answers put into later texts, in the form translators know from ICU messages.

``{top.1, none {this problem}}`` is the answer under a tally key, in words; ``{years, plural, one {# year} other
{# years} none {some time}}`` chooses by the plural forms of the language, ``#`` being the number. ``none`` is what
is read where there is no answer, so that a sentence stays whole whatever was left open.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from babel import Locale
from babel.numbers import format_decimal

from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.questions.base import Answers, Question
from csp_consult.questionnaire.texts import Text

KEY = re.compile(r"\{\s*([a-z][a-z0-9_]*(?:\.[a-z0-9_+-]+)?)\s*,\s*(plural\s*,)?")
FORM = re.compile(r"\s*(zero|one|two|few|many|other|none)\s*\{([^{}]*)\}")
NONE = "none"


class QuoteError(ValueError):
    """A text has braces that cannot be read; the message says what to write."""


@dataclass(frozen=True)
class Quote:
    """One place of a text where an answer goes."""

    key: str
    """A tally key: a question's id, ``grid.row`` or ``top.1``."""
    plural: bool
    forms: Mapping[str, str]
    """Words by plural form, and for ``none``."""


Parts: TypeAlias = tuple[str | Quote, ...]


@lru_cache(maxsize=1024)
def parts(words: str) -> Parts:
    """The words cut at their quotes. Raises QuoteError."""
    found: list[str | Quote] = []
    at = 0
    while (start := words.find("{", at)) >= 0:
        quote, end = _quote(words, start)
        found += [words[at:start], quote]
        at = end
    rest = words[at:]
    if "}" in "".join(part for part in (*found, rest) if isinstance(part, str)):
        raise QuoteError("a '}' stands without its '{'")
    return (*found, rest)


def _quote(words: str, start: int) -> tuple[Quote, int]:
    opening = KEY.match(words, start)
    if opening is None:
        raise QuoteError("write an earlier answer as {question, none {words where there is no answer}}")
    forms: dict[str, str] = {}
    at = opening.end()
    while form := FORM.match(words, at):
        forms[form[1]] = form[2]
        at = form.end()
    closing = re.compile(r"\s*\}").match(words, at)
    quote = Quote(opening[1], bool(opening[2]), forms)
    if closing is None or NONE not in forms:
        raise QuoteError(f"'{{{quote.key}, …}}' must end in 'none {{words where there is no answer}}}}'")
    if not quote.plural and len(forms) > 1:
        raise QuoteError(f"'{{{quote.key}, …}}' gives plural forms; write '{{{quote.key}, plural, …}}'")
    return quote, closing.end()


def quotes(text: Text) -> list[tuple[str, Quote]]:
    """Each quote of a text with its language. Raises QuoteError."""
    return [
        (language, part)
        for language, words in text.by_language.items()
        for part in parts(words)
        if isinstance(part, Quote)
    ]


def holds_quotes(text: Text) -> bool:
    """Whether some of its words have braces."""
    return any("{" in words or "}" in words for words in text.by_language.values())


def plain(text: Text) -> Text:
    """The text as it reads where nothing was answered. Raises QuoteError."""
    return _filled(text, lambda quote, _language: quote.forms[NONE])


def plural_forms(language: str) -> set[str]:
    """The plural forms a language has, ``other`` among them."""
    return {"other", *Locale.parse(language, sep="-").plural_form.tags}


def worded(questionnaire: Questionnaire, pages: Sequence[Page], answers: Answers) -> tuple[Page, ...]:
    """The pages of a path with answers put into their texts."""
    asked = {question.id: question for page in pages for question in page.questions}

    def words(quote: Quote, language: str) -> str:
        question = asked.get(quote.key.partition(".")[0])
        answer = question.restricted(answers[question.id]) if question and question.id in answers else None
        if question is None or answer is None:
            return quote.forms[NONE]
        if quote.plural:
            return _counted(quote, question.number_of(answer), language)
        return question.quoted(quote.key, answer, language) or quote.forms[NONE]

    return tuple(_worded_page(page, words) if page.id in questionnaire.quoting else page for page in pages)


def _counted(quote: Quote, number: float | None, language: str) -> str:
    if number is None:
        return quote.forms[NONE]
    locale = Locale.parse(language, sep="-")
    form = quote.forms.get(locale.plural_form(number)) or quote.forms.get("other", "#")
    return form.replace("#", format_decimal(number, locale=locale))


_Words: TypeAlias = Callable[[Quote, str], str]


def _worded_page(page: Page, words: _Words) -> Page:
    questions = tuple(_worded_question(question, words) for question in page.questions)
    return replace(page, questions=questions, **_all_filled(page.quotes, words))


def _worded_question(question: Question, words: _Words) -> Question:
    return replace(question, **_all_filled(question.quotes, words)) if question.quotes else question


def _all_filled(texts: Mapping[str, Text], words: _Words) -> dict[str, Any]:
    return {name: _filled(text, words) for name, text in texts.items()}


def _filled(text: Text, words: _Words) -> Text:
    return Text(
        {
            language: "".join(part if isinstance(part, str) else words(part, language) for part in parts(raw))
            for language, raw in text.by_language.items()
        }
    )
