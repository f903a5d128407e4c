"""From the home page to a ranked and explained list of suppliers, as a person does it, in a real browser."""

import re

import pytest

pytestmark = pytest.mark.needs("chromium")

RANKED = "#answer [data-rank]"


def suppliers(page) -> list[str]:
    """The suppliers above the line, in the order shown."""
    return page.locator(RANKED).evaluate_all("rows => rows.map(row => row.dataset.supplier)")


def ask(page, *, near: str, what: str, profile: str = "community") -> None:
    page.goto("/try")
    if profile != "community":
        page.locator(f"input[name=profile][value={profile}]").check()
        page.locator("input[name=fit]:not([type=range])").wait_for()
    page.locator("#near").fill(near)
    page.locator("input[name='lots-0-what']").fill(what)


def send(page) -> None:
    """Press the button and wait for the page it leads to: the answer already there belongs to the page being left."""
    with page.expect_event("load"):
        page.locator(".need-send button[type=submit]").click()


def test_a_resident_finds_cheese_near_clusone_and_who_makes_it(page):
    page.goto("/")
    page.locator("#search-q").fill("formaggio")
    page.locator("#search-near").fill("Clusone")
    page.locator("#search-near").press("Enter")
    page.wait_for_url("**/search?**")
    first = page.locator(".offer-card").first
    assert "km" in first.inner_text()
    maker = first.locator("a[href*='/organisations/']")
    name = maker.inner_text()
    maker.click()
    page.wait_for_url("**/organisations/**")
    assert page.locator("h1").inner_text() == name
    assert page.locator(".offer-card, .card-row").count() > 0


def test_a_public_body_asks_for_a_school_canteen_with_certified_organic_required(page, axe):
    ask(page, near="Clusone", what="mensa scolastica", profile="public")
    page.locator("select[name='criteria-organic']").select_option("required")
    send(page)
    # nothing is preset for a public body: every weight is asked for beside its box
    page.locator("#answer .form-errors, #answer .notice-danger").first.wait_for()
    for name, weight in {"fit": "5", "proximity": "0", "values": "3", "price": "2"}.items():
        page.locator(f"input[name={name}]").fill(weight)
    send(page)
    page.locator("#answer .results-count").wait_for()
    shown = page.locator("#answer").inner_text()
    assert suppliers(page) or page.locator(".below-line").count()
    for row in page.locator(RANKED).all():
        row.locator("details.reasons summary").click()
        assert "IT-BIO" in row.inner_text() or "biologico" in row.inner_text().lower()
    assert "valutazione" not in shown.lower()
    assert axe(page) == []


def test_a_purchasing_group_moves_what_counts_and_the_order_changes_with_its_reasons(page, axe):
    ask(page, near="Clusone", what="formaggi")
    page.locator("select[name='criteria-agroecology']").select_option("3")
    send(page)
    page.locator(RANKED).first.wait_for()
    before = suppliers(page)
    assert len(before) > 3
    for name, weight in {"values": "10", "proximity": "0", "fit": "1"}.items():
        slider = page.locator(f"input[type=range][name={name}]")
        slider.evaluate(
            "(slider, weight) => { slider.value = weight; slider.dispatchEvent(new Event('input', {bubbles: true})) }",
            weight,
        )
    page.wait_for_function(
        "before => JSON.stringify([...document.querySelectorAll('#answer [data-rank]')]"
        ".map(row => row.dataset.supplier)) !== before",
        arg=page.evaluate("list => JSON.stringify(list)", before),
    )
    after = suppliers(page)
    assert after != before
    assert page.locator(".score-parts").count() >= len(after)
    first = page.locator(RANKED).first
    first.locator("details.reasons summary").click()
    assert "km" in first.inner_text()
    assert axe(page) == []


def test_without_javascript_a_request_is_tried_all_the_same(new_page):
    page = new_page(javascript=False)
    ask(page, near="Bergamo", what="miele")
    send(page)
    assert suppliers(page)


def test_an_ambiguous_place_asks_back_and_goes_on(page):
    page.goto("/search?q=miele&near=Samone")
    page.locator("main a", has_text="Samone (TN)").click()
    page.wait_for_url(re.compile(r"near=Samone"))
    assert page.locator("#search-near").input_value() == "Samone (TN)"
