"""From sign-up through approval and an imported price list to being found nearby, in a real browser."""

import re
import time
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.functional.signing_in import sign_in

pytestmark = pytest.mark.needs("chromium")

ADDRESS = "nuova.produttrice@example.org"
PASSWORD = "sette capre sul monte"
FARM = "Capre del Colle di Prova"
SUBMIT = "main form button[type=submit]"


def price_list() -> bytes:
    """Three products; the column of prices has a name that says something else."""
    workbook = Workbook()
    sheet = workbook.active
    for row in (
        ["Codice", "Descrizione", "Categoria", "U.M.", "Quanto"],
        ["A1", "Robiola di capra di prova", "formaggi caprini", "kg", 15.5],
        ["A2", "Ricotta di capra di prova", "ricotta", "kg", 9.2],
        ["A3", "Yogurt di capra di prova", "yogurt", "pezzo", 2.3],
    ):
        sheet.append(row)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def sign_up(page, smtp_sink) -> None:
    page.goto("/register?next=/join")
    page.locator("main input[name=email]").fill(ADDRESS)
    if page.locator("main input[name=name]").count():
        page.locator("main input[name=name]").fill("Nuova Produttrice")
    for box in page.locator("main input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("main form [type=submit]").first.click()
    page.goto(link_in_mail(smtp_sink, ADDRESS, "/confirm/"))
    page.goto("/login")
    if page.locator("main input[name=password]").count():
        page.locator("main input[name=email]").fill(ADDRESS)
        page.locator("main input[name=password]").fill(PASSWORD)
        page.locator("main form [type=submit]").first.click()
    page.locator(".menu-account").wait_for(state="attached")


def link_in_mail(smtp_sink, to: str, part: str) -> str:
    """The path of the link in the newest mail to an address; waits for the worker to send it."""
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        for message in reversed(smtp_sink.messages):
            if to in str(message["To"]):
                text = message.get_body(("plain",)).get_content()
                if found := re.search(rf"https?://[^/\s]+({re.escape(part)}\S+)", text):
                    return found[1]
        time.sleep(0.2)
    raise AssertionError(f"no mail to {to} with a link to {part}")


def apply_to_join(page) -> None:
    page.goto("/organisations/new?as=farm")
    page.locator("input[name=name]").fill(FARM)
    page.locator("select[name=legal_form]").select_option("farm_individual")
    if not page.locator("input[name=kinds][value=producer]").is_checked():
        page.locator("input[name=kinds][value=producer]").check()
    page.locator("input[name=vat_number]").fill("98765430164")
    page.locator(SUBMIT).last.click()
    assert page.locator(".field-error").all_inner_texts() == []
    page.wait_for_url("**/profile/seat")
    page.locator("#near").fill("Clusone")
    page.locator("input[name=address]").fill("Via del Colle 1")
    page.locator(SUBMIT).last.click()
    # the middle of the municipality is shown first, to be moved or taken as it is
    page.locator(".flashes .notice").wait_for()
    page.locator(SUBMIT).last.click()
    page.wait_for_url(re.compile("/profile/(places|contacts)"))
    page.goto(page.url.replace("/places", "/contacts"))
    page.locator("textarea[name=summary]").fill("Capre al pascolo e formaggi freschi.")
    page.locator("input[name=email]").fill(ADDRESS)
    page.locator(SUBMIT).last.click()
    page.wait_for_url("**/profile/charter")
    if page.locator("input[name=accepted]").count():
        page.locator("input[name=accepted]").check()
    page.locator(SUBMIT).last.click()
    page.wait_for_url("**/mine")


def test_a_farm_joins_is_approved_imports_its_list_and_is_found_by_a_group_nearby(new_page, smtp_sink, axe):
    farmer, desk, group = new_page(), new_page(), new_page()
    sign_up(farmer, smtp_sink)
    apply_to_join(farmer)
    assert FARM in farmer.locator("main").inner_text()

    group.goto(f"/search?q={FARM}")
    assert FARM not in group.locator(".split-list").inner_text()

    sign_in(desk, "segreteria@example.org")
    desk.goto("/desk")
    desk.locator("main a", has_text=FARM).first.click()
    assert axe(desk) == []
    desk.locator("button[name=verdict][value=approved]").click()
    desk.wait_for_load_state()

    farmer.goto("/mine")
    farmer.locator("main a[href*='/import']").first.click()
    farmer.set_input_files(
        "input[name=file]",
        {"name": "listino.xlsx", "mimeType": "application/octet-stream", "buffer": price_list()},
    )
    farmer.locator(SUBMIT).first.click()
    farmer.wait_for_url(re.compile(r"/imports/\d+/columns"))
    assert axe(farmer) == []
    # "Quanto" says nothing of prices: a person tells what the column holds, and may err first
    farmer.get_by_label("Descrizione", exact=True).select_option("title")
    farmer.get_by_label("Quanto", exact=True).select_option("price")
    farmer.locator(SUBMIT).first.click()
    if "/questions" in farmer.url:
        for choice in farmer.locator("main form select").all():
            if not choice.input_value():
                choice.select_option(index=1)
        farmer.locator(SUBMIT).last.click()
    farmer.wait_for_url(re.compile(r"/imports/\d+$"))
    assert "Robiola di capra di prova" in farmer.locator("main").inner_text()
    farmer.locator("form[action$='/confirm'] button[type=submit]").click()
    farmer.wait_for_load_state()

    give_up = time.monotonic() + 30
    found = group.locator(".offer-card", has_text="Robiola di capra di prova")
    while time.monotonic() < give_up:
        group.goto("/search?q=robiola+di+capra+di+prova&near=Clusone")
        if found.count():
            break
        time.sleep(0.3)
    assert "15,50" in found.first.inner_text()
