"""A producer draws a delivery area on the map, moves a corner and keeps it."""

import json

import pytest

from tests.functional.signing_in import sign_in

PHONE, DESK = (390, 800), (1280, 900)


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_an_area_is_drawn_and_its_corner_moved(new_page, axe, viewport):
    page = new_page(viewport=viewport)
    sign_in(page, "cascina@example.org")
    page.goto("/organisations/cascina-tre-gelsi/areas")
    page.get_by_label("Dove", exact=True).select_option("polygon")
    page.get_by_role("button", name="Disegna Poligoni").click()
    box = page.locator(".map-drawing .map-canvas").bounding_box()
    for right, down in ((0.4, 0.4), (0.7, 0.4), (0.7, 0.7), (0.4, 0.4)):
        page.mouse.click(box["x"] + box["width"] * right, box["y"] + box["height"] * down)
    text = page.locator("#polygon")
    drawn = json.loads(text.input_value())
    assert len(drawn["coordinates"][0]) == 4
    page.locator(".leaflet-pm-icon-edit").click()
    corner = page.get_by_role("button", name="Vertice della zona").first.bounding_box()
    page.mouse.move(corner["x"] + 5, corner["y"] + 5)
    page.mouse.down()
    page.mouse.move(corner["x"] - 20, corner["y"] - 20, steps=3)
    page.mouse.up()
    assert json.loads(text.input_value()) != drawn
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Aggiungi").click()
    page.get_by_text("In una zona sua, disegnata sulla mappa").first.wait_for()
