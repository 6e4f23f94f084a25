"""How far a respondent has come: which pages of the path they have been through, and which comes next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from csp_consult.fieldwork.drafts import DraftContent
from csp_consult.questionnaire.model import Page


def find_page(pages: Sequence[Page], page_id: str) -> Page | None:
    """The page of that id, if it is among them."""
    return next((page for page in pages if page.id == page_id), None)


def is_done(page: Page, seen: Collection[str]) -> bool:
    """Whether a page was gone through with all the questions it asks now; answering them is another matter."""
    return page.id in seen and all(question.id in seen for question in page.questions)


def first_due(pages: Sequence[Page], seen: Collection[str]) -> Page | None:
    """The first page of the path still to be gone through; None when the answers can be checked."""
    return next((page for page in pages if not is_done(page, seen)), None)


def may_show(pages: Sequence[Page], page: Page, seen: Collection[str]) -> bool:
    """Whether every page before this one was gone through, so that no page is skipped."""
    due = first_due(pages, seen)
    return due is None or pages.index(page) <= pages.index(due)


def with_page(content: DraftContent, page: Page, answers: Mapping[str, Any]) -> DraftContent:
    """The draft after a page was answered: its questions hold exactly these answers, all others stay."""
    asked = {question.id for question in page.questions}
    kept = {question: answer for question, answer in content.answers.items() if question not in asked}
    typed = {page_id: fields for page_id, fields in content.typed.items() if page_id != page.id}
    return replace(content, answers=kept | dict(answers), seen=content.seen | asked | {page.id}, typed=typed)


def with_typed(content: DraftContent, page: Page, typed: Mapping[str, list[str]]) -> DraftContent:
    """The draft after a page was left with something that cannot be taken yet: shown again on return."""
    return replace(content, typed={**content.typed, page.id: typed}, seen=content.seen - {page.id})
