"""A served site under load while its processes are killed and its disk fills; and the books afterwards."""

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from small_survey import make_wave
from sqlalchemy import create_engine, select

from csp_consult.app import create_app
from csp_consult.db import Base, db, writing
from csp_consult.fieldwork import tally
from csp_consult.fieldwork.models import Response
from csp_consult.settings import Settings

HERE = Path(__file__).parent
Troubles = dict[str, Callable[[], None]]
ADDRESS = "/s/small/now"
SOURCE = """
questionnaire: small
version: "1"
title: A small survey
organisation: The Partnership
audience: residents
minutes: 1
intro: {purpose: To test., decides: Nobody., after: Nothing.}
cell: {age: age}
pages:
  - page: all
    title: All
    questions:
      - {id: mark, kind: short_text, text: Mark}
      - id: problem
        kind: grid
        text: How much of a problem is each of these here?
        rows: {speeding: Speeding, asb: Anti-social behaviour, fly-tipping: Fly-tipping}
        options: {big: Very big, little: Not very big}
        concern: {kind: problem share, counts: [big]}
      - id: age
        kind: single
        text: How old are you?
        options: {16-24: 16 to 24, 25-34: 25 to 34, pns: {text: Prefer not to say, role: prefer_not}}
"""
PATIENCE = 90.0
"""Seconds that a respondent goes on trying one page."""


class GaveUpError(RuntimeError):
    """A page could not be had within ``PATIENCE``."""


def prepare(url: str) -> None:
    """Every table, and an open wave that asks SOURCE."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    app, today = create_app(Settings(database_url=url)), date.today()
    with app.app_context():
        with writing() as session:
            make_wave(session, "now", source=SOURCE, opens_on=today, closes_on=today + timedelta(days=9))
        db.engine.dispose()


@dataclass
class Respondent:
    """A browser that tries again whatever fails, as people do, and now and then sends twice."""

    port: int
    cookie: str = ""
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    """What went wrong and was tried again."""

    def submit(self, mark: str) -> str:
        """Answer everything and send it; returns the reference that was shown. Raises GaveUpError."""
        page = self._ask("GET", f"{ADDRESS}/questions/all")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token, page
        answers = {f"problem.{row}": random.choice(["big", "little"]) for row in ("speeding", "asb", "fly-tipping")}
        form = {"csrf_token": token[1], "mark": mark, "age": random.choice(["16-24", "25-34"]), **answers}
        self._ask("POST", f"{ADDRESS}/questions/all", form)
        reference = self._send(token[1])
        if random.random() < 0.25:
            assert self._send(token[1]) == reference
        return reference

    def _send(self, token: str) -> str:
        self._ask("POST", f"{ADDRESS}/check", {"csrf_token": token})
        page = self._ask("GET", f"{ADDRESS}/thanks")
        shown = re.search(r"Your reference: (?:<[^>]*>)?([\w-]+)", page)
        assert shown, page
        return shown[1]

    def _ask(self, method: str, address: str, form: dict[str, str] | None = None) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status, text = self._once(method, address, form)
                if status < 500:
                    return text
                self.failures.append(f"{method} {address}: {status}")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{method} {address}: {type(error).__name__}")
            time.sleep(random.uniform(0.05, 0.3))
        raise GaveUpError(address)

    def _once(self, method: str, address: str, form: dict[str, str] | None) -> tuple[int, str]:
        self.requests += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Cookie": self.cookie} if self.cookie else {}
            if form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, address, urlencode(form) if form is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            given = answer.getheader("Set-Cookie", "")
            if given.startswith("draft="):
                self.cookie = given.partition(";")[0]
            return answer.status, text
        finally:
            connection.close()


@dataclass
class Site:
    """gunicorn with two workers, and a process that folds, on one database."""

    url: str
    folder: Path
    port: int = field(init=False)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.full = self.folder / "full"
        self.log = (self.folder / "site.log").open("ab")
        self.environment = os.environ | {
            "CSP_DATABASE_URL": self.url,
            "CSP_TEST_DISK_FULL": str(self.full),
            "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}",
        }
        options = ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "4", "--preload"]
        self.server = self._start("-m", "gunicorn", *options, "failing_site:app")
        self.folding = self._start(HERE / "failing_folding.py")

    def _start(self, *arguments: object) -> "subprocess.Popen[bytes]":
        command = [sys.executable, *map(str, arguments)]
        return subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)

    def kill_worker(self) -> None:
        """SIGKILL one of gunicorn's workers, which its master replaces."""
        _kill_child(self.server.pid)

    def kill_folding(self) -> None:
        """SIGKILL the process that folds, which its parent replaces."""
        _kill_child(self.folding.pid)

    def stop(self) -> None:
        """End everything that was started."""
        self.folding.kill()
        self.folding.wait()
        self.server.terminate()
        try:
            self.server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.log.close()


@dataclass
class Books:
    """What was acknowledged, and what is stored."""

    acknowledged: int
    lost: int
    doubled: int
    equal: bool
    troubles: Counter[str]

    def line(self) -> str:
        """The one line that says it."""
        tally_is = "equal" if self.equal else "NOT EQUAL"
        return f"acknowledged {self.acknowledged}, lost {self.lost}, doubled {self.doubled}, tally {tally_is}"


def endure(
    url: str,
    folder: Path,
    *,
    submissions: int,
    troubles: Troubles,
    pause: tuple[float, float],
    least: int,
    respondents: int = 6,
) -> Books:
    """Have respondents submit so many responses while one trouble after the other befalls the site.

    ``troubles`` are those of the database, which put it right themselves before they return; the site's own are
    added. ``pause`` bounds the seconds between two; ``least`` of them happen in all, evenly over the submissions, which
    wait for them: a quick site is tried as hard as a slow one.
    """
    with served(url, folder) as site:
        ordeal = _Ordeal(site, submissions, troubles, pause, least)
        ordeal.run(respondents)
        assert not ordeal.failures, [repr(failure) for failure in ordeal.failures]
        site.folding.kill()
        site.folding.wait()
        return _audited(url, ordeal.acknowledged, ordeal.happened)


class _Ordeal:
    """Respondents and troubles at the same time."""

    def __init__(
        self, site: Site, submissions: int, troubles: Troubles, pause: tuple[float, float], least: int
    ) -> None:
        self.site = site
        self.wanted = iter(range(submissions))
        self.submissions, self.least = submissions, least
        self.troubles = {"worker killed": site.kill_worker, "folding killed": site.kill_folding, **troubles}
        self.pause = pause
        self.acknowledged: list[str] = []
        self.happened: Counter[str] = Counter()
        self.failures: list[BaseException] = []
        self.done, self.taking = threading.Event(), threading.Lock()

    def run(self, respondents: int) -> None:
        """Until every submission is acknowledged. Whatever a respondent or a trouble raised is in ``failures``."""
        people = [threading.Thread(target=self._kept, args=(self._respond,)) for _ in range(respondents)]
        troubler = threading.Thread(target=self._kept, args=(self._trouble,))
        for thread in (*people, troubler):
            thread.start()
        for thread in people:
            thread.join()
        self.done.set()
        troubler.join()

    def _kept(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            self.failures.append(failure)

    def _respond(self) -> None:
        while True:
            with self.taking:
                number = next(self.wanted, None)
            if number is None:
                return
            while self.happened.total() < (number + 1) * self.least // self.submissions and not self.failures:
                time.sleep(0.01)
            self.acknowledged.append(Respondent(self.site.port).submit(f"mark {number}"))

    def _trouble(self) -> None:
        while True:
            for name in random.sample(list(self.troubles), len(self.troubles)):
                if self.done.wait(random.uniform(*self.pause)):
                    return
                self.troubles[name]()
                self.happened[name] += 1


def _audited(url: str, acknowledged: list[str], troubles: Counter[str]) -> Books:
    """Count what is stored, and hold the tally against one made anew."""
    app = create_app(Settings(database_url=url))
    with app.app_context():
        with writing() as session:
            stored = session.execute(select(Response.wave_id, Response.reference, Response.answers)).all()
            wave_id = stored[0].wave_id
            tally.fold_all(session, wave_id)
            folded = tally.read(session, wave_id)
            counted = tally.rebuild(session, wave_id)
            again = tally.read(session, wave_id)
        db.engine.dispose()
    marks = Counter(row.answers["mark"] for row in stored)
    return Books(
        acknowledged=len(acknowledged),
        lost=len(set(acknowledged) - {row.reference for row in stored}),
        doubled=sum(times - 1 for times in marks.values()) + len(acknowledged) - len(set(acknowledged)),
        equal=folded == again and counted == len(stored) == sum(counts.n for counts in folded.values()),
        troubles=troubles,
    )


def _kill_child(parent: int) -> None:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    if children:
        with suppress(ProcessLookupError):
            os.kill(int(random.choice(children)), signal.SIGKILL)


@contextmanager
def served(url: str, folder: Path) -> Iterator[Site]:
    """The site on that database, until the block ends."""
    site = Site(url, folder)
    try:
        yield site
    finally:
        site.stop()
