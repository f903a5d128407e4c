"""A farm keeps its catalogue: a product with everything, a photo, the whole list by keyboard, the season."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.functional.signing_in import sign_in

pytestmark = pytest.mark.needs("chromium")


def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (1600, 1000), "darkorange").save(file, "JPEG")
    return file.getvalue()


def test_a_product_with_everything_from_a_phone(new_page, axe):
    page = new_page(viewport=(390, 844))
    sign_in(page, "cascina@example.org")
    page.goto("/mine")
    page.locator("a[href$='/offers/new']").first.click()
    assert axe(page) == []
    page.locator("input[name=title]").fill("Mele renette <img src=x onerror=alert(1)>")
    page.locator("button[name=guess]").click()
    page.locator("button[name=take_category][value='food.fruit.apples']").click()
    assert page.locator("select[name=category]").input_value() == "food.fruit.apples"
    page.locator("select[name=unit]").select_option("kg")
    page.locator("input[name=price]").fill("2,675")
    page.locator("summary", has_text="Come si ordina").click()
    page.locator("input[name=minimum]").fill("1,2")
    page.locator("input[name=multiple]").fill("0,5")
    page.locator("button[value=published]").click()
    page.locator("#minimum-error").wait_for()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("input[name=minimum]").fill("1")
    page.locator("button[value=published]").click()
    page.wait_for_url(re.compile(r"/offers/\d+$"))
    offer = page.url
    page.goto(f"{offer}/photos")
    page.set_input_files("input[name=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.locator("input[name=description]").fill("Una cassa di mele")
    page.locator("form[enctype] button[type=submit]").click()
    page.locator(".photo-rows img").wait_for()
    assert axe(page) == []
    page.goto(offer)
    assert (
        page.locator(".photo-strip img").evaluate("image => image.decode().then(() => image.naturalWidth)")
        > 0
    )
    assert axe(page) == []
    page.goto(f"{offer}/versions")
    assert axe(page) == []


@pytest.mark.parametrize("viewport", [(390, 844), (1280, 800)], ids=["phone", "desk"])
def test_the_whole_list_by_keyboard(new_page, axe, viewport):
    page = new_page(viewport=viewport)
    sign_in(page, "cascina@example.org")
    page.goto("/mine")
    slug = re.search(
        r"/organisations/([\w-]+)/offers/new",
        page.locator("a[href$='/offers/new']").first.get_attribute("href"),
    )[1]
    page.goto(f"/organisations/{slug}/catalogue")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    available = page.locator(".cell-available input")
    available.nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("77")
    assert available.nth(1).input_value() == "77"
    page.keyboard.press("Enter")
    page.locator(".flashes .notice").wait_for()
    assert page.locator(".cell-available input").nth(1).input_value() == "77"
    page.goto(f"/organisations/{slug}/catalogue/copy")
    assert axe(page) == []


@pytest.mark.parametrize("viewport", [(390, 844), (1280, 800)], ids=["phone", "desk"])
def test_the_season_of_the_district(new_page, axe, viewport):
    page = new_page(viewport=viewport)
    for path in ("/season", "/help/catalogue"):
        page.goto(path)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto("/season")
    assert page.locator("td.in-season").count() > 0
