"""A real browser, and what it must never see: a script error, a breach of the CSP, a request to another host."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route

AXE = Path(__file__).resolve().parents[1] / "functional/vendor/axe-core/axe.min.js"

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",  # CI runs as root, where Chromium's sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: What axe is asked for: WCAG 2.1 level A and AA.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
#: Lines are made in the page: all that axe says of what is right takes longer to bring here than to find.
_FINDINGS = """async tags => {
  const options = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']};
  const {violations} = await axe.run(document, options);
  return violations.flatMap(({id, impact, help, nodes}) =>
    nodes.map(({target}) => `${id} (${impact}): ${help} at ${target.join(' ')}`));
}"""


@dataclass  # without slots: playwright keeps an attribute of its own on the owner of a bound method
class Watch:
    """Collects, over all pages of a browser context, what should not have happened."""

    host: str
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.route("**/*", self._allow_own_host_only)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))

    def _allow_own_host_only(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in ("http", "https") and url.netloc != self.host:
            self.problems.append(f"request to another host: {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.problems.append(f"breach of the CSP: {message.text}")


def axe_findings(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: a line for each rule and element.

    What waits for an answer is about to change, so the page is looked at when nothing waits. The page must
    run scripts: without them axe never ends, so it is not begun.
    """
    assert runs_scripts(page), "axe needs a page with JavaScript"
    page.locator(".htmx-request").first.wait_for(state="detached")
    page.evaluate(AXE.read_text())
    return page.evaluate(_FINDINGS, AXE_TAGS)


def runs_scripts(page: Page) -> bool:
    """Whether pages of this context run their own scripts; what Playwright evaluates runs in any case."""
    return bool(page.evaluate("matchMedia('(scripting: enabled)').matches"))
