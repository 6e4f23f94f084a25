"""The first page of a survey is light: a village with one bar of signal is where the answers are needed."""

import pytest
from playwright.sync_api import Page

from benchmarks.first_page import weight

pytestmark = pytest.mark.browser


def test_the_first_page_of_a_survey_is_light(live_server: str, real_wave: str, page: Page) -> None:
    found = weight(page, live_server + real_wave)

    assert found.light, found
