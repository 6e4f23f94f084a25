"""WCAG 2.2 AA on every page of every door, in a real browser on the demo: no address that gives a page is left out.

A page is loaded once, and looked at from 320 to 1280 pixels, with axe and with checks of our own
(``tests/accessible.py``): reflow, targets, motion, what Tab reaches, and where its focus is seen.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import accessible
import pytest
from demo.test_demo_journey import NOW, RESIDENTS, sign_in
from flask import Flask
from playwright.sync_api import Browser, Page
from recorded.sheet_files import csv_sheet
from sqlalchemy import select

from csp_consult.db import writing
from csp_consult.fieldwork import waves
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.mail.outbox import queue
from csp_consult.papers.kinds import Making
from csp_consult.papers.publishing import publish
from csp_consult.parishes import comments
from csp_consult.people import links
from csp_consult.people.models import User
from csp_consult.questionnaire import drafts
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.recorded.imports import district_of
from csp_consult.recorded.sheets import waiting
from csp_consult.recorded.sheets.mapping import mapping_from
from csp_consult.web.permissions import NOBODY, PERMISSIONS

pytestmark = pytest.mark.browser

LATEST = "vrn-community-safety/2022-autumn"
GREAT_GLEN = "E04005431"
CLERK = f"/clerk/{GREAT_GLEN}/parish-councils/{NOW}"
PUBLIC_PAGES = (
    "/",
    "/results",
    f"/results/{LATEST}",
    "/results/revisions",
    "/privacy",
    "/cookies",
    "/accessibility",
    "/data-protection",
    "/sign-in",
    "/sign-in/by-mail",
    "/signed-out",
    "/enter/INVITATION",
    "/councillors/LINK",
)
RESIDENT_PAGES = (
    f"/s/{RESIDENTS}",
    f"/s/{RESIDENTS}/questions/connection",
    f"/s/{RESIDENTS}/return",
    "/s/vrn-community-safety/2020",
    "/s/withdraw",
)
CLERK_PAGES = (
    "/clerk/",
    "/account/",
    "/account/codes",
    "/account/password",
    "/account/recovery-codes",
    f"/account/parishes/{GREAT_GLEN}/hand-over",
    f"{CLERK}/",
    f"{CLERK}/page/themes",
    f"{CLERK}/check",
    f"{CLERK}/comments",
    f"{CLERK}/more-time",
    f"/clerk/{GREAT_GLEN}/parish-councils/2022-12/outcome",
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
    "/officer/record/imports/1",
    "/officer/record/sheets/1",
    "/officer/answers",
    "/officer/waves/new",
    f"/officer/waves/{RESIDENTS}/open",
    "/help/glossary",
    "/help/clerk",
    "/officer/corrections",
    "/officer/strategy-group",
    "/officer/plan/1",
    "/officer/plan/1/approval",
    "/officer/plan/1/evaluation",
    "/officer/accounts/4/close",
    "/officer/mail/1",
    f"/officer/waves/{RESIDENTS}/forms",
    "/officer/questionnaires/compare?before=1&draft=1",
    "/officer/questionnaires/drafts/1",
    "/officer/questionnaires/drafts/1/top",
    "/officer/questionnaires/drafts/1/pages/0",
    "/officer/questionnaires/drafts/1/pages/0/questions/0",
    "/officer/questionnaires/drafts/1/source",
    "/officer/questionnaires/drafts/1/paths",
    "/officer/questionnaires/drafts/1/preview/connection",
    "/officer/questionnaires/drafts/1/widths/connection",
)
ADMINISTRATOR_PAGES = ("/officer/trail",)

# Pages that need what the demo has not, and the browser tests that bring it.
ELSEWHERE = {
    "tests/clerk/test_clerk_browser.py": {"clerk.mandate", "clerk.minute", "clerk.receipt"},
    "tests/resident/test_every_type_browser.py": {"resident.check", "resident.thanks"},
    "tests/resident/test_resident_browser.py": {"resident.saving"},
    "tests/people/test_second_step_browser.py": {"security.two_factor_token_validation", "security.mf_recovery"},
    "tests/people/test_passkeys_browser.py": {"security.wan_register", "security.wan_delete", "security.wan_signin"},
    "tests/officer/test_keying_browser.py": {
        "officer.batch", "officer.form_differences", "officer.key_form", "officer.key_form_again",
    },
}  # fmt: skip
# What is no page: files, data for programs, and addresses that only lead on to another.
FILE = re.compile(r"\.(\w+|<\w+>)$|^/api/|^/static/|/file(/<form>)?$|/files/<int:version>$|/paper$|^/health$|^/ready$")
# The published papers other than results are shown by the template of results.
SHOWN_ALIKE = {"results.paper"}
LEADS_ON = {"resident.by_link", "signing_in.door", "signing_in.signed_in"}
HALF = len(OFFICER_PAGES) // 2
WALKS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "public": (None, PUBLIC_PAGES),
    "resident": (None, RESIDENT_PAGES),
    "clerk": ("clerk", CLERK_PAGES),
    "officer": ("officer", OFFICER_PAGES[:HALF]),
    "administrator": ("administrator", (*OFFICER_PAGES[HALF:], *ADMINISTRATOR_PAGES)),
}


@pytest.fixture
def furnished(app: Flask) -> dict[str, str]:
    """The demo with what its people would have done by now; gives the tokens that stand in addresses by name."""
    today = date.today()
    with app.app_context(), writing() as session:
        making = Making(today, "The Partnership", "E07000131", DEFAULT_RULES)
        publish(session, "results", LATEST, making, by="olive", signed_off_by="Chair of the partnership")
        queue(
            session, to="clerk@example.org", subject="A reminder", body="Please answer.", kind="reminder", today=today
        )
        drafts.cloned(session, session.get_one(QuestionnaireVersion, 1), by="olive", today=today)
        place = district_of(session, "E07000131", today)
        quarters = ["Beat", "Q1 2021/22", "Q2 2021/22"]
        beats = csv_sheet(["Fly-tipping"], quarters, ["Lutterworth", 3, 4], ["Harborough North", 5, 6])
        taken = waiting.put_up(session, beats, "beats.csv", place, today)
        reading = mapping_from({**taken.mapping, "recorded_by": "The council"})
        waiting.settle(session, taken, reading)
        waiting.take_in(session, taken, place, by="olive", today=today)
        waiting.put_up(session, beats, "beats.csv", place, today)
        clerk = session.scalars(select(User).where(User.email == "clerk@example.org")).one()
        wave = waves.find(session, f"parish-councils/{NOW}")
        return {
            "INVITATION": links.make_link(session, clerk, "invitation").rpartition("/")[2],
            "LINK": comments.make_link(session, wave, GREAT_GLEN, user_id=clerk.id, today=today),
        }


@pytest.mark.parametrize("walk", WALKS)
def test_every_page_keeps_wcag_2_2_and_says_what_is_synthetic(
    furnished: dict[str, str], live_server: str, browser: Browser, axe: Callable[[Page], list[str]], walk: str
) -> None:
    role, paths = WALKS[walk]
    context = browser.new_context(viewport={"width": accessible.DESK, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    if role:
        sign_in(page, live_server, role)

    faults: list[str] = []
    # What the browser refuses to load or to run, as the content security policy tells it.
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    for path in paths:
        *way, end = path.split("/")
        answer = page.goto(live_server + "/".join([*way, furnished.get(end, end)]))
        if answer and answer.status != 200:
            faults.append(f"{path}: answers {answer.status}")
        faults += [f"{path}: {fault}" for fault in accessible.faults(page, axe)]
        if re.search("ranking|blend|gap|fieldwork", path) and not page.get_by_text("Synthetic").count():
            faults.append(f"{path}: does not say that its responses are synthetic")

    context.close()
    assert faults == []


def test_no_address_that_gives_a_page_is_left_out(app: Flask) -> None:
    addresses = app.url_map.bind("localhost")
    walked = {addresses.match(path.partition("?")[0], method="GET")[0] for _, paths in WALKS.values() for path in paths}
    elsewhere = {endpoint for endpoints in ELSEWHERE.values() for endpoint in endpoints}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and PERMISSIONS[rule.endpoint] != NOBODY and not FILE.search(rule.rule)
    }

    assert pages - walked - elsewhere - LEADS_ON - SHOWN_ALIKE == set()
    assert elsewhere & walked == set()
    for file in ELSEWHERE:
        assert "axe(" in (Path(__file__).parents[2] / file).read_text(), file
