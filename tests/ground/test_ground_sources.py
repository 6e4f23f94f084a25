"""What must not stand anywhere in the program, read off its sources."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from csp_consult.fieldwork.drafts import DraftKey

ROOT = Path(__file__).resolve().parents[2]
RUNS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load"}
UNPACKS = {"pickle", "marshal", "shelve", "dill", "joblib"}
CALLS_OUT = {"urllib.request", "http.client", "socket", "requests", "httpx", "urllib3", "aiohttp", "ftplib", "smtplib"}
# Modules that may call out or listen, and on whose word: always that of the settings.
ON_WHOSE_WORD = {
    "csp_consult/mail/notify.py": "CSP_MAIL_NOTIFY_ADDRESS",
    "csp_consult/mail/carriers.py": "CSP_MAIL_HOST",
    "csp_consult/commands/serve.py": "looks whether its own port is free",
}
# The one loader that makes nothing but texts, lists and maps.
PLAIN_LOADING = {"csp_consult/commands/check_figures.py": "Loader=yaml.BaseLoader"}


def sources() -> Iterator[tuple[str, ast.AST, str]]:
    """Every module of the program: its path, its tree and its text."""
    for path in sorted((ROOT / "csp_consult").rglob("*.py")):
        text = path.read_text()
        yield str(path.relative_to(ROOT)), ast.parse(text), text


def called(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_nothing_from_outside_is_run_unpickled_or_evaluated() -> None:
    for path, tree, text in sources():
        assert not UNPACKS & {name.partition(".")[0] for name in imported(tree)}, path
        for name, call in called(tree):
            plain = PLAIN_LOADING.get(path, "") and PLAIN_LOADING[path] in ast.unparse(call)
            assert name not in RUNS or plain, (path, call.lineno, name)
            assert name != "render_template_string", (path, call.lineno)
            assert not [word for word in call.keywords if word.arg == "shell"], (path, call.lineno)
        assert "shell=True" not in text, path


def test_templates_escape_everything() -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert len(templates) > 50
    for path in templates:
        text = path.read_text()
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|<!--.*\{\{", text), path
        assert not re.search(r"<script(?![^>]*nonce=)", text), path
    for path_name, tree, _ in sources():
        for name, call in called(tree):
            # What Markup is given at once is a text of ours, never one that was put together.
            if name in {"Markup", "markupsafe.Markup"} and call.args:
                assert not isinstance(call.args[0], (ast.JoinedStr, ast.BinOp)), (path_name, call.lineno)


def test_the_only_addresses_ever_called_are_those_of_the_settings() -> None:
    calling = {path for path, tree, _ in sources() if CALLS_OUT & set(imported(tree))}

    assert calling == set(ON_WHOSE_WORD)


def test_secret_texts_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("csp_consult.fieldwork.drafts.hmac.compare_digest", compare)
    key = DraftKey.new()

    assert key.owns(key.form_token)
    assert not key.owns("forged")
    assert [other for _, other in compared] == [key.form_token.encode()] * 2
