"""What can be written through a form: for each route one deed, what its page then says, and which table it changes."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from parish_world import GLEN, KIBWORTH, TUR_LANGTON, WAVE
from recorded.sheet_files import CROSSTAB

from csp_consult.fieldwork import notices

LATER = date.today() + timedelta(days=30)
LAST_WEEK = date.today() - timedelta(days=7)
RESIDENTS = "residents-test/2022"
FORMS = "/officer/waves/residents-test/now/forms"
YEARS = "/officer/three-year-plan/2026-2029"
STREET = (
    b"Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    b"Last outcome category,Context\n"
    b",2018-10,Made-up Police,Made-up Police,-0.97,52.60,On or near Main Street,E01000001,District 001A,"
    b"Anti-social behaviour,,\n"
)
PRINTED = b"""id,kind,text,source,citation,period,topic,change_pct
down,change,Down a third,The police,Page 3,2021/22,asb,-33.4
"""
PRINTED_SURVEY = b"""survey,title,organisation,audience,survey_period,citation,id,kind,text,value
panel,Panel,The county,residents,2022,Page 3,panel.safe,share,Feel safe,77
"""
QUESTIONNAIRE = """
questionnaire: made-up
version: "1"
title: Made up
organisation: Test partnership
audience: residents
minutes: 3
intro: {purpose: To test., decides: Nobody., after: Nothing.}
pages:
  - page: first
    title: The first page
    questions:
      - {id: seen, kind: single, text: "Have you seen it?", options: {"yes": "Yes", "no": "No"}}
"""


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def minute() -> dict[str, str]:
    return {"mandate": "full council", "minute_reference": "2026/87", **day("meeting", LAST_WEEK)}


ACTIVITY = {
    "title": "Tell of the fall",
    "audience": "Everybody",
    "area_code": "D1",
    "message": "It fell.",
    "channel": "Newsletters",
    "owner": "Community Safety Officer",
    "status": "planned",
    "engagement_type": "broadcast",
    **day("starts_on", LATER),
}


@dataclass(frozen=True)
class Deed:
    """One form sent: who may send it, what the page then says, and the table of which a row is then another."""

    path: str
    """``{name}`` stands for what the world holds: numbers of rows, tokens."""
    says: str
    changes: str
    fields: Mapping[str, str | list[str]] = field(default_factory=dict)
    by: str = "officer"
    files: Mapping[str, tuple[str, bytes | Callable[[FlaskClient], bytes]]] = field(default_factory=dict)
    also_refused: tuple[str, ...] = ()
    """Of those whose role may call the route, who may not do this."""
    instead: str | None = None
    """For a route that asks what somebody holds, not who they are: an address that opens nothing."""

    def send(self, client: FlaskClient, held: Mapping[str, Any], *, path: str | None = None) -> tuple[int, str]:
        """Send it; gives the status and what the last page says."""
        data: dict[str, Any] = {
            name: value.format(**held) if isinstance(value, str) and name != "source" else value
            for name, value in ((name.format(**held), value) for name, value in self.fields.items())
        }
        for name, (called, content) in self.files.items():
            data[name] = (io.BytesIO(content(client) if callable(content) else content), called)
        answer = client.post((path or self.path).format(**held), data=data, follow_redirects=True)
        if answer.mimetype != "text/html":
            return answer.status_code, answer.headers.get("Content-Disposition", "")
        main = BeautifulSoup(answer.text, "html5lib").select_one("main")
        return answer.status_code, " ".join(main.get_text(" ").split()) if main else ""


def _welsh(client: FlaskClient) -> bytes:
    words = client.get(f"/officer/waves/{RESIDENTS}/languages.po?language=cy").get_data()
    return words.replace(b'msgstr ""\n\n', b'msgstr "Gair"\n\n')


# In this order: later ones go on from what earlier ones made.
DEEDS: dict[str, Deed] = {
    # A clerk, for the parish that the account acts for
    "a draft is saved": Deed(
        f"/clerk/{GLEN}/{WAVE}/page/worries",
        "The police",
        "parish_draft",
        {"ratings.speeding": "5", "ratings.burglary": "1", "form-revision": "0"},
        by="clerk",
    ),
    "a link for councillors is made": Deed(
        f"/clerk/{GLEN}/{WAVE}/comments", "/councillors/", "comment_link", by="clerk"
    ),
    "a councillor comments": Deed(
        "/councillors/{token}",
        "Thank you. The clerk sees your comment",
        "councillor_comment",
        {"name": "Cllr Ash", "words": "Burglary matters too."},
        by="passer-by",
        instead="/councillors/of-somebody-else",
    ),
    "a link for councillors is closed": Deed(
        f"/clerk/{GLEN}/{WAVE}/comments/close", "The link is closed.", "comment_link", {"link": "{link}"}, by="clerk"
    ),
    "more time is asked for": Deed(
        f"/clerk/{GLEN}/{WAVE}/more-time",
        "The request was sent.",
        "parish_extension",
        {"reason": "We meet later.", **day("until", LATER)},
        by="clerk",
    ),
    "a response is sent as an officer draft": Deed(
        f"/clerk/{GLEN}/{WAVE}/submit",
        "officer draft",
        "parish_response",
        {"mandate": "officer draft", "form-revision": "1", "form-submission": "one"},
        by="clerk",
    ),
    "its minute is added": Deed(
        f"/clerk/{GLEN}/{WAVE}/minute",
        "The minute is added",
        "parish_response",
        {"form-version": "1", **minute()},
        by="clerk",
    ),
    "an amendment is begun": Deed(f"/clerk/{GLEN}/{WAVE}/amend", "Amendment, version 2", "parish_draft", by="clerk"),
    # Officers, for councils and those who are asked
    "late councils are reminded": Deed(
        f"/officer/waves/{WAVE}/parishes/remind", "reminded", "parish_reminder", {"form-sure": "yes"}
    ),
    "a council gets more time": Deed(
        f"/officer/waves/{WAVE}/parishes/{KIBWORTH}/time",
        "may answer until the new day",
        "parish_extension",
        {"reason": "Of course.", **day("until", LATER)},
    ),
    "a reply on paper is put in": Deed(
        f"/officer/waves/{WAVE}/parishes/{TUR_LANGTON}/paper",
        "kept as version 1",
        "parish_response",
        {"ratings.speeding": "5", "ratings.burglary": "1", "form-submission": "two", **minute()},
    ),
    "a day of mails to councils is planned": Deed(
        f"/officer/waves/{WAVE}/post",
        "The reminder goes out on",
        "mailing",
        {"kind": "reminder", **day("day", date.today())},
    ),
    "a wave is planned after another": Deed(
        f"/officer/waves/{WAVE}/copy",
        "is planned from",
        "wave",
        {**day("opens", LATER), **day("closes", LATER + timedelta(days=30))},
    ),
    "a parish is made": Deed(
        "/officer/parishes/new",
        "Newtown is a parish from",
        "area",
        {"then": "make", "name": "Newtown", "code": "E04000099", "wards": ["W1"], **day("since", LATER)},
    ),
    "a parish is renamed": Deed(
        f"/officer/parishes/{TUR_LANGTON}",
        "is called Langton now",
        "former_name",
        {"then": "rename", "name": "Langton", **day("renamed", LAST_WEEK)},
    ),
    "a list of people is taken in": Deed(
        "/officer/waves/residents-test/later/invited",
        "1 people were added",
        "personal_link",
        {"then": "store"},
        files={"list": ("people.csv", b"name\nHousehold 1\n")},
    ),
    # Officers, for accounts and mail
    "a clerk is invited": Deed(
        "/officer/accounts/invite", "new@example.org is invited", "user", {"email": "new@example.org", "role": "clerk"}
    ),
    "an administrator is invited": Deed(
        "/officer/accounts/invite",
        "boss@example.org is invited",
        "user",
        {"email": "boss@example.org", "role": "administrator"},
        by="administrator",
        also_refused=("officer",),
    ),
    "clerks are taken in from a spreadsheet": Deed(
        "/officer/accounts/clerks",
        "Receipt: clerks from a spreadsheet",
        "user",
        {"then": "store"},
        files={"list": ("clerks.csv", b"parish,email\nGreat Glen,listed@example.org\n")},
    ),
    "somebody is invited again": Deed("/officer/accounts/{pending}/again", "is invited again", "message"),
    "an administrator's account is closed": Deed(
        "/officer/accounts/{other_administrator}/close",
        "The account of ari@example.org is closed",
        "user",
        by="administrator",
        also_refused=("officer",),
    ),
    "a mail is sent again": Deed("/officer/mail/{failed}/again", "is sent again", "message"),
    "an address is flagged": Deed(
        "/officer/mail/bounce",
        "Nothing more is sent to gone@example.org",
        "bounced_address",
        {"address": "gone@example.org"},
    ),
    # Officers, for what was answered
    "a code is added to a codeframe": Deed(
        f"/officer/waves/{RESIDENTS}/words?question=comment",
        "The code is in the codeframe",
        "text_code",
        {"then": "add", "name": "Speeding", "description": "Cars too fast"},
    ),
    "an answer is read the same day": Deed(
        "/officer/to-read",
        "It is noted that the answer was read",
        "care_flag",
        {"flag": "{flag}", "outcome-{flag}": "police"},
    ),
    "responses are taken along": Deed(
        f"/officer/waves/{RESIDENTS}/responses", "synthetic-residents-test-2022", "audit_entry", {"to": "csv"}
    ),
    # Forms on paper, keyed twice
    "a batch of forms is begun": Deed(
        FORMS,
        "Library",
        "form_batch",
        {
            "name": "Library",
            "mode": "paper",
            "received": "2",
            "again": "all",
            "language": "en",
            "notice": notices.current(),
        },
    ),
    "how many forms it has is put right": Deed(
        f"{FORMS}/1", "The batch has 3 forms now", "form_batch", {"received": "3"}
    ),
    "a form is keyed": Deed(
        f"{FORMS}/1/key", "Form 1 is saved", "keyed_form", {"form-number": "1", "form-then": "save", "age": "1"}
    ),
    "it is keyed again by somebody else": Deed(
        f"{FORMS}/1/again",
        "Form 1 was keyed differently",
        "form_entry",
        {"form-number": "1", "form-then": "save", "age": "2"},
        by="administrator",
        also_refused=("officer",),
    ),
    "what was keyed differently is settled": Deed(
        f"{FORMS}/1/differences/1", "Form 1 is saved", "response", {"right-age": "first"}
    ),
    "a table is released": Deed(
        f"/officer/waves/{RESIDENTS}/releases",
        "The table is released",
        "release",
        {"row": "asb_change", "column": "age"},
    ),
    "words are written into a paper": Deed(
        f"/officer/papers/results?about={RESIDENTS}",
        "Your words are kept",
        "own_words",
        {"section": "done", "text-done": "We opened a report line."},
    ),
    "places are taken in": Deed(
        "/officer/places/import",
        "1 file was taken in: 1 row kept, 1 refused.",
        "area",
        {"then": "store"},
        files={"files": ("areas.csv", b"code,kind,name,valid_from,valid_to,source,note\nW9,ward,New,,,made up,\nx\n")},
    ),
    # Officers, for the record
    "a topic gets a note": Deed(
        "/officer/record/note?topic=asb", "is saved", "recording_note", {"text": "Counted anew since 2021."}
    ),
    "a topic is held against a category": Deed(
        "/officer/record/topics",
        "is held against Drugs too",
        "topic_record",
        {"topic": "asb", "then": "add", "category": "police_uk|Drugs", **day("from", LAST_WEEK)},
    ),
    "an area like ours is put on the list": Deed(
        "/officer/record/alike",
        "Nearton is on the list",
        "comparator_area",
        {"then": "add", "name": "Nearton", "code": "E9", "source": "Most similar group"},
    ),
    "printed figures are taken in": Deed(
        "/officer/published/import",
        "1 of 1 rows kept",
        "published_comparison",
        {"then": "store"},
        files={
            "figures": (
                "printed.csv",
                PRINTED,
            )
        },
    ),
    "what another survey printed is taken in": Deed(
        "/officer/published/surveys",
        "1 of 1 rows kept",
        "published_survey",
        {"then": "store"},
        files={"figures": ("panel.csv", PRINTED_SURVEY)},
    ),
    "a recorded file is taken in": Deed(
        "/officer/record/import",
        "incidents are on record",
        "recorded_import",
        {"then": "store"},
        files={"files": ("2018-10-street.csv", STREET)},
    ),
    "a sheet is sent in": Deed(
        "/officer/record/sheet",
        "Nothing of it is on record yet",
        "waiting_sheet",
        files={"sheet": ("asb.xlsx", CROSSTAB)},
    ),
    "a sheet is given up": Deed("/officer/record/sheets/1", "was given up", "waiting_sheet", {"then": "give-up"}),
    # Officers, for the plan
    "an activity is planned": Deed(
        f"/officer/plan/new?wave={RESIDENTS}&topic=asb", "is in the communication plan", "activity", ACTIVITY
    ),
    "an activity is changed": Deed(
        "/officer/plan/1", "“Tell more” is saved", "activity", {**ACTIVITY, "title": "Tell more"}
    ),
    "an activity is approved": Deed(
        "/officer/plan/1/approval", "is approved by the Chair", "activity", {"role": "the Chair"}
    ),
    "a three-year plan is begun": Deed(
        "/officer/three-year-plan",
        "The plan is begun",
        "three_year_plan",
        {"then": "begin", "title": "Next plan", "first_year": "2026"},
    ),
    "a priority is added to it": Deed(
        f"{YEARS}/priorities/new", "The plan is changed", "priority", {"title": "Safer roads", "group": "Places"}
    ),
    "an action is added to it": Deed(
        f"{YEARS}/lines/0",
        "The plan is changed",
        "plan_line",
        {"kind": "action", "text": "Speed watch", "serves": "group:Places", "owner": "Beat team", "status": "planned"},
    ),
    "an action is taken out of it": Deed(f"{YEARS}/lines/1/remove", "The line is taken out", "plan_line"),
    # Officers, for questionnaires
    "a draft is begun from a file": Deed(
        "/officer/questionnaires",
        "The first page",
        "questionnaire_draft",
        files={"file": ("made-up.yaml", QUESTIONNAIRE.encode())},
    ),
    "a question is changed": Deed(
        "/officer/questionnaires/drafts/1/pages/0/questions/0",
        "Did you see it?",
        "questionnaire_draft",
        {"revision": "{revision}", "text-en": "Did you see it?", "options-en": "yes: Yes\nno: No"},
    ),
    "a page is changed": Deed(
        "/officer/questionnaires/drafts/1/pages/0",
        "Another title",
        "questionnaire_draft",
        {"revision": "{revision}", "title-en": "Another title"},
    ),
    "a page is added": Deed(
        "/officer/questionnaires/drafts/1/change",
        "New page",
        "questionnaire_draft",
        {"revision": "{revision}", "what": "page", "kind": "single"},
    ),
    "what stands at its top is changed": Deed(
        "/officer/questionnaires/drafts/1/top",
        "Called otherwise",
        "questionnaire_draft",
        {"revision": "{revision}", "version": "2", "title-en": "Called otherwise"},
    ),
    "a file is written over": Deed(
        "/officer/questionnaires/drafts/1/source",
        "The first page",
        "questionnaire_draft",
        {"revision": "{revision}", "source": QUESTIONNAIRE},
    ),
    "a draft is kept": Deed(
        "/officer/questionnaires/drafts/1/keep", "It never changes from here on", "questionnaire_version"
    ),
    "a version is used in a wave": Deed(
        "/officer/questionnaires/versions/{kept}/use", "Later", "wave", {"wave": "residents-test/later"}
    ),
    "a wave is planned": Deed(
        "/officer/waves/new",
        "is planned from",
        "wave",
        {"questionnaire": "{kept}", **day("opens", LATER), **day("closes", LATER + timedelta(days=30))},
    ),
    "a planned wave gets other days": Deed(
        "/officer/waves/residents-test/later/dates",
        "now runs from",
        "wave",
        {**day("opens", LATER), **day("closes", LATER + timedelta(days=40))},
    ),
    "a wave is opened ahead of its first day": Deed("/officer/waves/residents-test/later/open", "is open", "wave"),
    "a version is cloned": Deed(
        "/officer/questionnaires/versions/{kept}/clone", "The first page", "questionnaire_draft"
    ),
    "a survey gets words in another language": Deed(
        f"/officer/waves/{RESIDENTS}/languages",
        "texts have words in Welsh now",
        "questionnaire_version",
        {"then": "import", "language": "cy"},
        files={"file": ("words.po", _welsh)},
    ),
    # Everybody, for their own account; at last, since they end what the others need
    "recovery codes are made": Deed("/account/recovery-codes", "they are not shown again", "user", by="clerk"),
    "a browser is signed out": Deed(
        "/account/sessions/{session}/end",
        "Signed out there",
        "signed_in",
        by="clerk",
        also_refused=("another clerk", "officer", "administrator"),
    ),
    "every other browser is signed out": Deed(
        "/account/sessions/end-others", "Signed out everywhere else", "signed_in", by="clerk"
    ),
    "a parish is handed over": Deed(
        f"/account/parishes/{GLEN}/hand-over",
        "Great Glen is handed over",
        "clerk_parish",
        {"email": "kibworth@example.org"},
        by="clerk",
    ),
    "a way in by mail is used": Deed(
        "/enter/{entry}",
        "Your parishes",
        "user",
        {"password": "harvest-lantern-quarry"},
        by="passer-by",
        instead="/enter/of-somebody-else",
    ),
}

OPEN_TO_ALL: dict[str, str] = {
    "resident.answer": "a draft opens by the browser's own key (tests/resident)",
    "resident.send": "a draft opens by the browser's own key (tests/resident)",
    "resident.finish": "a draft opens by the browser's own key (tests/resident)",
    "resident.keep_longer": "a draft opens by the browser's own key (tests/resident)",
    "resident.save": "a draft opens by the browser's own key (tests/resident)",
    "resident.mail_code": "a draft opens by the browser's own key (tests/resident)",
    "resident.come_back": "by a code that only the respondent holds (tests/resident)",
    "resident.withdraw": "by a reference that only the respondent holds (tests/resident)",
    "resident.news": "whoever answered may ask for news",
    "entering.ask": "the answer is the same for everybody (tests/people/test_links_by_mail.py)",
    "security.login": "signing in (tests/people/test_signing_in.py)",
    "security.logout": "signing out",
    "security.mf_recovery": "between password and door (tests/people/test_second_step.py)",
    "security.two_factor_setup": "between password and door (tests/people/test_second_step.py)",
    "security.two_factor_token_validation": "between password and door (tests/people/test_second_step.py)",
    "security.verify": "says again who one is; changes no row",
    "security.wan_signin": "the key in the device answers (tests/people/test_passkeys_browser.py)",
    "security.wan_signin_response": "the key in the device answers (tests/people/test_passkeys_browser.py)",
    "security.wan_register": "the key in the device answers (tests/people/test_passkeys_browser.py)",
    "security.wan_register_response": "the key in the device answers (tests/people/test_passkeys_browser.py)",
    "security.wan_delete": "one's own key (tests/people/test_passkeys_browser.py)",
}
"""Routes with no deed above, and why: nobody is refused there for who they are."""
