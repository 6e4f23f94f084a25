"""One protection after the other is taken out of a copy of the program, and the test that is named for it fails."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from records import keep_record

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "benchmarks", "bin", "csp_consult", "deploy", "docs", "languages", "migrations", "static", "surveys", "templates",
    "tests", "setup.cfg", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "wsgi.py",
)  # fmt: skip
FAILED = 1
"""What pytest ends with where a test failed."""


@dataclass(frozen=True)
class Control:
    """A protection: where it stands, what stands there once it is gone, and the test that must notice."""

    file: str
    stands: str
    gone: str
    test: str


GROUND, PEOPLE, ATTACKS = "tests/ground/test_ground_", "tests/people/test_", "tests/attacks/test_"
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
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program and its tests."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def run(copy: Path, *tests: str) -> "subprocess.CompletedProcess[str]":
    """Run tests of the copy, on SQLite."""
    options = ["-q", "-rpf", "--database", "sqlite", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *options, *tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def with_all(copy: Path, request: pytest.FixtureRequest) -> str:
    """What is said of the tests of all chosen protections while every one stands."""
    chosen = {item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")}
    return run(copy, *sorted({control.test for name, control in CONTROLS.items() if name in chosen})).stdout


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_stands_where_it_is_said_to(name: str) -> None:
    control = CONTROLS[name]

    assert (ROOT / control.file).read_text().count(control.stands) == 1
    assert f"{control.test.removeprefix('tests/')}`" in (ROOT / "docs" / "security.md").read_text()


@pytest.mark.long
@pytest.mark.parametrize("name", CONTROLS)
def test_without_a_control_its_test_fails(name: str, copy: Path, with_all: str) -> None:
    control, file = CONTROLS[name], copy / CONTROLS[name].file
    whole = file.read_text()
    # Also a test of several cases passed only where none of them failed.
    passed = f"PASSED {control.test}" in with_all and f"FAILED {control.test}" not in with_all

    file.write_text(whole.replace(control.stands, control.gone))
    try:
        without = run(copy, "-x", control.test)
    finally:
        file.write_text(whole)

    failed = without.returncode == FAILED and f"FAILED {control.test}" in without.stdout
    said = {"with": "passes" if passed else "fails", "without": "fails" if failed else "passes"}
    keep_record("controls", name, {"file": control.file, "test": control.test, **said})
    assert said == {"with": "passes", "without": "fails"}, without.stdout[-2_000:]
