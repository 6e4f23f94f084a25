"""The whole road on the demo, in a real browser: answer, submit, rank, compare, act."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from csp_consult.demo.sign_ins import SIGN_INS
from csp_consult.web.permissions import may_call

pytestmark = pytest.mark.browser

NOW = f"{date.today():%Y-%m}"
RESIDENTS = f"vrn-community-safety/{NOW}"
PUBLIC_PAGES = ("/", "/results", "/privacy", "/cookies", "/accessibility", "/sign-in", "/nothing-here")
RESIDENT_PAGES = (f"/s/{RESIDENTS}", "/s/vrn-community-safety/2020", "/s/withdraw")
CLERK_PAGES = (
    "/clerk/",
    "/account/",
    "/account/codes",
    "/account/password",
    "/account/recovery-codes",
    "/account/parishes/E04005434/hand-over",
)
OFFICER_PAGES = (
    "/officer/",
    "/officer/to-read",
    f"/officer/waves/{RESIDENTS}/fieldwork",
    f"/officer/waves/parish-councils/{NOW}/fieldwork",
    f"/officer/waves/parish-councils/{NOW}/parishes/E04005434",
    f"/officer/waves/parish-councils/{NOW}/parishes/E04005434/paper",
    "/officer/waves/vrn-community-safety/2022-autumn/ranking",
    "/officer/waves/vrn-community-safety/2022-autumn/ranking?by=age",
    "/officer/waves/parish-councils/2022-12/ranking?weights=equal",
    "/officer/waves/vrn-community-safety/2022-autumn/ranking?by=restriction",
    "/officer/waves/vrn-community-safety/2022-autumn/crosstab?row=safe_night&column=sex",
    "/officer/waves/vrn-community-safety/2022-autumn/releases?row=safe_night&column=sex",
    "/officer/waves/vrn-community-safety/2022-autumn/words",
    "/officer/waves/vrn-community-safety/2022-autumn/languages",
    "/officer/waves/vrn-community-safety/2022-autumn/responses",
    "/officer/surveys/vrn-community-safety/trend?question=safe_night",
    "/officer/blend",
    "/officer/gaps",
    "/officer/gap?wave=vrn-community-safety/2022-autumn&topic=asb",
    "/officer/gaps/all",
    "/officer/gaps/places",
    "/officer/gaps/safety",
    "/officer/gap/audiences?wave=vrn-community-safety/2022-autumn&topic=asb",
    "/officer/gap/planning?wave=vrn-community-safety/2022-autumn&topic=asb&area=E05011975",
    "/officer/questionnaires",
    "/officer/questionnaires/versions/1",
    "/officer/published",
    "/officer/published/import",
    "/officer/record",
    "/officer/record/import",
    "/officer/record/placing",
    "/officer/record/sheet",
    "/officer/record/topics",
    "/officer/record/alike",
    "/officer/record/note?topic=asb",
    "/officer/parishes",
    "/officer/parishes/E04005434",
    "/officer/parishes/new",
    f"/officer/waves/parish-councils/{NOW}/post",
    f"/officer/waves/parish-councils/{NOW}/post/reminder",
    f"/officer/waves/parish-councils/{NOW}/post/letter",
    f"/officer/waves/parish-councils/{NOW}/copy",
    "/officer/accounts",
    "/officer/accounts/invite",
    "/officer/accounts/clerks",
    f"/officer/waves/{RESIDENTS}/invited",
    "/officer/mail",
    "/officer/mail/words/invitation",
    "/officer/papers",
    "/officer/papers/consultation",
    "/officer/papers/results?about=vrn-community-safety/2022-autumn",
    "/officer/plan",
    "/officer/three-year-plan",
    "/officer/three-year-plan/2023-2026/lines/0?kind=action",
    "/officer/three-year-plan/2023-2026/priorities/new",
    "/officer/papers/three-year-plan?about=2023-2026",
    "/officer/papers/plan-review?about=2022-23",
    "/officer/papers/fairness?about=vrn-community-safety/2022-autumn",
    "/officer/papers/strategy-group?about=2022-4",
    "/officer/plan/new?wave=vrn-community-safety/2022-autumn&topic=asb",
    "/officer/questionnaires/compare?before=1&after=2",
)


def sign_in(page: Page, address: str, role: str) -> None:
    who = next(account for account in SIGN_INS if account.role == role)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Email address").fill(who.email)
    page.get_by_label("Password").fill(who.password)
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


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize(
    ("role", "paths"),
    [(None, PUBLIC_PAGES), (None, RESIDENT_PAGES), ("clerk", CLERK_PAGES), ("officer", OFFICER_PAGES)],
    ids=["public", "resident", "clerk", "officer"],
)
def test_every_page_is_accessible_synthetic_where_it_is_and_never_wider_than_the_screen(
    live_server: str,
    browser: Browser,
    axe: Callable[[Page], list[str]],
    width: int,
    role: str | None,
    paths: tuple[str, ...],
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    if role:
        sign_in(page, live_server, role)

    faults = []
    for path in paths:
        page.goto(live_server + path)
        faults += [f"{path}: {fault}" for fault in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{path}: wider than {width} px")
        if re.search("ranking|blend|gap|fieldwork", path) and not page.get_by_text("Synthetic").count():
            faults.append(f"{path}: does not say that its responses are synthetic")

    page.context.close()
    assert faults == []


def test_the_walk_sees_every_officers_page(app: Flask) -> None:
    walked = {path.partition("?")[0] for path in OFFICER_PAGES}
    plain = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("officer.")
        and not rule.arguments
        and "GET" in (rule.methods or ())
        and may_call(rule.endpoint, ["officer"])
        and not rule.rule.endswith((".csv", ".docx", ".xlsx", ".ics"))
    }

    assert plain <= walked
