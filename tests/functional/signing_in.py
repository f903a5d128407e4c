"""Signing in to the live server."""

from urllib.parse import urlsplit

from playwright.sync_api import Cookie, Page

PASSWORD = "incontro-demo"

#: What a person's browser keeps, by server and address.
_kept: dict[tuple[str, str], list[Cookie]] = {}


def sign_in(page: Page, email: str) -> None:
    """By the form the first time; later the browser still knows the person, who would else sign in too often."""
    page.goto("/login")
    key = urlsplit(page.url).netloc, email
    if key in _kept:
        page.context.add_cookies(_kept[key])
        page.goto("/")
    else:
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit], main form input[type=submit]").first.click()
    page.locator(".menu-account").wait_for(state="attached")
    _kept.setdefault(key, page.context.cookies())


def press_sign_out(page: Page) -> None:
    """The button in the menu, open or not, of a wide screen or a small one."""
    page.locator("form[action$='/logout'] button").first.dispatch_event("click")


def sign_out(page: Page, email: str) -> None:
    """Everywhere: whoever signs in next under this address does it by the form."""
    press_sign_out(page)
    page.locator(".btn-signin").wait_for(state="attached")
    _kept.pop((urlsplit(page.url).netloc, email), None)
