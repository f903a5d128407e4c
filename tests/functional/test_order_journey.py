"""An order from a producer's catalogue to what each household gets: two groups, booked on phones, closed, shared out with reasons."""

import os
import re
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.rome_time import ROME
from tests.functional.test_answering_journey import PHONE, database, looked_at, write
from tests.functional.test_members_journey import sign_in

#: Not in the suite yet: on a loaded machine it was never seen to its end.
pytestmark = [pytest.mark.needs("chromium"), pytest.mark.ordeal]

SHOTS = os.environ.get("JOURNEY_SCREENSHOTS")
FLOUR = "Farina integrale macinata a pietra"


def wall(days: int) -> str:
    return (datetime.now(ROME) + timedelta(days=days)).strftime("%Y-%m-%dT20:00")


def book(page, path: str, quantity: str, tolerance: str) -> None:
    page.goto(path)
    row = page.locator(".book-row", has_text=FLOUR)
    row.locator("input[name^='q-']").fill(quantity)
    row.locator("input[name^='t-']").fill(tolerance)
    page.locator(".book-end button[type=submit]").click()
    page.locator("main .notice-success").first.wait_for()


def test_two_groups_order_together_from_a_catalogue_to_the_shares(new_page, axe, tmp_path_factory):
    first, second = new_page(), new_page(javascript=False)
    phone = new_page(viewport=(PHONE["width"], PHONE["height"]))
    sign_in(first, "gas@example.org")
    sign_in(second, "gas2@example.org")
    sign_in(phone, "famiglia@example.org")

    first.goto("/orders/new?q=Mulino+Ruota+Lenta")
    first.locator("input[name=source][value^='supplier-']").first.check()
    looked_at(first, axe, "order-source", SHOTS)
    first.locator("main .form-buttons button[type=submit]").click()
    first.locator("input[name=title]").fill("Farine del viaggio")
    first.locator("input[name=closes_at]").fill(wall(3))
    first.locator("input[name=delivery_from]").fill(wall(6))
    first.locator("input[name=places-0-name]").fill("Oratorio")
    first.locator("input[name=open_to_groups]").check()
    looked_at(first, axe, "order-new", SHOTS)
    first.locator("main form button[type=submit].btn-primary").click()
    first.locator("input[name^='keep-']").first.wait_for()
    looked_at(first, axe, "order-products", SHOTS)
    first.locator("main form button[type=submit].btn-primary").click()
    first.locator("form[action$='/confirm'] button").click()
    first.locator("main .notice-success").first.wait_for()
    path = re.search(r"/orders/\d+", first.url).group()
    looked_at(first, axe, "order-open", SHOTS)

    second.goto("/orders/nearby")
    second.get_by_role("link", name="Farine del viaggio").click()
    second.locator(f"a[href='{path}/join']").click()
    second.locator("input[name=places-0-name]").fill("Ciclofficina")
    second.locator("button[name=more]").click()
    second.locator("input[name=places-1-name]").fill("Cortile")
    looked_at(second, axe, "order-join", SHOTS)
    second.locator("main form button[type=submit].btn-primary").click()
    first.goto(path)
    first.locator("form[action$='/admit'] button").click()
    first.goto(path)
    assert "Casa Ventitré" not in first.locator("main").inner_text()

    phone.goto(f"{path}/book")
    looked_at(phone, axe, "order-book", SHOTS)
    book(phone, f"{path}/book", "4,5", "1,5")
    second.goto(path)
    second.locator("select[name=household]").select_option(label="Casa Ventitré")
    second.locator("form[action$='/book'] button").click()
    book(second, second.url, "4", "0")
    assert "per conto" in second.locator("main").inner_text().lower()
    phone.goto(f"{path}/book")
    looked_at(phone, axe, "order-booked", SHOTS)
    first.goto(path)
    looked_at(first, axe, "order-with-groups", SHOTS)

    over = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=1)
    write(
        database(tmp_path_factory),
        "UPDATE order_cycle SET opens_at = '2020-01-01 10:00:00.000000', closes_at = ? WHERE id = ?",
        over.isoformat(" ", "microseconds"),
        int(path.rpartition("/")[2]),
    )
    first.goto(path)
    button = first.locator("form[action$='/close'] button")
    if button.count():  # the worker may have been faster
        button.click()
    first.goto(path)
    looked_at(first, axe, "order-closed", SHOTS)
    phone.goto(f"{path}/book")
    # a box of ten: 4,5 and 4 booked, 1,5 tolerated
    got = phone.locator("main").inner_text()
    assert re.search(rf"{FLOUR}: 6 kg", got), got
    assert "4,5 kg" in got
    looked_at(phone, axe, "order-shares", SHOTS)
    second.goto(path)
    assert "Famiglia di prova" not in second.locator("main").inner_text()
    looked_at(second, axe, "order-second-group", SHOTS)
