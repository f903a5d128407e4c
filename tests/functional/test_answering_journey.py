"""A farm finds a school's request, asks, answers and hands in; the school sees that one came, and reads it once it has closed."""

import os
import sqlite3
from contextlib import closing

import pytest

from tests.functional.signing_in import sign_in

pytestmark = pytest.mark.needs("chromium")

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
TITLE = "Frutta per la merenda di diciotto classi"
QUESTION = "La frutta va portata in ogni plesso?"


def looked_at(page, axe, name, screenshots) -> None:
    """On a desk and on a phone: nothing wider than the screen, and nothing that axe finds on the phone."""
    # before its sheets are there a page is of any width, which nobody ever sees
    page.wait_for_load_state()
    before = page.viewport_size
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        if screenshots:
            page.screenshot(path=f"{screenshots}/{name}-{size['width']}.png", full_page=True, caret="initial")
    assert axe(page) == [], name
    page.set_viewport_size(before)


def database(tmp_path_factory):
    """The file of the running product's database."""
    (found,) = tmp_path_factory.getbasetemp().glob("live[0-9]*/instance/incontro.db")
    return found


def write(path, sql: str, *values) -> None:
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        assert connection.execute(sql, values).rowcount == 1


def test_a_supplier_answers_and_the_buyer_reads_it_after_the_deadline(new_page, axe, tmp_path_factory):
    shots = os.environ.get("JOURNEY_SCREENSHOTS")
    farm, school = new_page(), new_page(javascript=False)
    sign_in(farm, "cascina@example.org")
    live = database(tmp_path_factory)
    with closing(sqlite3.connect(live, timeout=10)) as connection:
        ((demand_id,),) = connection.execute("SELECT id FROM demand WHERE title = ?", (TITLE,))
    path = f"/demands/{demand_id}"
    write(
        live,
        "UPDATE demand SET questions_until = NULL, closes_at = '2096-01-01 11:00:00.000000' WHERE id = ?",
        demand_id,
    )

    farm.goto(path)
    farm.get_by_role("link", name="Domande").click()
    farm.locator("textarea[name=text]").fill(QUESTION)
    farm.get_by_role("button", name="Chiedi").click()
    farm.locator(".question", has_text=QUESTION).wait_for()
    looked_at(farm, axe, "questions", shots)

    sign_in(school, "scuola@example.org")
    school.goto(f"{path}/questions")
    asked = school.locator(".question", has_text=QUESTION)
    assert "tre gelsi" not in school.locator("main").inner_text().lower()
    asked.locator("textarea").fill("No, in un punto solo.")
    asked.get_by_role("button").click()
    assert school.locator(".question", has_text="No, in un punto solo.").count() == 1

    farm.goto(f"{path}/answer")
    farm.locator("input[name$='-price']").first.fill("1e5")
    farm.get_by_role("button", name="Consegna", exact=True).click()
    farm.locator(".field-error").first.wait_for()
    looked_at(farm, axe, "answer-refused", shots)
    farm.locator("input[name$='-price']").first.fill("1,85")
    farm.locator("select[name$='-vat_rate']").first.select_option("400")
    farm.locator("textarea[name=message]").fill("Portiamo il lunedì e il giovedì.")
    farm.get_by_role("button", name="Salva e continua dopo").click()
    farm.locator(".notice-warning").first.wait_for()
    farm.get_by_role("button", name="Consegna", exact=True).click()
    farm.locator("main .notice-success").first.wait_for()
    looked_at(farm, axe, "answer-handed-in", shots)
    farm.goto(f"{path}/together")
    looked_at(farm, axe, "together", shots)
    farm.goto(f"{path}/share")
    assert path in farm.locator("#share-text").input_value()
    looked_at(farm, axe, "share", shots)

    school.goto(f"{path}/answers")
    assert "1 preventivo" in school.locator("main").inner_text()
    assert "lunedì" not in school.locator("main").inner_text()
    write(live, "UPDATE demand SET closes_at = '2026-01-01 11:00:00.000000' WHERE id = ?", demand_id)
    reader = new_page()
    sign_in(reader, "scuola@example.org")
    reader.goto(f"{path}/answers")
    assert "Portiamo il lunedì e il giovedì." in reader.locator("main").inner_text()
    assert "1,85" in reader.locator("main").inner_text()
    looked_at(reader, axe, "answers", shots)
    farm.goto(f"{path}/answer")
    assert farm.get_by_role("button", name="Consegna").count() == 0
    looked_at(farm, axe, "answer-sealed", shots)
    write(live, "UPDATE demand SET closes_at = '2096-01-01 11:00:00.000000' WHERE id = ?", demand_id)
