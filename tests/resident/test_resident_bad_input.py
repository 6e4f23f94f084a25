"""Whatever is sent, at every type of question, gets a page in plain words that keeps what was typed.

Never a fault of ours, never half an answer in the draft, never a page skipped, never a response.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from journeys import JOURNEYS, TOGETHER, WRONG, all_stored, answer_to, everything, last_given, source_of
from resident.conftest import SURVEY, wave_of
from sqlalchemy import func, select
from walker import Walker
from werkzeug.datastructures import MultiDict

from csp_consult.db import writing
from csp_consult.fieldwork import drafts, waves
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.drafts import DraftContent, DraftKey
from csp_consult.fieldwork.models import Response
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.questions.words import tidied
from csp_consult.questionnaire.store import questionnaire_of

NAUGHTY = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "'; DROP TABLE response; --",
    "{{ 7 * 7 }} {% raw %} ${7*7} %s %(name)s {0} \\u0000",
    "\u202egnp.exe \u200b\ufeff",
    "nul \x00 bell \x07 half \ud83d end",
    "\uffff \ufffe",
    "Z̮̞̠͙͔ͅa̴͇l͖̟g̹͈o͚ \U0001f469\u200d\U0001f469\u200d\U0001f466 ﷽",
    "../../../etc/passwd%00 COM1 NUL",
    "=cmd|' /C calc'!A0",
    "undefined null NaN Infinity 1e309 -0 0x10 ١٢٣",
    "x" * 5_000,
    " \t\r\n ",
)


ONLY = f"{SURVEY}/questions/only"


def begun(app: Flask, feature: str) -> Walker:
    """Somebody at the page of a feature's small questionnaire."""
    wave_of(app, source_of(feature))
    resident = Walker(app.test_client())
    resident.get(ONLY)
    return resident


def open_fields(resident: Walker) -> list[str]:
    """The fields of the page that take any text."""
    return [str(one["name"]) for one in resident.page.select("main textarea, main input[type=text]")]


def choices(resident: Walker) -> list[str]:
    """The fields of the page in which something is chosen."""
    found = resident.page.select("main input[type=radio], main input[type=checkbox], main select")
    return list(dict.fromkeys(str(one["name"]) for one in found))


def draft_of(app: Flask, resident: Walker) -> DraftContent:
    """What the browser's draft holds; every answer in it must be a whole one that its question takes."""
    cookie = resident.client.get_cookie("draft", path=SURVEY)
    key = DraftKey.from_cookie(cookie.value if cookie else None)
    assert key is not None
    with app.app_context(), writing() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 0
        wave = waves.find(session, "small/now")
        content = drafts.load(session, key, wave.id).content
        questions = questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id)).questions
        context = context_for(session, questions.values(), wave.opens_on)
        for question_id, answer in content.answers.items():
            form = MultiDict((name, one) for name, all_ in questions[question_id].fill(answer).items() for one in all_)
            assert questions[question_id].parse(form, context) == answer
    return content


def _sent(text: str) -> str:
    """What of a text goes over the wire: there are no halves of characters in UTF-8."""
    return text.encode("utf-8", "ignore").decode()


def _plain(text: str) -> str:
    """A text as it is compared: a page shows a NUL as a mark, and a line break in a line as nothing."""
    return " ".join(tidied(text.replace("\ufffd", "")).split())


def refused(app: Flask, resident: Walker, sent: Mapping[str, Any], before: DraftContent) -> None:
    """The page says what is wrong, shows what was put in, keeps none of it as an answer, and is not skipped."""
    assert resident.status == 422
    assert resident.path.partition("?")[0] == ONLY
    assert resident.errors
    shown = resident.filled()
    for name in open_fields(resident):
        assert _plain(shown[name]) == _plain(_sent(sent.get(name, ""))), name
    after = draft_of(app, resident)
    assert after.answers == before.answers
    assert "only" not in after.seen


@pytest.mark.parametrize("feature", [one for one in TOGETHER if one in WRONG and one != "single"])
def test_naughty_strings_in_every_open_field(app: Flask, feature: str) -> None:
    resident = begun(app, feature)
    for text in NAUGHTY:
        resident.get(ONLY)
        before = draft_of(app, resident)
        sent = {**last_given(feature), **dict.fromkeys(open_fields(resident), _sent(text))}
        resident.submit(sent)

        assert not resident.page.select("main script, main img")
        if resident.status != 200:
            refused(app, resident, sent, before)
            continue
        assert resident.path == f"{SURVEY}/check"
        draft_of(app, resident)
        resident.get(ONLY)
        for name in open_fields(resident):
            assert _plain(resident.filled()[name]) == _plain(_sent(text)), name


@pytest.mark.parametrize("feature", TOGETHER)
def test_options_that_are_not_there_or_two_where_one_is_asked(app: Flask, feature: str) -> None:
    resident = begun(app, feature)
    before = draft_of(app, resident)
    for name in choices(resident):
        for wrong in ("<b>nonsense", "\x00", "x" * 70_000, ["dont_know", "nonsense"]):
            sent = {**last_given(feature), name: wrong}
            resident.submit(sent)
            refused(app, resident, sent, before)


@pytest.mark.parametrize("feature", [one for one in TOGETHER if one in WRONG and one not in {"rank", "single"}])
@pytest.mark.parametrize("length", [70_000, 1_000_000])
def test_a_very_long_text_is_refused_in_words_and_is_still_there(app: Flask, feature: str, length: int) -> None:
    resident = begun(app, feature)
    before = draft_of(app, resident)
    sent = {**last_given(feature), open_fields(resident)[-1]: "x" * length}

    resident.submit(sent)
    refused(app, resident, sent, before)

    # Going back keeps it too: in the draft, or on the page where it is more than a draft takes.
    resident.submit({"form-go": "back"})
    if resident.status == 200:
        resident.get(ONLY)
    assert resident.filled()[open_fields(resident)[-1]] == "x" * length
    resident.get(f"{SURVEY}/check")
    assert resident.path == ONLY


@pytest.mark.parametrize("feature", TOGETHER)
def test_a_mangled_token_is_refused_in_words_and_what_was_put_in_stays(app: Flask, feature: str) -> None:
    resident = begun(app, feature)
    sent = last_given(feature)

    for token in ("", "mangled", "x" * 10_000, "é\x00", ["two", "of them"], None):
        resident.submit({**sent, "csrf_token": token})
        assert resident.status == 400
        assert "could not tell" in resident.errors[0]
        assert draft_of(app, resident) == DraftContent()
        for name, value in sent.items():
            shown = resident.filled().get(name, "")
            if isinstance(shown, list):
                assert set(shown) == set([value] if isinstance(value, str) else value)
            else:
                assert _plain(shown) == _plain(value)

    resident.submit()
    assert resident.path == f"{SURVEY}/check"
    assert draft_of(app, resident).answers == JOURNEYS[feature].stored


@pytest.fixture
def survey(app: Flask) -> str:
    """An open wave that asks one page for every type."""
    return wave_of(app, everything())


def test_forged_fields_change_nothing_but_their_own_page(app: Flask, survey: str) -> None:
    resident = Walker(app.test_client())
    resident.get(f"{survey}/questions/{TOGETHER[0]}")
    forged = {"form-go": "//evil.example", "form-came": "//evil.example", "form-was": "=\x00 a=b=c =", "mode": "paper"}
    others = {name: value for feature in TOGETHER for name, value in answer_to(feature).items()}
    for feature in TOGETHER:
        here = [name for name in others if name.startswith(f"{feature}_")]
        theirs = {name: "forged" for name in others if name not in here}

        resident.submit({**others, **theirs, **forged, "answers": "{}", "seen": "check", "folded": "1"})

        assert resident.errors == []
        asked = {one for one in draft_of(app, resident).answers if not one.startswith(tuple(_until(feature)))}
        assert asked == set()
    assert resident.path == f"{survey}/check"
    assert draft_of(app, resident).answers == all_stored()


def _until(feature: str) -> list[str]:
    return [f"{one}_" for one in TOGETHER[: TOGETHER.index(feature) + 1]]


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
BODIES: dict[str, tuple[str, bytes]] = {
    "invalid UTF-8, quoted": (FORM, b"csrf_token=TOKEN&comment=%ff%fe%C3%28%ED%A0%80"),
    "invalid UTF-8, raw": (FORM, b"csrf_token=TOKEN&comment=\xff\xfe\xc3("),
    "in UTF-16": (FORM, "csrf_token=TOKEN&comment=words".encode("utf-16")),
    "in parts, invalid UTF-8": (
        PARTS,
        (
            b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nTOKEN\r\n'
            b'--b\r\nContent-Disposition: form-data; name="comment"\r\n\r\n\xff\xfe\r\n--b--\r\n'
        ),
    ),
    "in parts, cut short": (PARTS, b'--b\r\nContent-Disposition: form-data; name="csrf_tok'),
    "in parts, a file where words are asked": (
        PARTS,
        (
            b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nTOKEN\r\n'
            b'--b\r\nContent-Disposition: form-data; name="comment"; filename="a"\r\n\r\nwords\r\n--b--\r\n'
        ),
    ),
    "in parts without a boundary": ("multipart/form-data", b"--b\r\n"),
    "as JSON": ("application/json", b'{"csrf_token": "TOKEN", "comment": ["words"]}'),
    "nothing at all": (FORM, b""),
    "ten thousand fields": (FORM, b"csrf_token=TOKEN" + b"&comment=x" * 10_000),
    "a charset nobody has": (f"{FORM}; charset=x-nobody", b"csrf_token=TOKEN&comment=words"),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_form_that_no_browser_sends_is_answered_in_words(app: Flask, body: str) -> None:
    resident = begun(app, "text")
    kind, sent = BODIES[body]
    token = str(resident.filled()["csrf_token"]).encode()

    answer = resident.client.post(ONLY, data=sent.replace(b"TOKEN", token), content_type=kind, follow_redirects=True)

    assert answer.status_code in {200, 400, 413, 422}
    assert answer.mimetype == "text/html"
    assert "<h1" in answer.text
    draft_of(app, resident)


VALUES = st.text(max_size=60) | st.sampled_from(NAUGHTY) | st.lists(st.text(max_size=5), max_size=3)


def test_anything_at_all_in_any_fields_of_any_page(app: Flask, survey: str) -> None:
    resident = Walker(app.test_client())
    resident.get(f"{survey}/questions/{TOGETHER[0]}")
    names: dict[str, list[str]] = {}
    for feature in TOGETHER:
        names[feature] = sorted({*resident.filled(), *choices(resident)})
        resident.submit(answer_to(feature))

    @settings(max_examples=40, deadline=None)
    @given(st.data(), st.sampled_from(TOGETHER))
    def sent(data: st.DataObject, feature: str) -> None:
        fields = data.draw(st.dictionaries(st.sampled_from(names[feature]), VALUES))
        resident.get(f"{SURVEY}/questions/{feature}")
        resident.submit(
            {
                name: [_sent(one) for one in value] if isinstance(value, list) else _sent(value)
                for name, value in fields.items()
            }
        )

        assert resident.status in {200, 400, 422}
        assert bool(resident.errors) == (resident.status != 200)
        assert not resident.page.select("main script, main img")
        draft_of(app, resident)

    sent()
