"""What WCAG 2.2 AA asks of a page beyond what axe looks at: reflow, keyboard, focus, targets, motion.

Everything is looked at on one loaded page: widths change without loading it again.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("accessible.js")
HEIGHT = 800
SMALLEST, DESK = 320, 1280
"""A window of 1280 pixels enlarged to 400% has 320 left, one enlarged to 200% has 640 (WCAG 1.4.10 and 1.4.4)."""
WIDTHS = (SMALLEST, 640, DESK)
MOST_TABS = 80
"""How far Tab is followed: past the page's own form and into its lists, whose rows are alike."""

Axe = Callable[[Page], list[str]]


def faults(page: Page, axe: Axe) -> list[str]:
    """Everything amiss on a page that is loaded, a line each; the page is left as wide as it was."""
    before = page.viewport_size
    found = axe(page)
    page.evaluate(SCRIPT.read_text())
    found += at_widths(page)
    if before:
        page.set_viewport_size(before)
    found += page.evaluate("csp.moving()")
    found += tabbed(page)
    return found


def at_widths(page: Page, widths: Sequence[int] = WIDTHS) -> list[str]:
    """What sticks out, is cut off or is too small to be hit, at each of the widths."""
    page.evaluate(SCRIPT.read_text())
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"at {width} px: {fault}" for fault in page.evaluate("csp.amiss()")]
    return found


def tabbed(page: Page) -> list[str]:
    """Press Tab from the top of the page: what it never reaches, where it stays, where no focus is seen."""
    page.evaluate(SCRIPT.read_text())
    # Whoever tabs through a page passes through the pages in its frames.
    within = [frame.locator("a[href], button, input, select, textarea, summary").count() for frame in page.frames[1:]]
    for _ in range(int(page.evaluate("most => csp.watch(most)", MOST_TABS)) + sum(within)):
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate("csp.reached()")
    return found
