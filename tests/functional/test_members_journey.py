"""A member publishes a product and a request, in a real browser, and everybody finds them."""

import re
import time

import pytest

from tests.functional.signing_in import sign_in

pytestmark = pytest.mark.needs("chromium")


def test_a_farm_publishes_a_product_and_it_is_found_within_moments(new_page):
    farmer, resident = new_page(), new_page()
    sign_in(farmer, "cascina@example.org")
    farmer.goto("/mine")
    farmer.locator("a[href$='/offers/new']").first.click()
    farmer.locator("input[name=title]").fill("Zafferano purissimo di prova")
    farmer.locator("main form button[type=submit]", has_text=re.compile("Pubblica|Publish")).click()
    # what is missing is said beside its field and what was written stays
    farmer.locator(".field-error").first.wait_for()
    assert farmer.locator("input[name=title]").input_value() == "Zafferano purissimo di prova"
    farmer.locator("select[name=category]").select_option("food.condiments.salt_spices")
    farmer.locator("select[name=unit]").select_option("jar")
    farmer.locator("input[name=price]").fill("9,50")
    farmer.locator("main form button[type=submit]", has_text=re.compile("Pubblica|Publish")).click()
    farmer.wait_for_url(re.compile(r"/offers/\d+$"))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        resident.goto("/search?q=zafferano+purissimo")
        if resident.locator(".offer-card", has_text="Zafferano purissimo di prova").count():
            break
        time.sleep(0.2)
    assert resident.locator(".offer-card", has_text="Zafferano purissimo di prova").count() == 1


def test_a_group_posts_a_need_and_sees_who_can_answer(page):
    sign_in(page, "gas@example.org")
    page.goto("/mine")
    page.locator("a[href$='/demands/new']").first.click()
    page.locator("input[name=title]").fill("Arance per quaranta famiglie")
    page.locator("#near").fill("Bergamo")
    page.locator("input[name='lots-0-what']").fill("arance")
    page.locator("main form button[type=submit]", has_text=re.compile("Pubblica|Publish")).last.click()
    page.wait_for_url(re.compile(r"/demands/\d+"))
    assert page.locator("h1").inner_text() == "Arance per quaranta famiglie"
    assert page.locator("[data-rank]").count() > 0
