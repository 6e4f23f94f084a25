"""The tests' own accessibility checks find what they are there for, and nothing on a page that is in order."""

import accessible
import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page</title><style>
@keyframes turn { to { rotate: 1turn } }
button, input { min-width: 44px; min-height: 44px; margin: 10px }
:focus { outline: 3px solid #0b0c0c }
%s</style></head><body><main><h1>A page</h1>
<p>Words with <a href="#here">a link</a> among them.</p>
<label>Name <input name="name"></label>
<fieldset><legend>Which</legend>
<label><input type="radio" name="which" value="a"> A</label><label><input type="radio" name="which" value="b"> B</label>
</fieldset><button id="here">Send</button> <button id="there">Stop</button></main></body></html>"""


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("", []),
        ("h1 { width: 400px }", ["at 320 px: the page scrolls sideways", "at 320 px: sticks out: <h1"]),
        ("h1 { width: 50px; overflow: hidden; white-space: nowrap }", ["at 1280 px: is cut off: <h1"]),
        ("button { min-width: 0; min-height: 0; width: 10px; height: 10px; padding: 0; margin: 0 }",
         ["at 1280 px: is small and has no room around: <button"]),
        ("button:focus { outline: none }", ["its focus is not seen: <button id=\"here\""]),
        ("h1 { animation: turn 60s }", ["moves although less motion was asked for: <h1"]),
    ],
)  # fmt: skip
def test_each_fault_is_found(page: Page, style: str, said: list[str]) -> None:
    page.set_content(PAGE % style)

    found = accessible.faults(page, lambda _: [])

    assert bool(found) == bool(said), found
    for words in said:
        assert any(fault.startswith(words) for fault in found), found


def test_a_stop_that_tab_never_reaches_is_found(page: Page) -> None:
    page.set_content(PAGE % "")
    page.evaluate("""document.querySelector("#here").addEventListener("keydown", (event) => event.preventDefault())""")

    assert [fault[:40] for fault in accessible.faults(page, lambda _: [])] == [
        'Tab does not reach: <button id="there">S'[:40]
    ]
