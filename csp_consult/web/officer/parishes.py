"""Parishes and their councils: which there are, who speaks for each, and what a change does before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from csp_consult import words
from csp_consult.db import db
from csp_consult.parishes import changes
from csp_consult.parishes.access import ParishError, clerks_of, end_access, hand_over, link_clerk
from csp_consult.parishes.bodies import Asked, asked_on, bodies_of, body_of, set_body
from csp_consult.parishes.changes import ChangeError, NewParish
from csp_consult.parishes.effects import Effect, councils_of_waves, effects, refuse_to_undo
from csp_consult.people.accounts import AccountError, find_account
from csp_consult.people.models import User
from csp_consult.places.lookup import areas, wards_of_parish
from csp_consult.places.models import Area
from csp_consult.places.populations import electorates
from csp_consult.typed_dates import DateError, read_date

JUST_ENDED = timedelta(days=366)
BODIES = {
    "council": "A council of its own",
    "meeting": "A parish meeting, without a council",
    "grouped": "One council together with another parish",
    "none": "Nobody: it is not asked",
}


@dataclass(frozen=True)
class Line:
    """One parish on the list."""

    parish: Area
    speaks: str
    clerks: Sequence[User]
    vacant: bool
    """Whether somebody should act for it, and nobody does."""


def parishes() -> str:
    """Every parish of today, with who speaks for it and who acts for it; what is to come and what has ended."""
    session, today = db.session(), date.today()
    asked, clerks = asked_on(session, today), clerks_of(session)
    own = {parish.code for parish in asked.councils}
    every = session.scalars(select(Area).where(Area.kind == "parish").order_by(Area.name)).all()
    return render_template(
        "officer/parishes.html",
        lines=[
            Line(one, _speaks(one, asked), clerks[one.code], one.code in own and not clerks[one.code])
            for one in areas(session, "parish", today)
        ],
        to_come=[one for one in every if one.valid_from and one.valid_from > today],
        ended=[one for one in every if one.valid_to and one.valid_to <= today],
    )


def new_parish() -> str | Response:
    """Make a parish, also in place of others: look at what that changes, then make it."""
    session, today = db.session(), date.today()
    errors: list[dict[str, str]] = []
    found: list[Effect] = []
    made: dict[str, Any] | None = None
    if request.method == "POST":
        before = councils_of_waves(session)
        try:
            asked = _asked_for()
            parish = changes.create(session, asked)
            found = effects(session, before, {parish.code, *asked.instead_of}, today)
            refuse_to_undo(found, "since")
            if request.form.get("then") == "make":
                session.commit()
                flash(f"{parish.name} is a parish from {words.day(asked.since)} on.", "success")
                return redirect(url_for(".parish_facts", parish_code=parish.code))
            made = _made(session, parish, asked)
        except ChangeError as error:
            errors, found = [{"field_id": error.field_id, "message": str(error)}], []
        session.rollback()
    return render_template(
        "officer/parish_new.html",
        given=request.form,
        chosen={field: request.form.getlist(field) for field in ("instead_of", "wards")},
        parishes=[_choice(one) for one in _replaceable(session, today)],
        wards=[_choice(one) for one in areas(session, "ward", today)],
        errors=errors,
        made=made,
        effects=found,
    )


def parish_facts(parish_code: str) -> str | Response:
    """One parish: its name, dates and clerks, and who speaks for it from which day on."""
    session = db.session()
    parish = session.get(Area, parish_code)
    if parish is None or parish.kind != "parish":
        abort(404)
    errors: list[dict[str, str]] = []
    found: list[Effect] | None = None
    if request.method == "POST":
        try:
            done, found = _change(session, parish)
        except ParishError as error:
            field = error.field_id if isinstance(error, ChangeError) else "body"
            errors = [{"field_id": field, "message": str(error)}]
        else:
            if done:
                session.commit()
                flash(done, "success")
                return redirect(url_for(".parish_facts", parish_code=parish.code))
        session.rollback()
    return _show(session, parish, errors, found)


def _change(session: Session, parish: Area) -> tuple[str, list[Effect] | None]:
    """Do what the form says; gives the sentence that says so, or, where it only looks, what would change."""
    form, today = request.form, date.today()
    match form.get("then"):
        case "rename":
            before, since = parish.name, _day("renamed", "day from which it has the name")
            changes.rename(session, parish, form.get("name", ""), since, today)
            return f"{before} is called {parish.name} now. A spreadsheet may still call it by the old name.", None
        case "give":
            return _give(session, parish), None
        case "vacant":
            user = _clerk(session, parish, "leaving")
            if user is None:
                raise ChangeError("leaving", "Choose the clerk who no longer acts for the parish.")
            end_access(session, parish.code, user)
            sentence = f"{user.name} no longer acts for {parish.name}."
            return f"{sentence} Drafts and history wait for the next clerk.", None
    before_all, since = councils_of_waves(session), _day("since", "day from which that holds")
    set_body(session, parish, form.get("body", ""), form.get("answers_with") or None, since=since)
    found = effects(session, before_all, {parish.code}, today)
    refuse_to_undo(found, "since")
    if form.get("then") == "keep":
        return f"It is kept who speaks for {parish.name} from {words.day(since)} on.", None
    return "", found


def _give(session: Session, parish: Area) -> str:
    """Let another clerk act for the parish, in place of the one chosen or beside whoever does."""
    address, leaving = request.form.get("email", "").strip(), _clerk(session, parish, "clerk")
    try:
        taking = find_account(session, address)
        if leaving is not None:
            hand_over(session, parish.code, old=leaving, new=taking)
            return f"{taking.name} acts for {parish.name} now, and {leaving.name} no longer does. The drafts stay."
        if not taking.active or not taking.may("clerk"):
            raise ParishError(f"{taking.email} is not an open account of a clerk, so cannot act for a parish.")
        link_clerk(session, taking.id, parish.code)
    except (AccountError, ParishError) as error:
        raise ChangeError("email", str(error)) from error
    return f"{taking.name} acts for {parish.name} now."


def _clerk(session: Session, parish: Area, field: str) -> User | None:
    """The clerk of the parish that a field of the form names."""
    typed = request.form.get(field, "")
    return next((one for one in clerks_of(session, [parish.code])[parish.code] if str(one.id) == typed), None)


def _show(session: Session, parish: Area, errors: list[dict[str, str]], found: list[Effect] | None) -> str:
    today = date.today()
    kind, answers_with = body_of(session, parish.code, today)
    asked = asked_on(session, today)
    names = dict(session.execute(select(Area.code, Area.name).where(Area.kind == "parish")).all())
    electorate = electorates(session, max(today, parish.valid_from or today)).get(parish.code)
    before = changes.predecessors(session, parish.code)
    return render_template(
        "officer/parish_facts.html",
        parish=parish,
        speaks=_speaks(parish, asked),
        kind=kind,
        answers_with=answers_with or "",
        bodies=[
            (body, BODIES[body.kind], names.get(body.answers_with or "")) for body in bodies_of(session, parish.code)
        ],
        kinds=[{"code": code, "text": text} for code, text in BODIES.items()],
        others=[("", "Choose a parish"), *((one.code, one.name) for one in asked.councils if one.code != parish.code)],
        wards=[ward.name for ward in wards_of_parish(session, parish.code, today)],
        electorate=electorate,
        before=[names[code] for code in before],
        after=[(one.code, one.name) for one in changes.successors(session, parish.code)],
        former=changes.former_names(session, parish.code),
        clerks=(clerks := clerks_of(session, [parish.code])[parish.code]),
        clerk_choices=[(str(clerk.id), clerk.name) for clerk in clerks],
        leaving=[{"code": str(clerk.id), "text": clerk.name} for clerk in clerks],
        given=request.form,
        errors=errors,
        messages={error["field_id"]: error["message"] for error in errors},
        effects=found,
    )


def _asked_for() -> NewParish:
    form = request.form
    typed = form.get("electors", "").replace(",", "").strip()
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise ChangeError("electors", "Enter the number of electors as a whole number, or leave it empty.")
    return NewParish(
        code=form.get("code", ""),
        name=form.get("name", ""),
        since=_day("since", "day from which the parish exists"),
        instead_of=tuple(form.getlist("instead_of")),
        wards=tuple(form.getlist("wards")),
        electors=int(typed) if typed else None,
    )


def _day(field: str, what: str) -> date:
    try:
        found = read_date(request.form, field, what)
    except DateError as error:
        raise ChangeError(field, str(error)) from error
    if found is None:
        raise ChangeError(field, f"Enter the {what}.")
    return found


def _made(session: Session, parish: Area, asked: NewParish) -> dict[str, Any]:
    """What the preview says of the parish itself, read before it is taken back."""
    electorate = electorates(session, asked.since).get(parish.code)
    return {
        "name": parish.name,
        "code": parish.code,
        "since": asked.since,
        "instead_of": [session.get_one(Area, code).name for code in asked.instead_of],
        "wards": [ward.name for ward in wards_of_parish(session, parish.code, asked.since)],
        "electorate": None
        if electorate is None
        else {"electors": electorate.electors, "source": electorate.source, "synthetic": electorate.synthetic},
        "clerks": [user.name for user in clerks_of(session, [parish.code])[parish.code]],
    }


def _speaks(parish: Area, asked: Asked) -> str:
    if parish not in (*asked.parishes, *asked.unasked):
        return "Nobody: it does not exist today"
    if parish.code in asked.answers_with:
        council = next(one for one in asked.parishes if one.code == asked.answers_with[parish.code])
        return f"Answers together with {council.name}"
    if parish.code in asked.meetings:
        return "A parish meeting"
    if parish in asked.unasked:
        return "Nobody to ask"
    members = [one.name for one in asked.spoken_for(parish.code)[1:]]
    return f"Its council, also for {words.listing(members)}" if members else "Its council"


def _replaceable(session: Session, today: date) -> Sequence[Area]:
    """Parishes that a new one may take the place of: those of today, and those just ended that are being divided."""
    lately = today - JUST_ENDED
    query = select(Area).where(Area.kind == "parish", Area.valid_to.is_(None) | (Area.valid_to > lately))
    return session.scalars(query.order_by(Area.name)).all()


def _choice(area: Area) -> dict[str, str]:
    return {"code": area.code, "text": f"{area.name} ({area.code})" if area.kind == "parish" else area.name}
