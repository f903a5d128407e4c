"""A clerk writes a request for quotes for a canteen: left half way, resumed, counted while writing, published."""

import os
import re
from urllib.parse import urlsplit

import pytest

from tests.functional.signing_in import sign_in
from tests.functional.test_answering_journey import looked_at

pytestmark = pytest.mark.needs("chromium")

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\nxref\n0 1\ntrailer <<>>\nstartxref\n9\n%%EOF\n"


def looks_well(page, axe) -> None:
    """On a phone and on a desk: axe finds nothing, and nothing is wider than the screen."""
    name = re.sub(r"\W+", "-", urlsplit(page.url).path)
    looked_at(page, axe, name, os.environ.get("JOURNEY_SCREENSHOTS"))


def test_a_clerk_posts_a_request_for_quotes_for_a_canteen(new_page, axe):
    page = new_page(viewport=(1280, 800))
    sign_in(page, "comune@example.org")
    page.goto("/mine")
    page.locator("a[href$='/demands/new']").first.click()
    looks_well(page, axe)
    page.locator("a[href*='type=quote_request']").click()
    looks_well(page, axe)

    # half way, and left
    page.locator("#title").fill("Verdure per la mensa scolastica")
    page.locator("#near").fill("Clusone")
    page.locator("button[name=save]").click()
    page.wait_for_url(re.compile(r"/demands/drafts/\d+$"))
    page.goto("/demands/drafts")
    looks_well(page, axe)
    page.locator("a", has_text="Verdure per la mensa scolastica").first.click()
    assert page.locator("#near").input_value() == "Clusone"

    # what is needed, from the tree
    page.locator("button.pick-open").first.click()
    page.locator("#pick-words").fill("ortaggi")
    page.locator("button[name=pick][value='0:?']").click()
    page.locator(".pick-list").first.wait_for()
    looks_well(page, axe)
    page.locator("button[name=choose]").first.click()
    page.locator(".pick-tree").wait_for(state="detached")
    assert page.locator("input[name='lots-0-what']").input_value() != ""
    page.locator("input[name='lots-0-quantity']").fill("1200")
    page.locator("select[name='lots-0-unit']").select_option("kg")

    # while writing: how many, and what a requirement costs
    page.locator(".live-count .count-number").wait_for()
    # the map has gone to the place that was written; a point put on it is what two boxes hold
    page.locator(".map-picker .pin-place").wait_for()
    assert page.locator("#lat").input_value() == ""
    page.locator(".map-picker .map-canvas").press("Enter")
    assert page.locator("#lat").input_value().startswith("45.8")
    everybody = int(page.locator(".count-number strong").inner_text())
    assert everybody > 0
    page.locator("select[name='criteria-organic']").select_option("required")
    page.locator(".count-costs li", has_text=re.compile(rf"biologico.*{everybody} invece di \d+")).wait_for()
    looks_well(page, axe)

    page.locator("#estimated_value").fill("150000")
    for component, weight in (("fit", "4"), ("proximity", "0"), ("values", "4"), ("price", "2")):
        page.locator(f"input[name={component}]").fill(weight)
    page.locator("#closes_at").fill("2031-03-30T02:30")
    page.set_input_files("#document", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#document_title").fill("Capitolato")
    page.locator("button[name=attach]").click()
    page.locator(".attachments a", has_text="Capitolato").wait_for()
    page.locator("button[name=publish]").click()
    # an hour that does not exist on that night
    page.locator("#closes_at-error").wait_for()
    looks_well(page, axe)
    page.locator("#closes_at").fill("2031-04-30T12:00")
    page.locator("button[name=publish]").click()
    # above the threshold: what the law says, with its source, before publishing all the same
    page.locator(".live-count .law-source", has_text="D.Lgs. 36/2023").first.wait_for()
    looks_well(page, axe)
    page.locator("#confirmed").check()
    page.locator("button[name=publish]").click()
    page.wait_for_url(re.compile(r"/demands/\d+$"))
    assert page.locator("h1").inner_text() == "Verdure per la mensa scolastica"
    assert "o equivalente" in page.locator(".asked").inner_text()
    looks_well(page, axe)

    # made clear while it is open, and seen by everybody
    address = page.url
    page.goto(f"{address}/clarify")
    looks_well(page, axe)
    page.locator("#text").fill("Si consegna alle sette.")
    page.locator("#closes_at").fill("2031-05-15T12:00")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/demands/\d+#clarifications$"))
    anybody = new_page(viewport=(390, 844))
    anybody.goto(address)
    assert "Si consegna alle sette." in anybody.locator(".clarifications").inner_text()
    looks_well(anybody, axe)
