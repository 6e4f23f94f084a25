"""Who may call which route: one table, and nothing that is not in it may be called."""

from collections.abc import Collection

from flask import Flask, abort, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

ANYONE = frozenset({"anyone"})
SIGNED_IN = frozenset({"clerk", "officer", "administrator"})
NOBODY: frozenset[str] = frozenset()
CLERK = frozenset({"clerk"})
OFFICER = frozenset({"officer", "administrator"})
ADMINISTRATOR = frozenset({"administrator"})

# Endpoint: the roles that may call it. A new route does not answer until it has a row here.
PERMISSIONS: dict[str, frozenset[str]] = {
    "static": ANYONE,
    # Signing in and out
    "security.login": ANYONE,
    "security.logout": ANYONE,
    "signing_in.signed_in": SIGNED_IN,
    "signing_in.door": SIGNED_IN,
    "signing_in.signed_out": ANYONE,
    "security.two_factor_setup": ANYONE,
    "security.two_factor_token_validation": ANYONE,
    "security.mf_recovery": ANYONE,
    "entering.ask": ANYONE,
    "entering.opened": ANYONE,
    "security.verify": SIGNED_IN,
    "security.wan_signin": ANYONE,
    "security.wan_signin_response": ANYONE,
    "security.wan_register": SIGNED_IN,
    "security.wan_register_response": SIGNED_IN,
    "security.wan_delete": SIGNED_IN,
    # Flask-Security's other pages of the second step: by mail, by choice of method, and codes shown again
    "security.two_factor_rescue": NOBODY,
    "security.two_factor_setup_validate": NOBODY,
    "security.tf_select": NOBODY,
    "security.mf_recovery_codes": NOBODY,
    # One's own account
    "account.home": SIGNED_IN,
    "account.end_session": SIGNED_IN,
    "account.end_other_sessions": SIGNED_IN,
    "account.recovery_codes": SIGNED_IN,
    "account.make_recovery_codes": SIGNED_IN,
    "account.hand_parish_over": CLERK,
    # Residents
    "resident.start": ANYONE,
    "resident.by_link": ANYONE,
    "resident.question": ANYONE,
    "resident.answer": ANYONE,
    "resident.check": ANYONE,
    "resident.send": ANYONE,
    "resident.thanks": ANYONE,
    "resident.finish": ANYONE,
    "resident.news": ANYONE,
    "resident.keep_longer": ANYONE,
    "resident.mail_code": ANYONE,
    "resident.paper": ANYONE,
    "resident.saving": ANYONE,
    "resident.save": ANYONE,
    "resident.returned": ANYONE,
    "resident.come_back": ANYONE,
    "resident.withdrawal": ANYONE,
    "resident.withdraw": ANYONE,
    # Guidance
    "guidance.glossary": ANYONE,
    "guidance.guide": ANYONE,
    "guidance.guide_pdf": ANYONE,
    # Public pages
    "public.home": ANYONE,
    "results.listed": ANYONE,
    "results.page": ANYONE,
    "results.table_csv": ANYONE,
    "results.listed_json": ANYONE,
    "results.one_json": ANYONE,
    "results.openapi": ANYONE,
    "results.file": ANYONE,
    "results.revisions": ANYONE,
    "results.revisions_json": ANYONE,
    "results.paper": ANYONE,
    "results.paper_as_file": ANYONE,
    "results.paper_table_csv": ANYONE,
    "results.chart": ANYONE,
    "results.paper_chart": ANYONE,
    "results.papers_json": ANYONE,
    "results.paper_json": ANYONE,
    "public.privacy": ANYONE,
    "public.cookies": ANYONE,
    "public.accessibility": ANYONE,
    "public.data_protection": ANYONE,
    "watching.health": ANYONE,
    "watching.ready": ANYONE,
    "public.questions_docx": ANYONE,
    "public.questions_pdf": ANYONE,
    # Councillors, by a link that their clerk made
    "councillor.read": ANYONE,
    "councillor.write": ANYONE,
    # Clerks, each for the parishes linked to the account
    "clerk.home": CLERK,
    "clerk.overview": CLERK,
    "clerk.page": CLERK,
    "clerk.save": CLERK,
    "clerk.check": CLERK,
    "clerk.mandate": CLERK,
    "clerk.send": CLERK,
    "clerk.receipt": CLERK,
    "clerk.attachment": CLERK,
    "clerk.outcome": CLERK,
    "clerk.outcome_docx": CLERK,
    "clerk.outcome_pdf": CLERK,
    "clerk.amend": CLERK,
    "clerk.minute": CLERK,
    "clerk.minuted": CLERK,
    "clerk.paper_docx": CLERK,
    "clerk.paper_pdf": CLERK,
    "clerk.comments": CLERK,
    "clerk.make_comment_link": CLERK,
    "clerk.close_comment_link": CLERK,
    "clerk.more_time": CLERK,
    # Officers
    "officer.home": OFFICER,
    "officer.answers": OFFICER,
    "officer.corrections": OFFICER,
    "officer.new_wave": OFFICER,
    "officer.open_wave": OFFICER,
    "officer.drawing_svg": OFFICER,
    "officer.drawing_png": OFFICER,
    "officer.drawing_json": OFFICER,
    "officer.fieldwork": OFFICER,
    "officer.fieldwork_csv": OFFICER,
    "officer.board_csv": OFFICER,
    "officer.remind": OFFICER,
    "officer.parish": OFFICER,
    "officer.parish_time": OFFICER,
    "officer.parish_file": OFFICER,
    "officer.paper_reply": OFFICER,
    "officer.parishes": OFFICER,
    "officer.new_parish": OFFICER,
    "officer.parish_facts": OFFICER,
    "officer.batches": OFFICER,
    "officer.batch": OFFICER,
    "officer.key_form": OFFICER,
    "officer.key_form_again": OFFICER,
    "officer.form_differences": OFFICER,
    "officer.response_file": OFFICER,
    "officer.papers": OFFICER,
    "officer.paper": OFFICER,
    "officer.paper_docx": OFFICER,
    "officer.paper_pdf": OFFICER,
    "officer.ranking": OFFICER,
    "officer.ranking_csv": OFFICER,
    "officer.crosstab": OFFICER,
    "officer.crosstab_csv": OFFICER,
    "officer.releases": OFFICER,
    "officer.release_csv": OFFICER,
    "officer.own_words": OFFICER,
    "officer.own_words_csv": OFFICER,
    "officer.to_read": OFFICER,
    "officer.translations": OFFICER,
    "officer.translations_file": OFFICER,
    "officer.trend": OFFICER,
    "officer.trend_csv": OFFICER,
    "officer.blend": OFFICER,
    "officer.blend_csv": OFFICER,
    "officer.gaps": OFFICER,
    "officer.gaps_csv": OFFICER,
    "officer.gap": OFFICER,
    "officer.gap_csv": OFFICER,
    "officer.typology": OFFICER,
    "officer.typology_csv": OFFICER,
    "officer.places": OFFICER,
    "officer.places_csv": OFFICER,
    "officer.safety": OFFICER,
    "officer.safety_csv": OFFICER,
    "officer.planning": OFFICER,
    "officer.planning_csv": OFFICER,
    "officer.audiences": OFFICER,
    "officer.audiences_csv": OFFICER,
    "officer.published": OFFICER,
    "officer.published_csv": OFFICER,
    "officer.import_published": OFFICER,
    "officer.import_surveys": OFFICER,
    "officer.recorded": OFFICER,
    "officer.recorded_csv": OFFICER,
    "officer.recorded_spans_csv": OFFICER,
    "officer.placing": OFFICER,
    "officer.placing_csv": OFFICER,
    "officer.recording_note": OFFICER,
    "officer.recorded_import": OFFICER,
    "officer.import_places": OFFICER,
    "officer.import_record": OFFICER,
    "officer.new_sheet": OFFICER,
    "officer.sheet": OFFICER,
    "officer.questionnaires": OFFICER,
    "officer.questionnaire_version": OFFICER,
    "officer.questionnaire_clone": OFFICER,
    "officer.questionnaire_use": OFFICER,
    "officer.questionnaire_file": OFFICER,
    "officer.questionnaire_compare": OFFICER,
    "officer.questionnaire_draft": OFFICER,
    "officer.questionnaire_question": OFFICER,
    "officer.questionnaire_page": OFFICER,
    "officer.questionnaire_change": OFFICER,
    "officer.questionnaire_source": OFFICER,
    "officer.questionnaire_top": OFFICER,
    "officer.questionnaire_keep": OFFICER,
    "officer.questionnaire_paths": OFFICER,
    "officer.questionnaire_preview": OFFICER,
    "officer.questionnaire_widths": OFFICER,
    "officer.topic_mappings": OFFICER,
    "officer.comparator_areas": OFFICER,
    "officer.accounts": OFFICER,
    "officer.invite": OFFICER,
    "officer.clerk_list": OFFICER,
    "officer.invited": OFFICER,
    "officer.letters_pdf": OFFICER,
    "officer.notice_pdf": OFFICER,
    "officer.council_post": OFFICER,
    "officer.council_letters_pdf": OFFICER,
    "officer.post_preview": OFFICER,
    "officer.copy_wave": OFFICER,
    "officer.wave_dates": OFFICER,
    "officer.account_again": OFFICER,
    "officer.account_close": OFFICER,
    "officer.trail": ADMINISTRATOR,
    "officer.trail_csv": ADMINISTRATOR,
    "officer.mail": OFFICER,
    "officer.mail_shown": OFFICER,
    "officer.mail_words": OFFICER,
    "officer.mail_again": OFFICER,
    "officer.mail_bounce": OFFICER,
    "officer.plan": OFFICER,
    "officer.plan_csv": OFFICER,
    "officer.plan_docx": OFFICER,
    "officer.plan_ics": OFFICER,
    "officer.strategy_group": OFFICER,
    "officer.three_year_plan": OFFICER,
    "officer.plan_line": OFFICER,
    "officer.plan_line_remove": OFFICER,
    "officer.plan_priority": OFFICER,
    "officer.new_activity": OFFICER,
    "officer.activity": OFFICER,
    "officer.approval": OFFICER,
    "officer.evaluation": OFFICER,
    "officer.evaluation_csv": OFFICER,
}


def may_call(endpoint: str, roles: Collection[str]) -> bool:
    """Whether somebody with these roles may call the endpoint; without any role, as a passer-by."""
    return not PERMISSIONS.get(endpoint, frozenset()).isdisjoint({"anyone", *roles})


def may_open(endpoint: str) -> bool:
    """Whether whoever makes this request may call the endpoint."""
    return may_call(endpoint, _roles())


def init_permissions(app: Flask) -> None:
    """Hold every request to the table."""

    @app.before_request
    def _hold() -> Response | None:
        # An address that leads nowhere has no endpoint; routing answers it with its own 404 or 405.
        if request.endpoint is None or may_call(request.endpoint, ()) or may_open(request.endpoint):
            return None
        if current_user.is_authenticated:
            abort(403)
        # After a form, the page to come back to is where it was sent from, which we do not know.
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("security.login", next=back))


def _roles() -> list[str]:
    return [role.name for role in current_user.roles] if current_user.is_authenticated else []
