"""The officers' navigation: six parts in the order of the work, and under the present part its pages."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from csp_consult.web.permissions import may_open


@dataclass(frozen=True)
class Page:
    """One link of a part."""

    view: str
    """Where it leads: a view of the officers' door."""
    text: str
    modules: Collection[str]
    """The modules of the door of which every page counts as being here."""


@dataclass(frozen=True)
class Part:
    """One step of the work, called by a verb. It opens on its first page."""

    text: str
    pages: tuple[Page, ...]


PARTS = (
    Part(
        "Ask",
        (
            Page(
                "home",
                "Surveys",
                {
                    "first_wave",
                    "home",
                    "fieldwork",
                    "board",
                    "parish",
                    "paper_reply",
                    "invited",
                    "post",
                    "wave_copy",
                    "wave_dates",
                    "batches",
                    "keying",
                    "translations",
                },
            ),
            Page(
                "questionnaires",
                "Questionnaires",
                {"questionnaires", "questionnaire_drafts", "questionnaire_top", "questionnaire_previews"},
            ),
            Page("to_read", "To read today", {"care"}),
        ),
    ),
    Part(
        "Weigh",
        (
            Page(
                "answers",
                "Survey by survey",
                {"answers", "ranking", "crosstab", "trends", "releases", "own_words", "response_file", "drawings"},
            ),
            Page("blend", "All sources", {"blend"}),
        ),
    ),
    Part(
        "Compare",
        (
            Page("gaps", "Gaps", {"gaps", "typology", "places", "safety", "audiences", "planning"}),
            Page(
                "recorded",
                "The record",
                {"recorded", "recording_note", "record_files", "sheets", "topic_mappings", "comparators"},
            ),
            Page("published", "Published figures", {"published", "published_files"}),
        ),
    ),
    Part(
        "Act",
        (
            Page("plan", "Communication plan", {"plan", "activities"}),
            Page("three_year_plan", "Three-year plan", {"three_year_plan"}),
        ),
    ),
    Part(
        "Tell",
        (
            Page("papers", "Papers", {"papers"}),
            Page("strategy_group", "Strategy Group paper", {"strategy_group"}),
            Page("corrections", "Corrections", {"corrections"}),
        ),
    ),
    Part(
        "People",
        (
            Page("parishes", "Parishes", {"parishes", "place_files"}),
            Page("accounts", "Accounts", {"accounts"}),
            Page("mail", "Mail", {"outbox"}),
            Page("trail", "Audit trail", {"trail"}),
        ),
    ),
)


def links(module: str) -> dict[str, Any]:
    """The parts, and the pages of the part that holds ``module``, as far as the reader may open them.

    ``module`` is the module of the door that shows the page; one that is in no part (an error page) has no pages.
    """
    part = next((part for part in PARTS for page in part.pages if module in page.modules), None)
    return {
        "parts": [_link(one.pages[0].view, one.text, inside=one is part) for one in PARTS],
        "part": part.text if part else "",
        "pages": [
            _link(page.view, page.text, inside=module in page.modules)
            for page in (part.pages if part else ())
            if may_open(f"officer.{page.view}")
        ],
    }


def _link(view: str, text: str, *, inside: bool) -> dict[str, Any]:
    # "page" for the very page one is on, "true" for what it lies under.
    here = request.endpoint == f"officer.{view}"
    return {"text": text, "href": url_for(f"officer.{view}"), "current": ("page" if here else "true") if inside else ""}
