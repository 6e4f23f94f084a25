"""An address of every page of every door on the demo, and what its people have to do first for it to show something.

Walked by the test of accessibility and by ``bin/screenshots.py``, which takes a picture of each.
"""

from datetime import date

from demo.test_demo_journey import NOW, RESIDENTS
from recorded.sheet_files import csv_sheet
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork import form_batches, keying, notices, waves
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.mail.outbox import queue
from csp_consult.papers.fairness import NEEDS_WORDS
from csp_consult.papers.kinds import Making
from csp_consult.papers.publishing import publish, write
from csp_consult.parishes import comments
from csp_consult.people import links
from csp_consult.people.models import User
from csp_consult.questionnaire import drafts
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.recorded.imports import district_of
from csp_consult.recorded.sheets import waiting
from csp_consult.recorded.sheets.mapping import mapping_from

LATEST = "vrn-community-safety/2022-autumn"
GREAT_GLEN = "E04005431"
FORMS = f"/officer/waves/{RESIDENTS}/forms"
CLERK = f"/clerk/{GREAT_GLEN}/parish-councils/{NOW}"
PUBLIC_PAGES = (
    "/",
    "/results",
    f"/results/{LATEST}",
    "/results/revisions",
    f"/papers/fairness?about={LATEST}",
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
    "/officer/published/surveys",
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
    f"/officer/waves/{RESIDENTS}/dates",
    "/officer/places/import",
    "/help/glossary",
    "/help/clerk",
    "/help/officer",
    "/officer/corrections",
    "/officer/strategy-group",
    "/officer/plan/1",
    "/officer/plan/1/approval",
    "/officer/plan/1/evaluation",
    "/officer/accounts/4/close",
    "/officer/mail/1",
    FORMS,
    f"{FORMS}/1",
    f"{FORMS}/1/key",
    f"{FORMS}/1/again",
    f"{FORMS}/1/differences/2",
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

HALF = len(OFFICER_PAGES) // 2
WALKS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "public": (None, PUBLIC_PAGES),
    "resident": (None, RESIDENT_PAGES),
    "clerk": ("clerk", CLERK_PAGES),
    "officer": ("officer", OFFICER_PAGES[:HALF]),
    "administrator": ("administrator", (*OFFICER_PAGES[HALF:], *ADMINISTRATOR_PAGES)),
}
"""By name: the role that signs in, and the addresses it walks, in which names of tokens stand for them."""


def furnish(session: Session) -> dict[str, str]:
    """Do in the demo what its people would have done by now; gives the tokens that stand in addresses by name."""
    today = date.today()
    making = Making(today, "The Partnership", "E07000131", DEFAULT_RULES)
    chair = "Chair of the partnership"
    publish(session, "results", LATEST, making, by="olive", signed_off_by=chair)
    for section in NEEDS_WORDS:
        write(session, "fairness", LATEST, section, "As the demo tells it.", by="olive", today=today)
    publish(session, "fairness", LATEST, making, by="olive", signed_off_by=chair)
    reason = "A figure of one ward was put right."
    publish(session, "fairness", LATEST, making, by="olive", signed_off_by=chair, reason=reason)
    queue(session, to="clerk@example.org", subject="A reminder", body="Please answer.", kind="reminder", today=today)
    drafts.cloned(session, session.get_one(QuestionnaireVersion, 1), by="olive", today=today)
    _key_forms(session, today)
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


def _key_forms(session: Session, today: date) -> None:
    """A batch of two forms keyed twice: the first waits for somebody else, of the second a difference waits."""
    wave = waves.find(session, RESIDENTS)
    batch = form_batches.make(
        session,
        wave,
        name="Library",
        mode="paper",
        language="en",
        received=3,
        again_every=1,
        notice=notices.current(),
        made_by="mae",
        today=today,
    )
    asked = questionnaire_for(session, wave)
    first, second = (keying.Keying(session, wave, batch, asked, keyer, today) for keyer in ("mae", "noor"))
    for number in (1, 2):
        keying.key_first(first, number, {"connection": "live"}, once=f"form {number}")
    keying.key_again(second, 2, {"connection": "work"})
