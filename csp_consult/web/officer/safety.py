"""Feeling safe against the rate: every ward or beat beside the district, on both sides."""

from flask import Response, render_template, request, url_for

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.findings.safety_gaps import SafetyGapsFinding, safety_gaps, safety_measures
from csp_consult.reports.gap_tables import safety_table
from csp_consult.web.officer.door import base_rules, download
from csp_consult.web.officer.typology import wave_or_refusal

_MEANING = {
    "reassure": "people feel less safe than in the district as a whole, while less is recorded",
    "alert": "people feel safer than in the district as a whole, while more is recorded",
    "act": "people feel less safe than in the district as a whole, and more is recorded",
    "maintain": "people feel safer than in the district as a whole, and less is recorded",
}
_KINDS = {"ward": "By ward", "beat": "By beat"}


def safety() -> str:
    """Every area with both sides, and what follows for it."""
    found = _found()
    wave = wave_or_refusal()
    asked = questionnaire_for(db.session(), wave)
    return render_template(
        "officer/safety.html",
        found=found,
        readings=_readings(found),
        waves=[(one.key, one.title) for one in waves.listed(db.session(), audience="residents")],
        questions=[(one.question, asked.question(one.question).text()) for one in safety_measures(db.session(), wave)],
        kinds=list(_KINDS.items()),
        reasons=list(dict.fromkeys(reason for one in found.areas for reason in one.grade.reasons)),
        table=safety_table(found),
        csv=url_for(".safety_csv", wave=found.wave, question=found.question, by=found.by, topic=found.topic),
        synthetic=found.synthetic,
    )


def safety_csv() -> Response:
    """The same figures as a file."""
    return download(safety_table(_found()))


def _found() -> SafetyGapsFinding:
    by = request.args.get("by", "ward")
    return safety_gaps(
        db.session(),
        wave_or_refusal(),
        request.args.get("question"),
        by if by in _KINDS else "ward",
        topic=request.args.get("topic") or None,
        rules=base_rules(),
    )


def _readings(found: SafetyGapsFinding) -> list[str]:
    """What follows in sentences; why nothing does."""
    if found.reason:
        return [f"Cannot be compared: {found.reason}"]
    said = []
    for classification, meaning in _MEANING.items():
        named = [one.title for one in found.areas if one.gap and one.gap.classification == classification]
        if named:
            said.append(f"{classification.capitalize()}: in {words.listing(named)} {meaning}.")
    return said or ["No area differs from the district in both beyond chance, so nothing follows for any."]
