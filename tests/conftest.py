"""What every test may ask for: a fresh database of each kind, the application, a server, a browser."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cookies import SEEN, TOLD, untold
from databases import Databases, Fill, PostgresDatabases, SqliteDatabases, nothing
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, sync_playwright
from postgres import running_server
from quick_app import quick_app
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from csp_consult.db import db, mark_reading

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=DATABASES, help="run database tests on this kind only")
    parser.addoption("--long", action="store_true", help="also run simulations, soaks and kill tests")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        # Services and journeys run on every kind; what a browser makes of their pages hangs on none.
        databases = DATABASES[:1] if metafunc.definition.get_closest_marker("browser") else DATABASES
        metafunc.parametrize("database", [chosen] if chosen else databases, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser"):
            # A browser on a starved machine now and then misses its own deadlines; a real fault fails every time.
            item.add_marker(pytest.mark.flaky(reruns=2))
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="long: run by the third command"))


@pytest.fixture(autouse=True)
def _writing_allowed() -> None:
    """A command or page run by an earlier test in this process may have marked its transactions as reading."""
    mark_reading(False)


@pytest.fixture(autouse=True)
def _no_cookie_but_those_told() -> Iterator[None]:
    """Whatever a test does, it is given no cookie that the page on cookies does not name."""
    yield
    assert SEEN <= TOLD, "tell of it on the page on cookies, and in tests/cookies.py"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of open data and oracle numbers beside the checkout; tests that need it skip without it."""
    if not SHARED.is_dir():
        pytest.skip("the open data and oracle folder is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    with running_server() as folder:
        yield folder


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def databases(database: str, request: pytest.FixtureRequest) -> Databases:
    """Where databases of the kind under test come from."""
    if database == "sqlite":
        found: SqliteDatabases = request.getfixturevalue("sqlite_databases")
        return found
    return PostgresDatabases(request.getfixturevalue("postgres_socket"))


@pytest.fixture
def filled_with() -> Fill:
    """What a test's database holds at its start: here nothing. Folders whose tests share a beginning say more."""
    return nothing


@pytest.fixture
def database_url(databases: Databases, filled_with: Fill) -> Iterator[str]:
    """The address of a database of the test's own, gone after it."""
    with databases.like(filled_with) as address:
        yield address


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The application on a fresh database of the kind under test."""
    app = quick_app(database_url)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session inside an application context."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The application on a real loopback port; yields its address without a closing slash."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's headless Chromium."""
    executable = shutil.which("chromium")
    assert executable, "Chromium is not installed: run the README's test command, or apt install chromium."
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*arguments, "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of 390 px, as on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB")
    yield context.new_page()
    unheard = untold(context)
    context.close()
    assert unheard == set(), "a script keeps a cookie that the page on cookies does not name"


@pytest.fixture(scope="session")
def axe() -> Any:
    """``axe(page)`` gives the accessibility violations of a page, each as one readable line."""
    script = AXE.read_text()

    def run(page: Page) -> list[str]:
        page.evaluate(script)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:160]}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return run
