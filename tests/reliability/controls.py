"""Protections of the program, each with what is left of it once it is removed, and the test that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """A protection: where it stands, what stands there once it is gone, and the test that must notice."""

    file: str
    stands: str
    gone: str
    test: str


GROUND, PEOPLE, ATTACKS = "tests/ground/test_ground_", "tests/people/test_", "tests/attacks/test_"
PEOPLE_CODE, FIELDWORK, RESIDENT = (
    "csp_consult/people",
    "tests/fieldwork/test_fieldwork_",
    "tests/resident/test_resident_",
)
CONTROLS = {
    "Forms sent from elsewhere are refused": Control(
        "csp_consult/app.py",
        "WTF_CSRF_TIME_LIMIT=None,",
        "WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_CHECK_DEFAULT=False,",
        f"{GROUND}protections.py::test_every_form_is_refused_without_its_mark",
    ),
    "Residents' forms sent from elsewhere are refused": Control(
        "csp_consult/fieldwork/drafts.py",
        "return hmac.compare_digest((form_token or",
        "return True or hmac.compare_digest((form_token or",
        f"{GROUND}protections.py::test_every_form_of_residents_changes_nothing_without_its_mark",
    ),
    "Secret texts are compared in constant time": Control(
        "csp_consult/fieldwork/drafts.py",
        'hmac.compare_digest((form_token or "").encode(), self.form_token.encode())',
        "form_token == self.form_token",
        f"{GROUND}sources.py::test_secret_texts_are_compared_in_constant_time",
    ),
    "Scripts need a nonce": Control(
        "csp_consult/app.py",
        "'nonce-{nonce}' 'strict-dynamic'",
        "'self' 'unsafe-inline'",
        f"{GROUND}protections.py::test_every_page_lets_only_its_own_marked_scripts_run_and_nothing_frame_it",
    ),
    "No other site frames a page": Control(
        "csp_consult/app.py",
        "frame-ancestors {_self_if(g.get('framed'))}",
        "frame-ancestors *",
        f"{GROUND}protections.py::test_every_page_lets_only_its_own_marked_scripts_run_and_nothing_frame_it",
    ),
    "Cookies travel encrypted only": Control(
        "csp_consult/app.py",
        'SESSION_COOKIE_SECURE=settings.environment == "production"',
        "SESSION_COOKIE_SECURE=False",
        f"{GROUND}protections.py::test_in_production_every_cookie_travels_encrypted_only_and_out_of_scripts_reach",
    ),
    "Browsers come by TLS only": Control(
        "csp_consult/app.py",
        'setdefault("Strict-Transport-Security"',
        'setdefault("X-Nothing"',
        f"{GROUND}protections.py::test_in_production_browsers_are_told_to_come_by_tls_only",
    ),
    "Every call is held to the table of permissions": Control(
        "csp_consult/web/permissions.py",
        "    return not PERMISSIONS.get(",
        "    return True or not PERMISSIONS.get(",
        f"{PEOPLE}permissions.py::test_every_role_gets_on_every_route_what_the_table_says",
    ),
    "A clerk acts for the parishes of the account only": Control(
        "csp_consult/parishes/access.py",
        ".where(ClerkParish.user_id == user_id, Area.code == parish_code)",
        ".where(Area.code == parish_code)",
        f"{ATTACKS}attacker.py::test_as_every_role_every_identifier_of_another_gives_nothing_and_changes_nothing",
    ),
    "Signing out ends a session for good": Control(
        "csp_consult/people/sessions.py",
        "if found is None or",
        "if found is not None and",
        f"{PEOPLE}sessions.py::test_a_cookie_kept_from_before_signing_out_is_worth_nothing",
    ),
    "A session ends after a working day": Control(
        "csp_consult/people/sessions.py",
        " or found.started_at < _now() - LASTS:",
        ":",
        f"{PEOPLE}sessions.py::test_after_a_working_day_one_signs_in_again_and_the_old_session_is_gone",
    ),
    "Guessing passwords is slowed down": Control(
        "csp_consult/people/signing_in.py",
        "if email and not throttle.may_try_password",
        "if False and not throttle.may_try_password",
        f"{PEOPLE}wrong_tries.py::test_after_five_wrong_passwords_that_computer_is_made_to_wait_even_with_the_right_one",
    ),
    "Guessing return codes is slowed down for all workers": Control(
        "csp_consult/fieldwork/limits.py",
        "return n is not None and n <= most",
        "return True",
        "tests/resident/test_resident_returning.py::"
        "test_codes_cannot_be_tried_without_end_and_another_caller_is_not_held_up",
    ),
    "Weak passwords are refused": Control(
        "csp_consult/people/setup.py",
        '"SECURITY_PASSWORD_COMPLEXITY_CHECKER": "zxcvbn"',
        '"SECURITY_PASSWORD_COMPLEXITY_CHECKER": None',
        f"{PEOPLE}accounts.py::test_a_password_that_is_short_or_easy_to_guess_is_refused",
    ),
    "What is kept of an account in a day has an end": Control(
        "csp_consult/web/uploads.py",
        "if not kept_today(request.files.values()):",
        "if False and not kept_today(request.files.values()):",
        f"{ATTACKS}files_of_a_day.py::test_what_is_kept_of_an_account_in_a_day_has_an_end",
    ),
    "What is typed as a password can be shown": Control(
        "templates/components/forms.html",
        'data-module="govuk-password-input"',
        'data-module=""',
        f"{PEOPLE}password_shown_browser.py::test_what_is_typed_can_be_shown_and_is_hidden_again_as_it_is_sent",
    ),
    "A mailed link works once": Control(
        "csp_consult/people/links.py",
        "return session.scalar(used.returning(EntryLink.user_id)) is not None",
        "return used is not None",
        f"{PEOPLE}links_by_mail.py::test_a_link_is_opened_by_scanners_without_harm_and_its_button_works_once",
    ),
    "No redirect leads off the site": Control(
        "csp_consult/people/signing_in.py",
        "if not validate_redirect_url(self.next.data",
        "if False and not validate_redirect_url(self.next.data",
        f"{PEOPLE}signing_in.py::test_signing_in_never_leads_off_this_site",
    ),
    "No cell of a table is a formula": Control(
        "csp_consult/reports/tables.py",
        "safe: Value = for_spreadsheet(value)",
        "safe: Value = value if True else for_spreadsheet(value)",
        "tests/reports/test_tables.py::test_no_text_reaches_a_spreadsheet_as_a_formula",
    ),
    "No cell of exported responses is a formula": Control(
        "csp_consult/fieldwork/exports.py",
        "if isinstance(value, str) and _could_be_formula(value) else value",
        "if value is None else value",
        "tests/fieldwork/test_fieldwork_exchange.py::test_no_exported_text_can_be_a_formula_and_every_one_comes_back",
    ),
    "Workbooks that unpack without end are refused": Control(
        "csp_consult/workbooks.py",
        "for member in archive.infolist()) > most_unpacked",
        "for member in archive.infolist()) > most_unpacked * 1000",
        f"{ATTACKS}hostile_files.py::test_a_file_that_unpacks_out_of_all_proportion_is_refused_in_words",
    ),
    "Archives that unpack without end are refused": Control(
        "csp_consult/recorded/archive.py",
        "if self._unpacked > self._limit:",
        "if self._unpacked < 0:",
        f"{ATTACKS}hostile_files.py::test_an_archive_whose_member_unpacks_out_of_all_proportion_is_refused_in_words",
    ),
    "XML with entities is refused": Control(
        "csp_consult/questionnaire/exchange/limesurvey.py",
        "from defusedxml import DefusedXmlException, ElementTree",
        "from xml.etree import ElementTree\n\nfrom defusedxml import DefusedXmlException",
        f"{ATTACKS}hostile_files.py::test_entities_in_xml_are_neither_followed_nor_multiplied",
    ),
    "Large uploads are refused before they are read": Control(
        "csp_consult/app.py",
        "MAX_CONTENT_LENGTH=64 * 1024 * 1024",
        "MAX_CONTENT_LENGTH=None",
        f"{ATTACKS}hostile_files.py::test_a_body_beyond_the_limit_of_uploads_is_refused_before_it_is_read",
    ),
    "Production refuses default secrets": Control(
        "csp_consult/settings.py",
        "(secret == DEVELOPMENT_SECRET or len(secret) < 32)",
        "(len(secret) < 0)",
        f"{GROUND}settings.py::test_production_refuses_to_start_without_a_secret",
    ),
    "Internet addresses are hashed": Control(
        "csp_consult/people/callers.py",
        'return hmac.digest(_key_of(session, today), told.encode(), "sha256").hex()',
        "return _key_of(session, today) and told[:64]",
        f"{GROUND}watching.py::test_no_internet_address_is_in_any_table_or_in_the_log",
    ),
    "A caller's key is thrown away each day": Control(
        "csp_consult/people/callers.py",
        "delete(CallCount), delete(FailedTry)):",
        "delete(CallCount)):",
        f"{PEOPLE}wrong_tries.py::test_what_was_counted_is_forgotten_with_the_key_of_its_day",
    ),
    "A link stands in for no password of an officer": Control(
        f"{PEOPLE_CODE}/links.py",
        'if purpose == "sign-in" and user.may("officer", "administrator"):',
        "if not purpose:",
        f"{PEOPLE}links_by_mail.py::test_a_link_does_not_stand_in_for_an_officers_password_or_code",
    ),
    "Mailed links run out": Control(
        f"{PEOPLE_CODE}/links.py",
        "EntryLink.digest == _digest(token), EntryLink.expires_at > _now(), User.active)",
        "EntryLink.digest == _digest(token), User.active)",
        f"{PEOPLE}links_by_mail.py::test_every_link_runs_out",
    ),
    "A new password signs out everywhere": Control(
        f"{PEOPLE_CODE}/accounts.py",
        "    user.password = hash_password(_strong(password, user))\n    end_sessions(user)",
        "    user.password = hash_password(_strong(password, user))",
        f"{PEOPLE}links_by_mail.py::test_a_new_password_signs_out_everywhere_and_its_owner_is_told",
    ),
    "Endless passwords are refused": Control(
        f"{PEOPLE_CODE}/accounts.py",
        "whole[:JUDGED_LENGTH] if len(whole) <= LONGEST_PASSWORD else whole",
        "whole[:JUDGED_LENGTH]",
        f"{PEOPLE}accounts.py::test_a_long_password_is_taken_whole_and_an_endless_one_is_refused",
    ),
    "Changes of accounts are in the trail": Control(
        f"{PEOPLE_CODE}/accounts.py",
        'audit.record(session, "account added", subject=user.email, detail={"role": role})',
        'assert audit, "account added"',
        f"{PEOPLE}audit.py::test_making_and_changing_an_account_is_recorded_without_its_password",
    ),
    "Who guesses locks nobody else out": Control(
        f"{PEOPLE_CODE}/throttle.py",
        '(FailedTry.computer == _computer(session)) & (FailedTry.step != "link")',
        '(FailedTry.step != "link")',
        f"{PEOPLE}wrong_tries.py::test_who_guesses_at_an_account_does_not_lock_its_owner_out",
    ),
    "A code works once": Control(
        f"{PEOPLE_CODE}/second_step.py",
        "return user.tf_last_counter if isinstance(user, User) else None",
        "return None",
        f"{PEOPLE}second_step.py::test_a_code_works_once",
    ),
    "What codes are made from is stored encrypted": Control(
        f"{PEOPLE_CODE}/second_step.py",
        ".to_json(encrypt=True)",
        ".to_json(encrypt=False)",
        f"{PEOPLE}second_step.py::test_the_secret_of_the_codes_is_stored_encrypted",
    ),
    "New recovery codes replace the old ones": Control(
        f"{PEOPLE_CODE}/second_step.py",
        "user.mf_recovery_codes = _security().mf_recovery_codes_util._encrypt_codes(codes)",
        "assert user.mf_recovery_codes is not codes",
        f"{PEOPLE}second_step.py::test_new_recovery_codes_replace_the_old_ones",
    ),
    "Codes are shown for accounts of the demo only": Control(
        "csp_consult/demo/sign_ins.py",
        " or user.email not in {who.email for who in SIGN_INS}:",
        ":",
        f"{PEOPLE}second_step.py::test_a_code_is_shown_for_a_demo_account_only",
    ),
    "Who lost the second step is let in after an administrator made sure": Control(
        f"{PEOPLE_CODE}/accounts.py",
        "    forget_codes(user)\n    user.webauthn.clear()",
        "    assert forget_codes\n    user.webauthn.clear()",
        f"{PEOPLE}second_step.py::test_who_lost_phone_and_codes_sets_up_new_ones_after_an_administrator_made_sure",
    ),
    "A session belongs to one account": Control(
        f"{PEOPLE_CODE}/sessions.py",
        'SignedIn.key == session.get(KEY, ""), SignedIn.user_id == current_user.id)',
        'SignedIn.key == session.get(KEY, ""))',
        f"{ATTACKS}attacker.py::test_forged_and_altered_cookies_open_nothing",
    ),
    "Nobody ends another's session": Control(
        f"{PEOPLE_CODE}/sessions.py",
        "select(SignedIn).where(SignedIn.id == session_id, SignedIn.user_id == user.id)",
        "select(SignedIn).where(SignedIn.id == session_id)",
        f"{PEOPLE}sessions.py::test_nobody_ends_somebody_elses_session",
    ),
    "A session can be ended from elsewhere": Control(
        f"{PEOPLE_CODE}/sessions.py",
        "    store.delete(found)",
        "    assert found",
        f"{PEOPLE}sessions.py::test_a_session_is_ended_from_another_browser",
    ),
    "The trail only grows": Control(
        f"{PEOPLE_CODE}/audit.py",
        "only_added_to(cast(Table, AuditEntry.__table__))",
        "assert cast(Table, AuditEntry.__table__) is not None",
        f"{PEOPLE}audit.py::test_the_database_refuses_to_change_or_delete_an_entry",
    ),
    "Downloads are in the trail": Control(
        "csp_consult/web/exports_taken.py",
        'audit.record_taken(request.full_path.rstrip("?"))',
        "assert audit",
        f"{PEOPLE}exports_taken.py::test_every_download_is_written_down_with_who_and_what",
    ),
    "Every route is in the table of permissions": Control(
        "csp_consult/web/permissions.py",
        '    "public.cookies": ANYONE,\n',
        "",
        f"{PEOPLE}permissions.py::test_every_route_is_in_the_table_and_the_table_has_no_other",
    ),
    "What is not in the table may be called by nobody": Control(
        "csp_consult/web/permissions.py",
        "PERMISSIONS.get(endpoint, frozenset())",
        'PERMISSIONS.get(endpoint, frozenset({"anyone"}))',
        f"{PEOPLE}permissions.py::test_what_is_not_in_the_table_may_be_called_by_nobody",
    ),
    "Templates escape what they show": Control(
        "templates/components/banners.html",
        "{{ message }}",
        "{{ message | safe }}",
        f"{GROUND}sources.py::test_templates_escape_everything",
    ),
    "Nothing from outside is evaluated": Control(
        "csp_consult/web/numbers.py",
        "from werkzeug.routing import",
        "import pickle\n\nfrom werkzeug.routing import",
        f"{GROUND}sources.py::test_nothing_from_outside_is_run_unpickled_or_evaluated",
    ),
    "A request's path is not logged": Control(
        "csp_consult/web/watching.py",
        '"route": request.url_rule.rule if request.url_rule else ""}',
        '"route": request.full_path}',
        f"{GROUND}watching.py::test_a_request_is_one_line_with_an_id_and_without_its_path",
    ),
    "Tables that hold something of people say why": Control(
        "csp_consult/web/data_protection.py",
        '    "news_address": (',
        '    "nothing": (',
        f"{GROUND}watching.py::test_every_table_that_may_hold_something_of_a_person_says_why_and_how_long",
    ),
    "The server runs shut in": Control(
        "deploy/csp-consult.service",
        "NoNewPrivileges=yes\n",
        "",
        f"{GROUND}deploy.py::test_the_units_of_systemd_are_sound_and_shut_in",
    ),
    "Packages are pinned by their digests": Control(
        "requirements.lock",
        "alembic==",
        "one==1\nalembic==",
        f"{GROUND}libraries.py::test_every_locked_package_is_pinned_by_its_digest",
    ),
    "Heads of a proxy count only where one is named": Control(
        "csp_consult/app.py",
        "if settings.proxies:\n        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies,",
        "if True:\n        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1,",
        f"{ATTACKS}attacker.py::test_a_false_forwarded_address_buys_no_further_tries",
    ),
    "A download runs nothing": Control(
        "csp_consult/web/files.py",
        'f"attachment; filename',
        'f"inline; filename',
        "tests/clerk/test_clerk_council.py::"
        "test_a_file_goes_with_the_response_and_comes_back_as_a_download_that_can_do_nothing",
    ),
    "Drafts cannot be read in the table": Control(
        "csp_consult/fieldwork/drafts.py",
        "return hashlib.sha256(self.secret).hexdigest()",
        "return self.secret.hex()",
        f"{FIELDWORK}drafts.py::test_the_table_holds_nothing_that_can_be_read_or_that_finds_the_key",
    ),
    "What cannot be opened fails quietly": Control(
        "csp_consult/fieldwork/drafts.py",
        "except (InvalidTag, ValueError):",
        "except ZeroDivisionError:",
        f"{FIELDWORK}drafts.py::test_a_spoilt_draft_is_empty_and_can_be_saved_over",
    ),
    "A draft is bound to its wave": Control(
        "csp_consult/fieldwork/drafts.py",
        'return f"wave {wave_id}".encode()',
        'return b"wave"',
        f"{FIELDWORK}drafts.py::test_a_draft_cannot_be_opened_as_one_of_another_wave",
    ),
    "A repeated submission stores nothing": Control(
        "csp_consult/fieldwork/responses.py",
        "        submission=submission,\n        submitted_on=today,",
        "        submission=uuid4().hex,\n        submitted_on=today,",
        f"{FIELDWORK}responses.py::test_many_presses_at_once_store_one_response",
    ),
    "What was withdrawn stays so after a restore": Control(
        "csp_consult/fieldwork/responses.py",
        "    _remember(session, tidy_reference(reference))",
        "    assert _remember",
        f"{FIELDWORK}retention.py::test_a_backup_does_not_bring_back_what_was_withdrawn_since",
    ),
    "A response has the version of the privacy notice": Control(
        "csp_consult/web/resident/sending.py",
        "                notice=notices.current(),",
        "                notice=None if notices.current() else None,",
        "tests/public/test_privacy_notice.py::"
        "test_a_response_is_stored_with_the_version_that_held_and_the_page_says_which",
    ),
    "What no person fills in is flagged": Control(
        "csp_consult/web/resident/sending.py",
        "trapped=bool(request.form.get(TRAP))",
        "trapped=False",
        f"{RESIDENT}returning.py::test_what_fills_in_the_hidden_field_is_flagged_and_kept",
    ),
    "A shared device forgets": Control(
        "csp_consult/web/resident/saving.py",
        'back.delete_cookie(COOKIE, path=visit.url("start"))',
        "assert COOKIE",
        f"{RESIDENT}returning.py::test_a_shared_device_forgets_and_the_code_still_opens",
    ),
    "Answers stay out of the browser's cache": Control(
        "csp_consult/app.py",
        'response.headers.setdefault("Cache-Control", "no-store")',
        'response.headers.setdefault("Cache-Control", "max-age=60")',
        f"{RESIDENT}edges.py::test_answers_are_not_left_in_the_browsers_cache",
    ),
    "A page larger than any answer is refused in words": Control(
        "csp_consult/web/resident/door.py",
        "request.max_content_length = LARGEST_FORM",
        "assert LARGEST_FORM",
        f"{RESIDENT}edges.py::test_a_page_larger_than_any_answer_is_refused_in_words",
    ),
    "No page can be skipped": Control(
        "csp_consult/fieldwork/progress.py",
        "return due is None or pages.index(page) <= pages.index(due)",
        "return due is None or page in pages",
        f"{RESIDENT}journey.py::test_no_page_can_be_skipped",
    ),
    "Mail leaves encrypted or not at all": Control(
        "csp_consult/mail/carriers.py",
        "server.starttls(context=context)",
        "assert context",
        "tests/mail/test_mail_outbox.py::test_starttls_is_used_and_a_server_that_cannot_prove_itself_gets_nothing",
    ),
    "Officers need a second step": Control(
        f"{PEOPLE_CODE}/models.py",
        "return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods",
        "return False, tf_setup_methods",
        f"{PEOPLE}second_step.py::test_an_officer_gives_password_and_code_and_only_then_sees_anything",
    ),
    "Owners are told when a factor changes": Control(
        f"{PEOPLE_CODE}/telling.py",
        "queue(session, to=user.email, subject=words.subject, body=words.body, ",
        "dict(",
        f"{PEOPLE}second_step.py::test_a_clerk_may_choose_codes_and_give_them_up_again",
    ),
    "A subject adds no heading to a mail": Control(
        "csp_consult/mail/carriers.py",
        'message["Subject"] = mail.subject',
        'message._headers.append(("Subject", mail.subject))',
        "tests/mail/test_mail_outbox.py::test_a_line_break_in_a_subject_or_address_adds_no_heading",
    ),
    "What is past its date goes after a restore": Control(
        "csp_consult/commands/db.py",
        'responses had been withdrawn since and are erased again.")\n    _let_go()',
        'responses had been withdrawn since and are erased again.")',
        f"{FIELDWORK}retention.py::test_a_backup_does_not_bring_back_what_is_past_its_date",
    ),
    "Guessing references is slowed down": Control(
        "csp_consult/web/resident/withdrawing.py",
        "if not within(limits.WITHDRAWING):",
        "if not within and limits.WITHDRAWING:",
        f"{RESIDENT}returning.py::test_references_cannot_be_tried_without_end",
    ),
    "The server logs no request that cannot be read": Control(
        "csp_consult/commands/serve.py",
        '"loglevel": "error"',
        '"loglevel": "warning"',
        "tests/reliability/test_shutdown.py::"
        "test_what_cannot_be_read_of_a_request_is_refused_and_neither_it_nor_its_sender_is_logged",
    ),
    "No other site may read ours": Control(
        "csp_consult/app.py",
        'response.headers.setdefault("X-Content-Type-Options", "nosniff")',
        'response.headers.setdefault("Access-Control-Allow-Origin", "*")',
        f"{GROUND}protections.py::test_no_other_site_is_let_read_or_call_ours",
    ),
    "A known fault of a library ends the checks": Control(
        "bin/audit.py",
        "return 1 if found else 0",
        "return 0",
        f"{GROUND}libraries.py::test_a_library_with_a_known_fault_ends_the_checks_and_is_named",
    ),
    "In a clerk's door are the parishes of the account only": Control(
        "csp_consult/parishes/access.py",
        ".where(ClerkParish.user_id == user_id, Area.code == parish_code)",
        ".where(Area.code == parish_code)",
        "tests/clerk/test_clerk_journey.py::test_every_address_of_another_parish_is_not_found_and_changes_nothing",
    ),
}
