"""Random answers on random walks through random questionnaires, in the real application.

The path ends, Back then Next is where one was, and what is sent and counted is exactly the answers on the path.
"""

from datetime import date, timedelta
from itertools import count
from typing import Any

from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from questionnaire.made_questionnaires import answers, sound_sources
from resident.conftest import wave_of
from small_survey import SOURCE
from sqlalchemy import select
from sqlalchemy.orm import Session
from walker import Walker

from csp_consult.db import writing
from csp_consult.fieldwork import drafts, tally, waves
from csp_consult.fieldwork.counting import Counted
from csp_consult.fieldwork.counting import count as counting
from csp_consult.fieldwork.drafts import DraftContent, DraftKey
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.places.models import Area
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.path import on_path, path
from csp_consult.questionnaire.questions.base import Answer, Question
from csp_consult.questionnaire.store import store

TODAY = date.today()
_numbers = count(1)


def test_whoever_wanders_arrives_and_sends_exactly_the_answers_on_their_path(app: Flask) -> None:
    wave_of(app, SOURCE)
    with app.app_context(), writing() as session:
        session.add_all(Area(code=code, kind="ward", name=code, source="test") for code in ("E1", "E2"))

    @settings(max_examples=12, deadline=None, phases=(Phase.generate,))
    @given(st.data(), sound_sources())
    def wander(data: st.DataObject, source: str) -> None:
        number = next(_numbers)
        source = source.replace('"version": "1"', f'"version": "{number}"')
        with app.app_context(), writing() as session:
            opened(session, f"w{number}", source)
        _Wanderer(app, f"w{number}", source, data).wander()

    wander()


def opened(session: Session, slug: str, source: str) -> Wave:
    """A wave that asks it, open today."""
    survey = waves.find(session, "small/now").survey
    version = store(session, source, today=TODAY)
    closes_on = TODAY + timedelta(days=9)
    return waves.create(
        session, survey, slug, title=slug, questionnaire=version, opens_on=TODAY, cleared_on=TODAY, closes_on=closes_on
    )


class _Wanderer:
    """Somebody who answers at random, now and then goes back, and remembers what they said."""

    def __init__(self, app: Flask, slug: str, source: str, data: st.DataObject) -> None:
        self.app, self.slug, self.data = app, slug, data
        self.questionnaire = load(source)
        self.walker = Walker(app.test_client())
        self.address = f"/s/small/{slug}"
        self.walker.get(f"{self.address}/check")  # leads to the first page that is due
        self.said: dict[str, Answer] = {}

    def wander(self) -> None:
        self.walk()
        # Whoever changes their mind on every page takes others off the path, and brings some back.
        for page in self.questionnaire.pages:
            self.walker.get(f"{self.address}/questions/{page.id}")
            if self.walker.path.endswith(f"/{page.id}"):
                self.answer(goes_back=False)
        self.walker.get(f"{self.address}/check")
        self.walk()
        kept = on_path(self.questionnaire, self.said)
        assert self.draft().answers == self.said, "what fell off the path is kept"
        self.walker.submit()

        assert self.walker.path == f"{self.address}/thanks"
        with self.app.app_context(), writing() as session:
            wave = waves.find(session, f"small/{self.slug}")
            sent = session.scalars(select(Response).where(Response.wave_id == wave.id)).one()
            tally.fold_all(session, wave.id)
            assert sent.answers == kept
            assert tally.read(session, wave.id) == counting(self.questionnaire, [Counted(sent.cell, 1.0, kept)])

    def walk(self) -> None:
        """From the page that is shown to the check page."""
        steps = 0
        while not self.walker.path.startswith(f"{self.address}/check"):
            steps += 1
            # Each page is gone to and fro at most eight times, and asked again once for each page before it.
            assert steps <= 8 + len(self.questionnaire.pages) ** 2, "the path does not end"
            if self.data.draw(st.booleans()) and steps < 8:
                self.back_then_next()
            self.answer(goes_back=self.data.draw(st.booleans()) and steps < 8)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the page that is shown asks."""
        here = self.walker.path.partition("?")[0].rpartition("/")[2]
        (page,) = (page for page in path(self.questionnaire, self.said) if page.id == here)
        return page.questions

    def answer(self, *, goes_back: bool) -> None:
        """Put in something, or nothing, for each question, and go on or back."""
        fields: dict[str, Any] = {"form-go": "back"} if goes_back else {}
        for question in self.questions:
            self.said.pop(question.id, None)
            fields |= dict.fromkeys(question.fields())
            if question.fields() and self.data.draw(st.sampled_from([True, True, True, False])):
                answer = self.data.draw(answers(question))
                self.said[question.id] = answer
                fields |= question.fill(answer)
        self.walker.submit(fields)
        assert self.walker.errors == []
        if self.walker.path == self.address:  # back from the first page
            self.walker.get(f"{self.address}/check")

    def back_then_next(self) -> None:
        """Back and Next without touching anything leave somebody where they were, with what they had said."""
        if self.walker.path.endswith(f"/{path(self.questionnaire, self.said)[0].id}"):
            return
        before, shown = self.walker.path, self.walker.filled()
        self.walker.submit({"form-go": "back"})
        assert self.walker.path != before
        self.walker.submit()

        assert self.walker.path == before
        assert self.walker.filled() == shown

    def draft(self) -> DraftContent:
        """What the draft holds."""
        cookie = self.walker.client.get_cookie("draft", path=self.address)
        key = DraftKey.from_cookie(cookie.value if cookie else None)
        assert key is not None
        with self.app.app_context(), writing() as session:
            return drafts.load(session, key, waves.find(session, f"small/{self.slug}").id).content
