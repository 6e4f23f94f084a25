"""Everything that can be asked or sent, with what no person would send: never a fault of ours, nothing half stored."""

import random
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from parish_world import GLEN, WAVE
from walker import Walker
from werkzeug.test import TestResponse
from whole_site import UNSAFE, Call, begun, calls, differences, furnish, mark_for, shows_a_fault, signed_in, stored

from csp_consult.web.permissions import PERMISSIONS

MARK = "naughty-mark"
"""An element that stands in no page of ours."""
NAUGHTY = (
    f"<{MARK}>\"'></textarea></title><script>alert(1)</script>",
    f'"><img src=x onerror=alert(1)><{MARK}>',
    "'; DROP TABLE response; -- \" OR 1=1",
    "{{ 7 * 7 }}{% for x in (1, 2) %}${7*7}#{7*7}",
    "\u202e\u0000\ufeff\u200b\ud7ff\U0010ffff",
    "\x00",
    "%00%0d%0aSet-Cookie: a=b",
    "../../../../etc/passwd",
    '=HYPERLINK("http://192.0.2.1")',
    "9" * 400,
    "-1e309",
    "NaN",
    "2027-02-31",
    "0x10, 1_000",
    "١٢٣",
    "x" * 70_000,
    "",
    " ",
    '{"a": [[[[[[1]]]]]]}',
    "http://192.0.2.1/",
)
ODD_BODIES: tuple[Callable[[str], dict[str, object]], ...] = (
    lambda mark: {"data": b"\xff\xfe%zz&=&=" + mark.encode(), "content_type": "application/x-www-form-urlencoded"},
    lambda mark: {
        "data": f"csrf_token={mark}&a=%ff%fe&b=%00".encode(),
        "content_type": "application/x-www-form-urlencoded",
    },
    lambda mark: {
        "data": b"--x\r\nContent-Disposition: form-data; name=",
        "content_type": "multipart/form-data; boundary=x",
    },
    lambda mark: {"data": b'{"a": ', "content_type": "application/json"},
    lambda mark: {
        "data": f"csrf_token={mark}&" + "&".join(f"f{n}=1" for n in range(2_000)),
        "content_type": "application/x-www-form-urlencoded",
    },
    lambda mark: {"data": f"csrf_token={mark}", "content_type": "application/x-www-form-urlencoded; charset=utf-7"},
)


@pytest.fixture
def site(app: Flask) -> Flask:
    furnish(app)
    return app


class Prober:
    """Somebody of each role who sends nonsense, drawn from a seed, so that what is found can be found again."""

    def __init__(self, site: Flask, seed: int) -> None:
        self.site = site
        self.draw = random.Random(seed)
        resident = begun(site)
        self.clients: dict[str, FlaskClient] = {
            "anyone": resident.client,
            "clerk": signed_in(site, "clerk"),
            "administrator": signed_in(site, "administrator"),
        }
        self.marks = {role: mark_for(client) for role, client in self.clients.items()}

    def probe(self, call: Call) -> None:
        """Call it with nonsense, once as it is called and once with an address that names nothing."""
        roles = PERMISSIONS[call.endpoint]
        role = next((role for role in ("anyone", "administrator", "clerk") if role in roles), None)
        if role is None:
            return
        client = self.clients[role]
        before = stored(self.site) if call.method in UNSAFE else {}
        for path in (call.path, self.elsewhere(call.path)):
            answer = self.send(client, call, path, role)
            text = answer.get_data().decode("utf-8", "replace")
            assert answer.status_code < 500, (call, path, answer.status_code)
            assert not shows_a_fault(text), (call, path)
            assert f"<{MARK}" not in text, (call, path)
            if call.method in UNSAFE and answer.status_code >= 400:
                left = {
                    table: rows for table, rows in differences(before, stored(self.site)).items() if table != "draft"
                }
                assert left == {}, (call, "is refused and leaves something", left)
            answer.close()
            before = stored(self.site) if call.method in UNSAFE else {}

    def send(self, client: FlaskClient, call: Call, path: str, role: str) -> TestResponse:
        query = "&".join(
            f"{name}={quote(self.one(), errors='replace')[:6_000]}" for name in ("page", "by", "topic", "next")
        )
        if call.method not in UNSAFE:
            return client.open(f"{path}?{query}", method=call.method)
        mark = self.marks[role]
        if self.draw.random() < 0.25:
            return client.open(path, method=call.method, **self.draw.choice(ODD_BODIES)(mark))  # type: ignore[arg-type]
        return client.open(path, method=call.method, data=self.form(client, path, mark))

    def form(self, client: FlaskClient, path: str, mark: str) -> dict[str, str]:
        """The fields that the page of this address has, and some that none has; most of them nonsense."""
        page = client.get(path).get_data().decode("utf-8", "replace")
        names = re.findall(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"', page)
        values = dict(re.findall(r'<input\b[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', page))
        sent = {name: self.one() if self.draw.random() < 0.7 else values.get(name, "1") for name in names}
        sent |= {
            "email": self.one(),
            "name": self.one(),
            "words": self.one(),
            "code": self.one(),
            "reference": self.one(),
        }
        return {**sent, "csrf_token": values.get("csrf_token", mark)}

    def one(self) -> str:
        return self.draw.choice(NAUGHTY)

    def elsewhere(self, path: str) -> str:
        """The address with one of its parts replaced."""
        parts = path.split("/")
        place = self.draw.randrange(1, len(parts))
        parts[place] = quote(self.one().replace("/", "")[:500] or "x", errors="replace")
        return "/".join(parts)


def probed(site: Flask, seed: int) -> None:
    prober = Prober(site, seed)
    every = list(calls(site))
    assert len(every) > 200
    for call in every:
        prober.probe(call)


def test_whatever_is_sent_anywhere_is_no_fault_of_ours_and_leaves_nothing_half_written(site: Flask) -> None:
    probed(site, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 32))
def test_however_often_it_is_tried_nothing_is_a_fault_of_ours(site: Flask, seed: int) -> None:
    probed(site, seed)


def test_no_words_of_anybody_become_part_of_a_page(site: Flask) -> None:
    words = f"</p></textarea>\"'><{MARK}>{{{{ 7 * 7 }}}}"
    clerk, administrator = Walker(signed_in(site, "clerk")), Walker(signed_in(site, "administrator"))
    here = f"/clerk/{GLEN}/{WAVE}"
    for page, fields in (("police", {"met_police": "met"}), ("meeting", {"meeting_note": words})):
        clerk.get(f"{here}/page/{page}")
        clerk.submit(fields)
    clerk.get(f"{here}/comments")
    clerk.submit(button="Make a link")
    councillor = Walker(site.test_client())
    councillor.get(re.search(r"/councillors/[\w-]+", clerk.text)[0])  # type: ignore[index]  # the link is shown
    councillor.submit({"name": words[:60], "words": words})
    administrator.get("/officer/accounts/invite")
    administrator.submit({"email": "new@example.org", "name": words[:60], "role": "clerk"})

    shown = 0
    for walker in (clerk, administrator):
        for call in calls(site):
            if call.method == "GET":
                answer = walker.client.get(call.path)
                text = answer.get_data().decode("utf-8", "replace") if answer.mimetype == "text/html" else ""
                assert f"<{MARK}" not in text, call
                shown += f"&lt;{MARK}" in text
                answer.close()
    assert shown >= 3, "the words are shown, as words"
