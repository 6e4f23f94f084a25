"""What people wrote: officers read it, sort it by a codeframe, and see the weighted themes."""

from datetime import date
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.fieldwork import coding
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.themes import themes
from csp_consult.reports.answer_tables import themes_table
from csp_consult.web.officer.door import base_rules, download, wave_called


def own_words(survey: str, wave: str) -> str | WerkzeugResponse:
    """The themes so far, the codeframe, and the next answer to code."""
    found = wave_called(survey, wave)
    questions = coding.text_questions(questionnaire_for(db.session(), found))
    question = request.args.get("question") or next(iter(questions), "")
    if question not in questions or found.survey.audience != "residents":
        raise FindingError("This wave asks residents nothing in their own words.")
    fault: coding.CodingError | None = None
    if request.method == "POST":
        try:
            _keep(found, question)
            db.session().commit()
        except coding.CodingError as error:
            db.session().rollback()
            fault = error
        else:
            return redirect(url_for(".own_words", survey=survey, wave=wave, question=question))
    return _page(found, questions, question, fault)


def own_words_csv(survey: str, wave: str) -> Response:
    """The themes as a file; no words are in it."""
    found = wave_called(survey, wave)
    return download(themes_table(themes(db.session(), found, request.args.get("question", ""), rules=base_rules())))


def _page(wave: Wave, questions: dict[str, str], question: str, fault: coding.CodingError | None) -> str:
    session = db.session()
    table, refusal = None, None
    try:
        finding = themes(session, wave, question, rules=base_rules())
        table = themes_table(finding) if finding.themes else None
    except NotYetError as error:
        finding, refusal = None, str(error)
    written = coding.own_words(session, wave, question)
    codes = coding.codeframe(session, wave.survey, question)
    changing = next((code for code in codes if str(code.id) == request.args.get("code")), None)
    asked_for = request.args.get("answer", "")
    present = next((one for one in written if str(one.response_id) == asked_for), written[0] if written else None)
    return render_template(
        "officer/own_words.html",
        wave=wave,
        question=question,
        questions=list(questions.items()),
        finding=finding,
        table=table,
        refusal=refusal,
        codes=codes,
        other_codes=[("", "No other code"), *((str(one.id), one.name) for one in codes if one is not changing)],
        changing=changing,
        written=written,
        waiting=sum(one.coded is None for one in written),
        present=present if present and (asked_for or present.coded is None) else None,
        chosen=present.coded.codes if present and present.coded else [],
        typed=request.form,
        errors=[{"field_id": fault.field_id, "message": str(fault)}] if fault else [],
        error_of={fault.field_id: str(fault)} if fault else {},
        synthetic=wave.synthetic,
    )


def _change(wave: Wave, question: str) -> None:
    """Change the code that the address names, or take it away."""
    session, form, survey = db.session(), request.form, wave.survey
    try:
        code, into = int(form.get("code", "")), int(form["into"]) if form.get("into") else None
    except ValueError:
        raise coding.CodingError("Choose a code of this question.", "into") from None
    if form["then"] == "change":
        name, description = form.get("name", ""), form.get("description", "")
        coding.change_code(session, survey, question, code, name=name, description=description)
        flash("The code is changed. What was coded by it stays.", "success")
        return
    coding.remove_code(session, survey, question, code, into)
    flash("The code is gone. Its answers went to the other code." if into else "The code is gone.", "success")


def _keep(wave: Wave, question: str) -> None:
    """Keep what the form says: a new code, or what was found in an answer."""
    session, form = db.session(), request.form
    if form.get("then") == "add":
        coding.add_code(
            session, wave.survey, question, name=form.get("name", ""), description=form.get("description", "")
        )
        flash("The code is in the codeframe.", "success")
        return
    if form.get("then") in {"change", "remove"}:
        _change(wave, question)
        return
    try:
        response_id, codes = UUID(form.get("response", "")), [int(code) for code in form.getlist("codes")]
    except ValueError:
        raise coding.CodingError("Choose codes of this question only.", "codes") from None
    coding.code_text(
        session,
        wave,
        question,
        response_id,
        codes,
        shareable=form.get("shareable") == "yes",
        by=current_user.email,
        today=date.today(),
    )
    flash("The answer is coded.", "success")
