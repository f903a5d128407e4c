"""From a need to a recorded outcome, in a real browser: a clerk with a canteen, a purchasing group with its oranges."""

import io
import re
import zipfile

import pytest

from tests.functional.signing_in import sign_in
from tests.functional.test_answering_journey import database, write
from tests.functional.test_posting_journey import looks_well

pytestmark = pytest.mark.needs("chromium")

PUBLISHED = re.compile(r"/demands/\d+$")


def publish(page, title: str, near: str, what: str, quantity: str, **fields) -> str:
    """Fill in the form that the page shows, and publish it; the address of what was published."""
    page.locator("#title").fill(title)
    page.locator("#near").fill(near)
    page.locator("input[name='lots-0-what']").fill(what)
    page.locator("input[name='lots-0-quantity']").fill(quantity)
    page.locator("select[name='lots-0-unit']").select_option("kg")
    page.locator(".live-count .count-number").wait_for()
    assert int(page.locator(".count-number strong").inner_text()) > 0
    for name, value in fields.items():
        page.locator(f"input[name={name}]").fill(value)
    page.locator("button[name=publish]").click()
    page.wait_for_url(PUBLISHED)
    return page.url


def answer(page, address: str, price: str) -> None:
    """Answer the only line, and hand it in."""
    page.goto(f"{address}/answer")
    page.locator("input[name$='-price']").first.fill(price)
    # groups are told prices with VAT, and no rate is asked
    rate = page.locator("select[name$='-vat_rate']")
    if rate.count():
        rate.first.select_option("400")
    page.get_by_role("button", name="Consegna", exact=True).click()
    page.locator("main .notice-success").first.wait_for()


def text_of(odt: bytes) -> str:
    """The words of an ODT, as whoever opens it reads them."""
    with zipfile.ZipFile(io.BytesIO(odt)) as archive:
        return re.sub(r"<[^>]+>", " ", archive.read("content.xml").decode())


def test_a_clerk_asks_for_quotes_and_has_the_report_in_hand(new_page, axe, tmp_path_factory):
    clerk, farm, anybody = new_page(viewport=(1280, 800)), new_page(), new_page(viewport=(390, 844))
    sign_in(clerk, "comune@example.org")
    clerk.goto("/mine")
    clerk.locator("a[href$='/demands/new']").first.click()
    clerk.locator("a[href*='type=quote_request']").click()
    title = "Carote e patate per la mensa di via Roma"
    address = publish(
        clerk, title, "Clusone", "carote", "400",
        fit="4", proximity="0", values="4", price="2", closes_at="2031-05-31T12:00",
    )  # fmt: skip
    for sub_page in ("pooling", "together", "lists", "report", "outcome"):
        clerk.goto(f"{address}/{sub_page}")
        looks_well(clerk, axe)

    sign_in(farm, "cascina@example.org")
    answer(farm, address, "1,85")
    clerk.goto(f"{address}/compare")
    assert "1,85" not in clerk.locator("main").inner_text()

    demand_id = int(address.rsplit("/", 1)[1])
    live = database(tmp_path_factory)
    write(live, "UPDATE demand SET closes_at = '2026-01-01 11:00:00.000000' WHERE id = ?", demand_id)
    clerk.goto(f"{address}/compare")
    assert "1,85" in clerk.locator("table.compare").inner_text()
    looks_well(clerk, axe)
    clerk.goto(f"{address}/lists")
    clerk.get_by_role("button", name="Congela").click()
    clerk.wait_for_url(re.compile(r"/lists/\d+$"))
    looks_well(clerk, axe)

    clerk.goto(f"{address}/report/edit")
    looks_well(clerk, axe)
    clerk.locator("[name=rup]").fill("Responsabile dell'ufficio scuola")
    clerk.locator("[name=rotation]").fill("L'affidatario uscente non è stato invitato.")
    clerk.locator("main form button[type=submit]").last.click()
    clerk.wait_for_url(re.compile(r"/report$"))
    looks_well(clerk, axe)
    with clerk.expect_download() as waiting:
        clerk.locator("a[href$='/report.odt']").click()
    with open(waiting.value.path(), "rb") as file:
        words = text_of(file.read())
    for told in (
        title,
        "Responsabile dell",
        "uscente non è stato invitato",
        "1,85",
        "o equivalente",
        "[da compilare",
    ):
        assert told in words, told

    clerk.goto(f"{address}/outcome/edit")
    clerk.locator("#act_number").fill("42")
    clerk.locator("#act_date").fill("2026-01-20")
    clerk.locator("select[name='awards-0-supplier']").select_option(index=1)
    clerk.locator("input[name='awards-0-amount']").fill("740")
    looks_well(clerk, axe)
    clerk.get_by_role("button", name="Registra").click()
    clerk.wait_for_url(re.compile(r"/outcome$"))
    looks_well(clerk, axe)
    anybody.goto(address)
    anybody.get_by_role("link", name="Esito").click()
    told = anybody.locator("main").inner_text()
    assert "42" in told
    assert "740,00" in told
    looks_well(anybody, axe)


def test_a_referente_asks_for_oranges_and_reads_each_answer_as_it_comes(new_page, axe):
    referente, farm = new_page(viewport=(1280, 800)), new_page()
    sign_in(referente, "gas@example.org")
    referente.goto("/notices/preferences")
    looks_well(referente, axe)
    referente.goto("/mine")
    referente.locator("a[href$='/demands/new']").first.click()
    address = publish(referente, "Arance per trenta famiglie", "Bergamo", "arance", "300")
    referente.goto(f"{address}/pooling")
    looks_well(referente, axe)
    referente.goto(f"{address}/together")
    looks_well(referente, axe)

    sign_in(farm, "cascina@example.org")
    answer(farm, address, "2,10")
    referente.goto(f"{address}/answers")
    assert "2,10" in referente.locator("main").inner_text()
    referente.goto(f"{address}/compare")
    referente.locator("details.panel summary").first.click()
    referente.locator("#slider-price").fill("9")
    looks_well(referente, axe)
    referente.locator("details.panel form button[type=submit]").click()
    referente.locator("main .notice-success, .notice-success").first.wait_for()
    assert referente.locator("#slider-price").input_value() == "9"

    referente.goto(f"{address}/outcome/edit")
    referente.locator("select[name='awards-0-supplier']").select_option(index=1)
    referente.get_by_role("button", name="Registra").click()
    referente.wait_for_url(re.compile(r"/outcome$"))
    assert referente.locator(".cards h3").count() == 1
    farm.goto(f"{address}/answer")
    assert farm.get_by_role("button", name="Consegna").count() == 0
