"""A whole order of two groups, from a producer's catalogue to the last cent: on a phone, on a desk, and without JavaScript.

The moments that somebody would wait for are brought about in the database; everything else is done on the pages.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from marketplace.rome_time import ROME
from tests.functional.signing_in import sign_in
from tests.functional.test_answering_journey import PHONE, database, looked_at, write

pytestmark = pytest.mark.needs("chromium")

SHOTS = os.environ.get("JOURNEY_SCREENSHOTS")
FLOUR = "Farina integrale macinata a pietra"
NEIGHBOUR = "Casa Ventitré"
GROUP = "gas-sette-sporte"


def wall(days: int) -> str:
    return (datetime.now(ROME) + timedelta(days=days)).strftime("%Y-%m-%dT20:00")


def keep(name: str, content: bytes) -> None:
    if SHOTS:
        Path(SHOTS, name).write_bytes(content)


def text_of(page) -> str:
    return page.locator("main").inner_text().replace("\u00a0", " ")


def press(page, selector: str) -> None:
    """Press the one button of a form, and wait until the page says that it was done."""
    page.locator(selector).click()
    page.locator("main .notice-success").first.wait_for()


def book(page, path: str, quantity: str, tolerance: str) -> None:
    page.goto(path)
    row = page.locator(".book-row", has_text=FLOUR)
    row.locator("input[name^='q-']").fill(quantity)
    row.locator("input[name^='t-']").fill(tolerance)
    press(page, ".book-end button[type=submit]")


@pytest.fixture
def passes(tmp_path_factory):
    """``passes(path, column)``: that moment of the order was a minute ago."""

    def write_moment(path: str, *columns: str) -> None:
        over = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=1)
        for column in columns:
            write(
                database(tmp_path_factory),
                f"UPDATE order_cycle SET opens_at = '2020-01-01 10:00:00.000000', {column} = ? WHERE id = ?",
                over.isoformat(" ", "microseconds"),
                int(path.rpartition("/")[2]),
            )

    return write_moment


def test_two_groups_order_together_from_a_catalogue_to_the_last_cent(new_page, axe, passes):
    first, second = new_page(), new_page(javascript=False)
    phone = new_page(viewport=(PHONE["width"], PHONE["height"]))
    sign_in(first, "gas@example.org")
    sign_in(second, "gas2@example.org")
    sign_in(phone, "famiglia@example.org")

    # opened from a catalogue
    first.goto("/orders/new?q=Mulino+Ruota+Lenta")
    first.locator("input[name=source][value^='supplier-']").first.check()
    first.locator("main .form-buttons button[type=submit]").click()
    first.locator("input[name=title]").fill("Farine del viaggio")
    first.locator("input[name=closes_at]").fill(wall(3))
    first.locator("input[name=completion_until]").fill(wall(4))
    first.locator("input[name=delivery_from]").fill(wall(6))
    first.locator("input[name=places-0-name]").fill("Oratorio")
    first.locator("input[name=open_to_groups]").check()
    looked_at(first, axe, "order-new", SHOTS)
    first.locator("main form button[type=submit].btn-primary").click()
    first.locator("input[name^='keep-']").first.wait_for()
    looked_at(first, axe, "order-products", SHOTS)
    first.locator("main form button[type=submit].btn-primary").click()
    press(first, "form[action$='/confirm'] button")
    path = re.search(r"/orders/\d+", first.url).group()
    assert "Farine del viaggio" in first.locator("#to-copy").input_value()

    # a second group joins, without JavaScript
    second.goto("/orders/nearby")
    second.get_by_role("link", name="Farine del viaggio").click()
    second.locator(f"a[href='{path}/join']").click()
    second.locator("input[name=places-0-name]").fill("Ciclofficina")
    second.locator("button[name=more]").click()
    second.locator("input[name=places-1-name]").fill("Cortile")
    second.locator("main form button[type=submit].btn-primary").click()
    first.goto(path)
    first.locator("form[action$='/admit'] button").click()
    first.locator("form[action$='/admit']").wait_for(state="detached")
    looked_at(first, axe, "order-open", SHOTS)

    # booked on a phone with tolerance, and by a referente for a neighbour
    phone.goto(f"{path}/book")
    looked_at(phone, axe, "order-book", SHOTS)
    book(phone, f"{path}/book", "4,5", "1,5")
    second.goto(path)
    second.locator("select[name=household]").select_option(label=NEIGHBOUR)
    second.locator("form[action$='/book'] button").click()
    book(second, second.url, "3", "0")
    assert "per conto" in text_of(second).lower()
    first.goto(path)
    assert NEIGHBOUR not in text_of(first)

    # bookings are over; a box of ten lacks one kilo, and whoever helps to fill it still can
    passes(path, "closes_at")
    phone.goto(f"{path}/book")
    book(phone, f"{path}/book", "5,5", "1,5")
    passes(path, "completion_until")
    first.goto(path)
    button = first.locator("form[action$='/close'] button")
    if button.count():  # the worker may have been faster
        press(first, "form[action$='/close'] button")
    phone.goto(f"{path}/book")
    got = text_of(phone)
    assert f"{FLOUR}: 7 kg" in got, got
    looked_at(phone, axe, "order-shares", SHOTS)
    second.goto(path)
    assert "Famiglia di prova" not in text_of(second)

    # to the supplier, who has an account and gets a link beside it: the sheet, then less than was ordered
    first.goto(f"{path}/suppliers")
    press(first, "form[action$='/send'] button")
    sheet = first.request.get(first.locator("a[href$='/order.pdf']").first.get_attribute("href"))
    assert sheet.body()[:5] == b"%PDF-"
    keep("order-sheet.pdf", sheet.body())
    first.locator("details:has(form[action$='/link']) summary").first.click()
    first.locator("form[action$='/link'] button").click()
    link = first.locator("#new-link").input_value()
    supplier = new_page(viewport=(PHONE["width"], PHONE["height"]))
    supplier.goto(urlsplit(link).path)
    looked_at(supplier, axe, "order-by-link", SHOTS)
    supplier.get_by_label(re.compile(f"^Consegno.*{FLOUR}")).fill("8")
    press(supplier, "main form button[type=submit].btn-primary")
    phone.goto(f"{path}/book")
    got = text_of(phone)
    assert f"{FLOUR}: 5 kg" in got, got
    second.goto(path)
    second.locator(f"a[href='{path}/answers']").click()
    assert f"{FLOUR}: 8 kg" in text_of(second)

    # handed out: on a phone's list, and without JavaScript with money at the table
    first.goto(f"{path}/delivery")
    first.get_by_role("link", name="Oratorio").first.click()
    card = first.locator(".hand").first
    card.locator("summary").first.click()
    card.locator("input[name^='tick-']").first.check()
    card.locator("input[name=collected]").check()
    first.locator("#sync[data-waiting='0']").wait_for(state="attached")
    second.goto(f"{path}/delivery")
    second.get_by_role("link", name="Ciclofficina").first.click()
    second.locator(".hand summary").first.click()
    form = second.locator(".hand form").first
    for name in ("tick-", "collected", "paid"):
        form.locator(f"input[type=checkbox][name^='{name}']").first.check()
    press(second, "form[data-hand] button[type=submit]")
    first.goto(f"{path}/delivery")
    press(first, "form[action$='/delivery/done'] button")

    # the accounts are closed: one group keeps a cassa and is charged, in the other everybody has paid at the table
    first.goto(f"/organisations/{GROUP}/households/settings")
    first.locator("input[name=keeps_accounts]").check()
    press(first, "main form button[type=submit].btn-primary")
    first.goto(f"{path}/settle")
    looked_at(first, axe, "order-settle", SHOTS)
    assert NEIGHBOUR not in text_of(first)
    press(first, "form[action$='/settle'] button")
    phone.goto(f"/organisations/{GROUP}/cassa/mine")
    looked_at(phone, axe, "order-own-account", SHOTS)
    assert "Da pagare: 9,50 €" in text_of(phone)
    second.goto(path)
    second.get_by_role("link", name="Chi deve quanto").click()
    assert "pagato 5,70 €" in text_of(second)
