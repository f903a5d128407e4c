"""Fixtures for journeys in a real browser against the whole running product."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from tests.support.browser import CHROMIUM_FLAGS, Watch, axe_findings
from tests.support.requirements import chromium_path
from tests.support.server import running_server
from tests.support.smtp import SmtpSink, running_sink


@pytest.fixture(scope="session")
def session_smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def smtp_sink(session_smtp_sink: SmtpSink) -> SmtpSink:
    """A mail server that keeps what it is given, empty at the start of each test; the live server uses it."""
    session_smtp_sink.messages.clear()
    return session_smtp_sink


@pytest.fixture(scope="session")
def live_server(tmp_path_factory, session_smtp_sink: SmtpSink) -> Iterator[str]:
    """The address of a running Incontro with the demo district: web processes, worker, own instance folder.

    Shared by all journeys of the session: a journey must not count on what another may have changed.
    """
    environment = {
        "DATABASE_URL": "",
        "MAIL_SERVER": session_smtp_sink.host,
        "MAIL_PORT": str(session_smtp_sink.port),
        "MAIL_USE_TLS": "0",
    }
    with running_server(tmp_path_factory.mktemp("live") / "instance", environment) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Chromium, headless, started once for each file of journeys.

    Not for the whole session: while Playwright is there an event loop runs in this thread, in which Flask
    cannot call the asynchronous clean-up of Flask-SQLAlchemy-Lite. A test of an application that came after
    the journeys would fail, so Playwright goes with the file that needs it.
    """
    from playwright.sync_api import sync_playwright  # slow to import, and only journeys need it

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser, live_server) -> Iterator[Callable]:
    """Opens pages, each as another person: ``new_page(javascript=False, viewport=(390, 844), locale="en")``.

    At the end of the test whatever the browser complained of fails it.
    """
    watch = Watch(host=urlsplit(live_server).netloc)
    contexts = []

    def open_page(*, javascript: bool = True, viewport: tuple[int, int] = (1280, 800), locale: str = "it-IT"):
        context = browser.new_context(
            base_url=live_server,
            java_script_enabled=javascript,
            viewport={"width": viewport[0], "height": viewport[1]},
            locale=locale,
            timezone_id="Europe/Rome",
            # colours are measured as they stay, not half-way through a change
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watch.problems == []


@pytest.fixture
def page(new_page):
    """A page of a resident on an ordinary screen; paths are relative to the live server."""
    return new_page()


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """``axe(page)``: what axe-core finds wrong, as lines; empty where it finds nothing."""
    return axe_findings
