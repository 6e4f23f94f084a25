"""Each answer type in a real browser: no accessibility violation, and no sideways scrolling on a small phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from questionnaire.made_questionnaires import CONTEXT, macro_environment
from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.pages import Showing, read_page
from csp_consult.resources import resource_folder

pytestmark = pytest.mark.browser

TEMPLATE = """{% from 'components/questions/all.html' import render_all %}<!DOCTYPE html>
<html lang="en" class="govuk-template"><head><title>A page</title><meta name="viewport" content="width=device-width">
<style>{{ css | safe }}</style></head><body class="govuk-template__body"><div class="govuk-width-container">
<main class="govuk-main-wrapper"><h1 class="govuk-heading-l">A page</h1>
{{ render_all(page.questions, showing) }}</main></div></body></html>"""


@pytest.mark.parametrize("sent", [{}, {"safe": "x", "seen": "x", "rated.parking": "x", "top.2": "asb", "years": "x"}])
@pytest.mark.parametrize(
    "name",
    [
        "single",
        "multiple",
        "grid",
        "rank",
        "number",
        "date",
        "text",
        "area",
        "information",
        "other",
        "scales",
        "street",
    ],
)
def test_an_answer_type_is_accessible_and_fits_320_pixels(
    questionnaire_for: Callable[[str], Questionnaire], page: Page, axe: Any, name: str, sent: dict[str, str]
) -> None:
    asked = questionnaire_for(name).pages[0]
    result = read_page(asked, MultiDict(sent), CONTEXT)
    css = (resource_folder("static") / "vendor" / "govuk-frontend" / "govuk-frontend.min.css").read_text("utf-8")
    template = macro_environment().from_string(TEMPLATE)
    showing = Showing(typed=result.typed, errors=result.errors, context=CONTEXT)

    page.set_viewport_size({"width": 320, "height": 640})
    page.set_content(template.render(page=asked, showing=showing, css=css))

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
