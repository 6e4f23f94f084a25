"""How far a respondent has come: which pages of the path they have been through, and which comes next."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from csp_consult.fieldwork.drafts import DraftContent
from csp_consult.questionnaire.model import Page
from csp_consult.questionnaire.questions.base import Question


def find_page(pages: Sequence[Page], page_id: str) -> Page | None:
    """The page of that id, if it is among them."""
    return next((page for page in pages if page.id == page_id), None)


def is_done(page: Page, content: DraftContent) -> bool:
    """Whether a page was gone through with all that it asks now; answering it is another matter.

    A question is asked again when earlier answers brought it an option that was not there before, or took away the one
    that was chosen.
    """
    return page.id in content.seen and all(_is_done(question, content) for question in page.questions)


def _is_done(question: Question, content: DraftContent) -> bool:
    taken = question.id in content.answers and question.restricted(content.answers[question.id]) is None
    return not taken and content.seen.issuperset(_marks(question))


def _marks(question: Question) -> set[str]:
    """What is noted once somebody was asked the question: itself, and what it offered because of earlier answers."""
    return {question.id, *(f"{question.id}={choice.code}" for choice in question.offered_by_answers())}


def first_due(pages: Sequence[Page], content: DraftContent) -> Page | None:
    """The first page of the path still to be gone through; None when the answers can be checked."""
    return next((page for page in pages if not is_done(page, content)), None)


def may_show(pages: Sequence[Page], page: Page, content: DraftContent) -> bool:
    """Whether every page before this one was gone through, so that no page is skipped."""
    due = first_due(pages, content)
    return due is None or pages.index(page) <= pages.index(due)


def stamps(page: Page, answers: Mapping[str, Any]) -> str:
    """What a page's form carries along, to tell later which answers it was made with."""
    return " ".join(f"{question.id}={_stamp(answers.get(question.id))}" for question in page.questions)


def _stamp(answer: Any) -> str:
    return "" if answer is None else hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:12]


def with_page(
    content: DraftContent, page: Page, answers: Mapping[str, Any], made_with: str = "", *, sent: bool = True
) -> DraftContent:
    """The draft after a page was answered: its questions hold exactly these answers, all others stay.

    A page that was left without being ``sent`` (by Back, or to come back later) is where its reader carries on.

    ``made_with`` are the ``stamps`` its form came back with. What the form leaves as it was when it was made takes
    nothing away that another tab has saved since. Where the draft does not know the page the form is all there is of
    it: the draft was lost, and what the form left as it was is put back.
    """
    before = dict(pair.split("=", 1) for pair in made_with.split(" ") if "=" in pair)
    ids = {question.id for question in page.questions}
    lost = page.id not in content.seen and ids.isdisjoint(content.answers)
    changed = {id_ for id_ in ids if lost or before.get(id_) != _stamp(answers.get(id_))}
    kept = {question: answer for question, answer in content.answers.items() if question not in changed}
    given = {question: answer for question, answer in answers.items() if question in changed}
    typed = {page_id: fields for page_id, fields in content.typed.items() if page_id != page.id}
    seen = content.seen.union({page.id}, *map(_marks, page.questions)) if sent else content.seen
    return replace(content, answers=kept | given, seen=seen, typed=typed)


def with_typed(content: DraftContent, page: Page, typed: Mapping[str, list[str]]) -> DraftContent:
    """The draft after a page was left with something that cannot be taken yet: shown again on return."""
    return replace(content, typed={**content.typed, page.id: typed}, seen=content.seen - {page.id})
