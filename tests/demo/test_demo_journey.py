"""The whole road on the demo, in a real browser: answer, submit, rank, compare, act."""

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from csp_consult.demo.sign_ins import SIGN_INS

pytestmark = pytest.mark.browser

NOW = f"{date.today():%Y-%m}"
RESIDENTS = f"vrn-community-safety/{NOW}"


def sign_in(page: Page, address: str, role: str) -> None:
    who = next(account for account in SIGN_INS if account.role == role)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Email address").fill(who.email)
    page.get_by_label("Password", exact=True).fill(who.password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    if who.code_key:
        page.get_by_label("Code").fill(page.locator("#demo-code").inner_text())
        with page.expect_navigation():
            page.get_by_role("button", name="Continue").click()


def answer_survey(page: Page, address: str) -> None:
    """Answer every question with its first option, as a woman of 35 to 44 in the first ward, and send it."""
    page.goto(f"{address}/s/{RESIDENTS}")
    with page.expect_navigation():
        page.get_by_role("button", name="Start now").click()
    while page.get_by_role("heading", name="Check your answers").count() == 0:
        for group in page.locator("fieldset:has(input[type=radio])").all():
            if group.locator("fieldset").count() == 0:
                group.locator("input[type=radio]").first.check()
        for boxes in page.locator("fieldset:has(input[type=checkbox])").all():
            boxes.locator("input[type=checkbox]").first.check()
        for chooser in page.locator("select").all():
            chooser.select_option(index=1)
        with page.expect_navigation():
            page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name=re.compile("send", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("thank|sent", re.IGNORECASE))


def responses_counted(page: Page, address: str) -> int:
    page.goto(f"{address}/officer/waves/{RESIDENTS}/ranking")
    base = page.locator("dt", has_text=re.compile("^Base$")).locator("xpath=following-sibling::dd[1]").inner_text()
    return int(base.split(";")[0].replace(",", ""))


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_resident_answers_and_the_officer_sees_it_and_acts(live_server: str, browser: Browser, scripts: bool) -> None:
    officer = browser.new_context(java_script_enabled=scripts).new_page()
    sign_in(officer, live_server, "officer")
    before = responses_counted(officer, live_server)

    answer_survey(browser.new_context(java_script_enabled=scripts).new_page(), live_server)

    assert responses_counted(officer, live_server) == before + 1
    officer.goto(f"{live_server}/officer/gap?wave=vrn-community-safety/2022-autumn&topic=asb")
    officer.get_by_role("button", name="Plan an activity for this gap").click()
    officer.get_by_label("How people are reached").fill("Parish newsletters")
    officer.get_by_label("Who is responsible").fill("Communications officer, Harborough District Council")
    for part, value in (("Day", "1"), ("Month", "2"), ("Year", "2027")):
        officer.get_by_label(part, exact=True).first.fill(value)
    with officer.expect_navigation():
        officer.get_by_role("button", name="Add to the plan").click()
    officer.goto(f"{live_server}/officer/plan")
    expect(officer.locator("main")).to_contain_text("Communications officer, Harborough District Council")
    for context in browser.contexts:
        context.close()


def test_a_clerk_finds_the_demo_parishes_and_their_deadline(live_server: str, page: Page) -> None:
    sign_in(page, live_server, "clerk")

    main = page.locator("main")
    expect(main).to_contain_text("Great Glen")
    expect(main).to_contain_text("Kibworth Harcourt")
    expect(main).to_contain_text(re.compile("until|deadline|closes|by", re.IGNORECASE))
