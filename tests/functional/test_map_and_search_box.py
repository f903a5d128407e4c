"""The map and the search box in a real browser: in step with the list, by keyboard too, and inert to hostile names."""

import json
import re

import pytest

pytestmark = pytest.mark.needs("chromium")

RESULTS = "/search?q=formaggio&near=Clusone"
HOSTILE = "<img src=x onerror=\"document.title='broken into'\">"
MARKERS = ".leaflet-marker-pane .pin"


def open_results(page):
    page.goto(RESULTS)
    page.wait_for_selector(MARKERS)


def test_a_row_raises_its_marker(page):
    open_results(page)
    assert page.locator(".pin-on").count() == 0
    page.locator("[data-map-id] a").first.focus()
    page.wait_for_selector(".pin-on")
    page.locator("#search-q").focus()
    page.wait_for_selector(".pin-on", state="detached")


def test_a_marker_is_opened_by_keyboard_and_leads_to_its_page(page):
    open_results(page)
    # far enough in for single markers; those of the first rows are among them
    marker = page.locator(f"{MARKERS}[aria-label]").first
    name = marker.get_attribute("aria-label")
    marker.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    assert popup.locator(".popup-name").text_content() == name
    popup.locator("a").click()
    page.wait_for_url("**/organisations/**")
    assert name in page.locator("h1").text_content()


def test_every_point_of_the_map_is_a_control_with_a_name(page):
    open_results(page)
    names = page.locator(MARKERS).evaluate_all(
        "pins => pins.filter(pin => pin.tabIndex === 0).map(pin => pin.getAttribute('aria-label') || pin.textContent)"
    )
    assert names
    assert all(name.strip() for name in names)


def test_names_from_the_data_are_written_as_text_on_the_map(new_page):
    page = new_page()

    def with_a_hostile_name(route):
        answer = route.fetch()
        body = answer.text()
        found = re.search(r'<script type="application/json" data-map-points="map">(.*?)</script>', body, re.S)
        points = json.loads(found[1])
        for feature in points["features"]:
            feature["properties"] |= {"name": HOSTILE, "title": HOSTILE, "icon": HOSTILE, "kind": HOSTILE}
            feature["properties"]["url"] = "javascript:document.title='broken into'"
        hostile = json.dumps(points).replace("<", "\\u003c").replace(">", "\\u003e")
        route.fulfill(response=answer, body=body.replace(found[1], hostile))

    page.route("**/search?*", with_a_hostile_name)
    open_results(page)
    marker = page.locator(f"{MARKERS}[aria-label]").first
    marker.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup-content").wait_for()
    assert page.locator(".popup-name").text_content() == HOSTILE
    assert page.locator(".leaflet-popup-content img, .leaflet-popup-content a").count() == 0
    assert "broken into" not in page.title()


def test_without_javascript_a_sentence_stands_in_for_the_map_and_the_list_is_whole(new_page):
    page = new_page(javascript=False, viewport=(390, 844))
    page.goto(RESULTS)
    assert page.locator(".map-fallback").is_visible()
    assert page.locator("[data-map-id]").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_suggestions_are_chosen_by_keyboard(page):
    page.goto("/")
    box = page.locator("#search-q")
    box.press_sequentially("form")
    page.wait_for_selector("#search-q-suggestions li")
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}").text_content()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("input[name=q]").first.input_value() == chosen


def test_escape_closes_suggestions_and_what_was_typed_stays(page):
    page.goto("/")
    box = page.locator("#search-q")
    box.press_sequentially("form")
    page.wait_for_selector("#search-q-suggestions li")
    page.keyboard.press("Escape")
    assert page.locator("#search-q-suggestions").is_hidden()
    assert box.input_value() == "form"


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_the_menu_opens_on_a_phone(new_page, javascript):
    page = new_page(javascript=javascript, viewport=(390, 844))
    page.goto("/")
    page.locator(".menu-narrow > summary").click()
    page.locator(".menu-narrow").get_by_role("link", name="Come funziona").click()
    page.wait_for_url("**/how-it-works")


def test_another_language_keeps_the_page_and_is_remembered(page):
    page.goto("/criteria?x=1")
    page.locator(".languages a").click()
    page.wait_for_url("**/criteria?x=1")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/about")
    assert page.locator("h1").text_content() == "Who we are"
