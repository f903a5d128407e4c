"""axe finds nothing on any page, in any role, on a phone and on a desk."""

import pytest

from tests.functional.signing_in import sign_in

pytestmark = pytest.mark.needs("chromium")

PUBLIC = [
    "/",
    "/search?q=formaggio&near=Clusone",
    "/search?q=qwertyuiop",
    "/search?near=Samone",
    "/try",
    "/try?near=Clusone&lots-0-what=mensa",
    "/try?near=Clusone&lots-0-what=mensa&profile=public",
    "/demands",
    "/demands/missing",
    "/about",
    "/how-it-works",
    "/criteria",
    "/privacy",
    "/accessibility",
    "/login",
    "/register",
    "/reset",
    "/nothing-here",
]
PHONE, DESK = (390, 844), (1280, 800)
MEMBERS = [
    "/mine",
    "/account",
    "/change",
    "/organisations/new",
    "/conversations",
    "/notices",
    "/notices/new?q=miele&near=Clusone",
    "/notices/preferences",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_for_everybody(new_page, axe, path):
    page = new_page(viewport=PHONE)
    page.goto(path)
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert axe(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


def test_the_pages_that_the_lists_lead_to(new_page, axe):
    page = new_page(viewport=(390, 844))
    for listing, link in (
        ("/search?q=miele", ".offer-card h2 a, .offer-card h3 a"),
        ("/search?q=miele", ".offer-card a[href*='/organisations/']"),
        ("/demands", "main article a[href*='/demands/']"),
    ):
        page.goto(listing)
        page.goto(page.locator(link).first.get_attribute("href"))
        assert axe(page) == [], page.url


def test_the_pages_of_a_member(new_page, axe):
    page = new_page(viewport=(390, 844))
    sign_in(page, "cascina@example.org")
    page.goto("/mine")
    own = page.locator("main a[href*='/offers/'], main a[href*='/demands/new']").evaluate_all(
        "links => links.slice(0, 3).map(link => link.getAttribute('href'))"
    )
    for path in MEMBERS + own:
        page.goto(path)
        assert axe(page) == [], path
