"""The officers' door: fieldwork, rankings, gaps, the record, and the communication plan.

Its pages load statistics, which takes seconds and much memory. They are therefore imported when first opened:
neither a resident's answer nor a command that lists waves waits for them.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Blueprint, g, render_template, request

from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.web.officer.navigation import links

blueprint = Blueprint("officer", __name__, url_prefix="/officer")

# Module of this package: the views in it, each with its address. An address ending in .csv is a download, which is to
# be had as .xlsx and .json too.
VIEWS = {
    "home": {"home": "/"},
    "answers": {"answers": "/answers"},
    "first_wave": {"new_wave": "/waves/new", "open_wave": "/waves/<survey>/<wave>/open"},
    "fieldwork": {
        "fieldwork": "/waves/<survey>/<wave>/fieldwork",
        "fieldwork_csv": "/waves/<survey>/<wave>/fieldwork.csv",
    },
    "board": {
        "board_csv": "/waves/<survey>/<wave>/parishes.csv",
        "remind": "/waves/<survey>/<wave>/parishes/remind",
    },
    "parish": {
        "parish": "/waves/<survey>/<wave>/parishes/<parish_code>",
        "parish_time": "/waves/<survey>/<wave>/parishes/<parish_code>/time",
        "parish_file": "/waves/<survey>/<wave>/parishes/<parish_code>/files/<int:version>",
    },
    "parishes": {
        "parishes": "/parishes",
        "new_parish": "/parishes/new",
        "parish_facts": "/parishes/<parish_code>",
    },
    "batches": {
        "batches": "/waves/<survey>/<wave>/forms",
        "batch": "/waves/<survey>/<wave>/forms/<int:batch_id>",
    },
    "keying": {
        "key_form": "/waves/<survey>/<wave>/forms/<int:batch_id>/key",
        "key_form_again": "/waves/<survey>/<wave>/forms/<int:batch_id>/again",
        "form_differences": "/waves/<survey>/<wave>/forms/<int:batch_id>/differences/<int:number>",
    },
    "paper_reply": {"paper_reply": "/waves/<survey>/<wave>/parishes/<parish_code>/paper"},
    "ranking": {
        "ranking": "/waves/<survey>/<wave>/ranking",
        "ranking_csv": "/waves/<survey>/<wave>/ranking.csv",
    },
    "crosstab": {
        "crosstab": "/waves/<survey>/<wave>/crosstab",
        "crosstab_csv": "/waves/<survey>/<wave>/crosstab.csv",
    },
    "releases": {
        "releases": "/waves/<survey>/<wave>/releases",
        "release_csv": "/waves/<survey>/<wave>/releases/<int:release_id>.csv",
    },
    "own_words": {
        "own_words": "/waves/<survey>/<wave>/words",
        "own_words_csv": "/waves/<survey>/<wave>/words.csv",
    },
    "response_file": {"response_file": "/waves/<survey>/<wave>/responses"},
    "care": {"to_read": "/to-read"},
    "translations": {
        "translations": "/waves/<survey>/<wave>/languages",
        "translations_file": "/waves/<survey>/<wave>/languages.<ending>",
    },
    "trends": {"trend": "/surveys/<survey>/trend", "trend_csv": "/surveys/<survey>/trend.csv"},
    "blend": {"blend": "/blend", "blend_csv": "/blend.csv"},
    "gaps": {"gaps": "/gaps", "gaps_csv": "/gaps.csv", "gap": "/gap", "gap_csv": "/gap.csv"},
    "typology": {"typology": "/gaps/all", "typology_csv": "/gaps/all.csv"},
    "places": {"places": "/gaps/places", "places_csv": "/gaps/places.csv"},
    "safety": {"safety": "/gaps/safety", "safety_csv": "/gaps/safety.csv"},
    "planning": {"planning": "/gap/planning", "planning_csv": "/gap/planning.csv"},
    "audiences": {"audiences": "/gap/audiences", "audiences_csv": "/gap/audiences.csv"},
    "published": {"published": "/published", "published_csv": "/published.csv"},
    "published_files": {"import_published": "/published/import", "import_surveys": "/published/surveys"},
    "recorded": {
        "recorded": "/record",
        "recorded_csv": "/record.csv",
        "recorded_spans_csv": "/record/spans.csv",
        "placing": "/record/placing",
        "placing_csv": "/record/placing.csv",
    },
    "drawings": {
        "drawing_svg": "/drawings/<key>.svg",
        "drawing_png": "/drawings/<key>.png",
        "drawing_json": "/drawings/<key>.json",
    },
    "recording_note": {"recording_note": "/record/note"},
    "place_files": {"import_places": "/places/import"},
    "record_files": {"import_record": "/record/import", "recorded_import": "/record/imports/<int:import_id>"},
    "sheets": {"new_sheet": "/record/sheet", "sheet": "/record/sheets/<int:sheet_id>"},
    "questionnaires": {
        "questionnaires": "/questionnaires",
        "questionnaire_version": "/questionnaires/versions/<int:version_id>",
        "questionnaire_clone": "/questionnaires/versions/<int:version_id>/clone",
        "questionnaire_use": "/questionnaires/versions/<int:version_id>/use",
        "questionnaire_file": "/questionnaires/versions/<int:version_id>/file/<form>",
        "questionnaire_compare": "/questionnaires/compare",
    },
    "questionnaire_drafts": {
        "questionnaire_draft": "/questionnaires/drafts/<int:draft_id>",
        "questionnaire_question": "/questionnaires/drafts/<int:draft_id>/pages/<int:page>/questions/<int:place>",
        "questionnaire_page": "/questionnaires/drafts/<int:draft_id>/pages/<int:page>",
        "questionnaire_change": "/questionnaires/drafts/<int:draft_id>/change",
        "questionnaire_source": "/questionnaires/drafts/<int:draft_id>/source",
        "questionnaire_keep": "/questionnaires/drafts/<int:draft_id>/keep",
    },
    "questionnaire_top": {"questionnaire_top": "/questionnaires/drafts/<int:draft_id>/top"},
    "questionnaire_previews": {
        "questionnaire_paths": "/questionnaires/drafts/<int:draft_id>/paths",
        "questionnaire_preview": "/questionnaires/drafts/<int:draft_id>/preview/<page_id>",
        "questionnaire_widths": "/questionnaires/drafts/<int:draft_id>/widths/<page_id>",
    },
    "topic_mappings": {"topic_mappings": "/record/topics"},
    "comparators": {"comparator_areas": "/record/alike"},
    "accounts": {
        "accounts": "/accounts",
        "invite": "/accounts/invite",
        "clerk_list": "/accounts/clerks",
        "account_again": "/accounts/<int:user_id>/again",
        "account_close": "/accounts/<int:user_id>/close",
    },
    "invited": {
        "invited": "/waves/<survey>/<wave>/invited",
        "letters_pdf": "/waves/<survey>/<wave>/letters.pdf",
        "notice_pdf": "/waves/<survey>/<wave>/notice.pdf",
    },
    "post": {
        "council_post": "/waves/<survey>/<wave>/post",
        "council_letters_pdf": "/waves/<survey>/<wave>/post/letters.pdf",
        "post_preview": "/waves/<survey>/<wave>/post/<kind>",
    },
    "wave_dates": {"wave_dates": "/waves/<survey>/<wave>/dates"},
    "wave_copy": {"copy_wave": "/waves/<survey>/<wave>/copy"},
    "trail": {"trail": "/trail", "trail_csv": "/trail.csv"},
    "outbox": {
        "mail": "/mail",
        "mail_shown": "/mail/<int:message_id>",
        "mail_words": "/mail/words/<kind>",
        "mail_again": "/mail/<int:message_id>/again",
        "mail_bounce": "/mail/bounce",
    },
    "papers": {
        "papers": "/papers",
        "paper": "/papers/<kind>",
        "paper_docx": "/papers/<kind>.docx",
        "paper_pdf": "/papers/<kind>.pdf",
    },
    "corrections": {"corrections": "/corrections"},
    "plan": {
        "plan": "/plan",
        "plan_csv": "/plan.csv",
        "plan_docx": "/plan.docx",
        "plan_ics": "/plan.ics",
    },
    "strategy_group": {"strategy_group": "/strategy-group"},
    "three_year_plan": {
        "three_year_plan": "/three-year-plan",
        "plan_line": "/three-year-plan/<years>/lines/<int:line_id>",
        "plan_line_remove": "/three-year-plan/<years>/lines/<int:line_id>/remove",
        "plan_priority": "/three-year-plan/<years>/priorities/<slug>",
    },
    "activities": {
        "new_activity": "/plan/new",
        "activity": "/plan/<int:activity_id>",
        "approval": "/plan/<int:activity_id>/approval",
        "evaluation": "/plan/<int:activity_id>/evaluation",
        "evaluation_csv": "/plan/<int:activity_id>/evaluation.csv",
    },
}
TAKES_FORMS = {
    "to_read",
    "translations",
    "account_close",
    "open_wave",
    "wave_dates",
    "clerk_list",
    "copy_wave",
    "council_post",
    "invited",
    "activity",
    "approval",
    "batch",
    "batches",
    "comparator_areas",
    "import_published",
    "import_surveys",
    "form_differences",
    "import_places",
    "import_record",
    "invite",
    "key_form",
    "key_form_again",
    "new_activity",
    "new_parish",
    "new_sheet",
    "new_wave",
    "own_words",
    "paper",
    "paper_reply",
    "parish_facts",
    "plan_line",
    "plan_priority",
    "three_year_plan",
    "recording_note",
    "releases",
    "response_file",
    "sheet",
    "questionnaire_page",
    "questionnaire_question",
    "questionnaire_source",
    "questionnaire_top",
    "questionnaires",
    "topic_mappings",
}
FORMS_ONLY = {
    "account_again",
    "mail_again",
    "mail_bounce",
    "parish_time",
    "plan_line_remove",
    "questionnaire_change",
    "questionnaire_clone",
    "questionnaire_keep",
    "questionnaire_use",
    "remind",
}

MODULE_OF = {name: module for module, views in VIEWS.items() for name in views}


def _view(module: str, name: str) -> Callable[..., Any]:
    def view(file_kind: str = "csv", **values: Any) -> Any:
        g.file_kind = file_kind
        return getattr(import_module(f"{__name__}.{module}"), name)(**values)

    return view


for _module, _views in VIEWS.items():
    for _name, _address in _views.items():
        _methods = ["POST"] if _name in FORMS_ONLY else ["GET", "POST"] if _name in TAKES_FORMS else ["GET"]
        _called = _view(_module, _name)
        if not _address.endswith(".csv"):
            blueprint.add_url_rule(_address, _name, _called, methods=_methods)
            continue
        # The first of them is what an address is made of where no other is asked for.
        for _kind in ("csv", "xlsx", "json"):
            _file = _address.removesuffix("csv") + _kind
            blueprint.add_url_rule(_file, _name, _called, methods=_methods, defaults={"file_kind": _kind})


@blueprint.context_processor
def _navigation() -> dict[str, Any]:
    here = (request.endpoint or "").removeprefix("officer.")
    return {"navigation": links(MODULE_OF.get(here, "")), "citation": _citation}


def _citation(table: Any) -> str:
    cite: Callable[[Any], str] = import_module(f"{__name__}.door").citation
    return cite(table)


@blueprint.errorhandler(FindingError)
def _refused(error: FindingError) -> tuple[str, int]:
    # What is not there yet may be there later; anything else was asked for wrongly.
    status = 404 if isinstance(error, NotYetError) else 400
    return render_template("officer/refused.html", message=str(error)), status
