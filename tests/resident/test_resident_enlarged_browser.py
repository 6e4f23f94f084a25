"""Pages of a real survey enlarged to 200%, in each of its languages."""

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def fits(page: Page) -> bool:
    """Whether nothing sticks out to either side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["en", "cy", "pl", "ur"])
def test_pages_enlarged_to_twice_their_size_stay_whole(
    live_server: str, real_wave: str, browser: Browser, language: str
) -> None:
    # A window of 640 pixels enlarged to 200% has 320 left.
    context = browser.new_context(viewport={"width": 320, "height": 480}, device_scale_factor=2)
    context.set_default_timeout(15_000)
    page = context.new_page()
    for path in ("", "/questions/connection", "/return"):
        page.goto(f"{live_server}{real_wave}{path}?language={language}")
        assert fits(page), path
        # Text alone enlarged, as some browsers do it.
        page.set_viewport_size({"width": 640, "height": 480})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert fits(page), path
        page.set_viewport_size({"width": 320, "height": 480})
    context.close()
