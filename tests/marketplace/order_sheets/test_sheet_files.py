"""One order on paper, in a spreadsheet and as GDXP: the same quantities, the same cents, and nothing that runs."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from marketplace.i18n import speaking
from marketplace.money import line_total
from marketplace.order_sheets.files import write
from marketplace.order_sheets.sheet import Recipient, Sheet, SheetPlace, SheetProduct
from marketplace.price_lists.gdxp.reading import read_gdxp
from tests.support.paper import text_of_paper

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
ORANGES = SheetProduct(
    1,
    "Arance Navel",
    "kg",
    13_333,
    vat_treatment="vat_4",
    vat_rate=400,
    box_size=10_000,
    own_code="A1",
    code="A1",
)
HOSTILE = SheetProduct(
    2,
    '=HYPERLINK("http://example.org")',
    "jar",
    45_000,
    vat_treatment="vat_10",
    vat_rate=1000,
    deposit=20,
    own_code="@B2",
    code="@B2",
)


def recipient(number, name, *places):
    sums = {}
    for place in places:
        for product, quantity in place.quantities.items():
            sums[product] = sums.get(product, 0) + quantity
    lines = {p.id: p.line(number, sums[p.id]) for p in (ORANGES, HOSTILE) if p.id in sums}
    return Recipient(number, name, places, lines, tax_code="90012345678")


@pytest.fixture
def sheet():
    return Sheet(
        "Arance di dicembre",
        "Agrumeto dello Ionio",
        [ORANGES, HOSTILE],
        [
            recipient(1, "GAS [uno]/primo", SheetPlace("Sala", {1: 12_500, 2: 3000}), SheetPlace("Garage", {1: 4500})),
            recipient(2, "=GAS due", SheetPlace("Oratorio", {1: 3000})),
        ],
        coordinator="GAS uno",
        vat_number="01234567897",
    )  # fmt: skip


@pytest.fixture
def made(app, sheet):
    def make(kind, of=sheet):
        with app.app_context(), speaking("it"):
            return write(kind, of, str, lang="it", now=NOW)

    return make


def cents(sheet):
    return {recipient.name: recipient.amount for recipient in sheet.recipients}


def test_every_total_is_the_sum_of_its_lines(sheet):
    assert cents(sheet) == {"GAS [uno]/primo": 2267 + 1350 + 60, "=GAS due": 400}
    assert sheet.amount == sum(cents(sheet).values())
    assert (sheet.quantity(ORANGES), sheet.boxes(ORANGES), sheet.boxes(HOSTILE)) == (20_000, 2, None)
    assert sum(sheet.goods(p) for p in sheet.products) + 60 == sheet.amount


def test_the_spreadsheet_says_the_same_and_computes_nothing(made, sheet):
    book = load_workbook(io.BytesIO(made("xlsx").content))
    assert book.sheetnames == ["Ordine", "1 GAS uno primo", "2 =GAS due"]
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert {'\'=HYPERLINK("http://example.org")', "'@B2", "'=GAS due"} <= texts
    first, *groups = list(book)
    assert round(list(first.iter_rows(values_only=True))[-1][7] * 100) == sheet.amount
    for page, one in zip(groups, sheet.recipients, strict=True):
        total = next(row for row in page.iter_rows(values_only=True) if row[0] == "Totale")
        assert round(total[7] * 100) == one.amount
    oranges = next(row for row in groups[0].iter_rows(values_only=True) if row[1] == "Arance Navel")
    assert (oranges[3], oranges[8:10]) == (17, (12.5, 4.5))


def test_gdxp_is_one_document_for_each_group_and_reliable(made, sheet):
    file = made("gdxp")
    assert (file.name, file.media_type) == ("arance-di-dicembre-gdxp.zip", "application/zip")
    documents = [document for _name, document in read_gdxp(file.content)]
    assert [(d.reliable, d.use, d.suppliers[0].phase) for d in documents] == [
        (True, "bookings", "booking")
    ] * 2
    for document, one in zip(documents, sheet.recipients, strict=True):
        goods = sum(
            line_total(round(float(p.booked) * 1000), round(float(p.price) * 10_000))
            for p in document.suppliers[0].products
        )
        assert goods == one.goods
    alone = made(
        "gdxp", Sheet(sheet.title, sheet.supplier, [ORANGES], sheet.recipients[1:], vat_number="01234567897")
    )
    assert alone.name.endswith(".json")
    assert read_gdxp(alone.content)[0][1].reliable


@pytest.mark.needs("poppler")
def test_the_paper_names_groups_places_and_the_same_totals(made, tmp_path):
    content = made("pdf").content
    assert content.startswith(b"%PDF")
    text = text_of_paper(content, tmp_path, "-layout")
    for expected in (
        "Arance di dicembre",
        "GAS [uno]/primo",
        "Dove: Garage",
        "2 × 10",
        "36,77",
        "40,77",
        "4,00",
    ):
        assert expected in text
