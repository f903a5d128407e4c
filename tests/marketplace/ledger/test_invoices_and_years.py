"""The supplier's invoice beside what was delivered, and a year of the cassa in all its forms."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from marketplace import uploads
from marketplace.ledger import entries, exports
from marketplace.ledger.charge_operations import charge_cycle, charge_yearly_fee, cycle_of_group
from marketplace.ledger.invoices import compare, supplier_money
from marketplace.ledger.models import SupplierInvoice
from marketplace.ledger.operations import correct, record_movement
from marketplace.ledger.order_reading import read_order
from marketplace.ledger.yearly import paid_to, year_report
from marketplace.orders.totals import VatPart
from tests.marketplace.ledger.conftest import LATER
from tests.support.people import browser_of


def test_rates_are_compared_to_the_cent():
    parts = [VatPart(400, 104, 100, 4), VatPart(1000, 1100, 1000, 100)]
    rows = compare(parts, 50, [{"rate": 1000, "net": 1001, "vat": 100}, {"rate": 2200, "net": 10, "vat": 2}])
    assert [(row.rate, row.delivered, row.invoiced, row.difference) for row in rows] == [
        (0, 50, 0, -50),
        (400, 104, 0, -104),
        (1000, 1100, 1101, 1),
        (2200, 0, 12, 12),
    ]


def test_an_invoice_is_registered_beside_what_was_delivered(app, session, group):
    cycle = group.order()
    home = f"/organisations/{group.slug}/cassa/orders/{cycle.id}"
    browser, page = browser_of(app, group.treasurer), f"{home}/invoices/{cycle.sources[0].id}"
    form = browser.get(page).text
    assert 'name="net_1000" type="text" value="22,73"' in form
    said = {"number": "7/2026", "issued": "2026-11-28", "net_1000": "22,80", "vat_1000": "2,28", "total": "1"}
    assert browser.post(page, data=said).status_code == 302
    assert browser.post(page, data=said).status_code == 400
    assert browser.post(page, data=said | {"number": "8", "net_1000": "x"}).status_code == 400
    _cycle, own = cycle_of_group(session, group.id, cycle.id)
    found = supplier_money(session, cycle, own, read_order(session, cycle))[0]
    assert (found.owed, found.invoiced, found.difference, found.rows[0].difference) == (2500, 2508, 8, 8)
    assert "0,08" in browser.get(home).text
    invoice = session.scalar(sa.select(SupplierInvoice.id))
    assert browser.post(f"{home}/invoices/{invoice}/remove").status_code == 302
    assert session.scalar(sa.select(SupplierInvoice.id)) is None


def test_the_file_of_an_invoice_is_kept_for_the_group_s_editors(app, session, group, make_group):
    cycle = group.order()
    home = f"/organisations/{group.slug}/cassa/orders/{cycle.id}"
    browser, page = browser_of(app, group.treasurer), f"{home}/invoices/{cycle.sources[0].id}"
    said = {"issued": "2026-11-28", "net_1000": "22,73", "vat_1000": "2,27"}
    for number, content in enumerate((b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a>", b"MZ", b"")):
        sent = said | {"number": str(number), "document": (io.BytesIO(content), "fattura.xml")}
        assert browser.post(page, data=sent).status_code == 400
    electronic = b'<?xml version="1.0"?><FatturaElettronica/>'
    sent = said | {"number": "7/2026", "document": (io.BytesIO(electronic), "../../fattura.p7m")}
    assert browser.post(page, data=sent).status_code == 302
    invoice = session.scalar(sa.select(SupplierInvoice))
    file = f"{home}/invoices/{invoice.id}/file"
    assert file in browser.get(home).text
    got = browser.get(file)
    assert (got.data, got.mimetype) == (electronic, "application/xml")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert browser_of(app, group.rossi).get(file).status_code == 403
    other = make_group()
    own = f"/organisations/{other.slug}/cassa/orders/{other.order().id}/invoices/{invoice.id}/file"
    assert browser_of(app, other.treasurer).get(own).status_code == 404
    stored_as = invoice.stored_as
    browser.post(f"{home}/invoices/{invoice.id}/remove")
    with app.app_context(), pytest.raises(FileNotFoundError):
        uploads.open(stored_as)


@pytest.fixture
def lived(session, make_group):
    """A year: 20 € before it, an order, a fee, a supplier paid, and a payment that was wrong."""
    group = make_group(keeps_accounts=True, yearly_fee=500)
    rossi = group.homes[0].id

    def write(draft, key, day, text=""):
        return record_movement(
            session, group.treasurer, group.id, draft, now=LATER, key=key, day=day, text=text
        )

    write(entries.opening(entries.household(rossi), 2000), "a", date(2025, 12, 31))
    write(entries.advance(rossi, 3000), "b", date(2026, 1, 1), "=1+1")
    wrong = write(entries.payment(rossi, 7000), "c", date(2026, 2, 1))
    correct(session, group.treasurer, wrong.id, now=LATER)
    cycle = group.order()
    charge_cycle(session, group.treasurer, group.id, cycle.id, now=LATER)
    charge_yearly_fee(session, group.treasurer, group.id, 2026, now=LATER)
    write(entries.supplier_paid("Agrumeto", 2400), "d", date(2026, 12, 31))
    write(entries.payment(rossi, 100), "e", date(2027, 1, 1))
    return group


def test_a_year_adds_up_from_beginning_to_end(session, lived):
    report = year_report(session, lived.id, 2026)
    rossi = next(row for row in report.homes if row.household.name == "Rossi")
    assert (rossi.before, rossi.paid_in, rossi.charged, rossi.fees, rossi.other, rossi.after) == (
        2000, 3000, -1000, -500, 0, 3500,
    )  # fmt: skip
    (supplier,) = report.suppliers
    assert (supplier.charged, paid_to(supplier), supplier.after) == (2500, 2400, 100)
    held = {row.account.kind: row.after for row in report.group}
    assert held == {"bank": -2400, "cash": 3000, "fees": 1000, "opening": 2000}
    following = year_report(session, lived.id, 2027)
    assert {row.account.id: row.before for row in following.rows} == {
        row.account.id: row.after for row in report.rows if row.after
    }


def test_files_say_what_the_page_says_and_run_nothing(app, session, lived):
    """Ordeals 32 and 42: a text that begins like a formula is quoted, real negative numbers stay numbers."""
    browser, home = browser_of(app, lived.treasurer), f"/organisations/{lived.slug}/cassa/years/2026"
    text = browser.get(f"{home}/entries.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert sum("'=1+1" in row for row in rows) == 2
    assert any(row[5] == "-10,00" for row in rows)
    sheet = load_workbook(io.BytesIO(browser.get(f"{home}/entries.xlsx").data)).worksheets[0]
    amounts = [cell.value for cell in sheet["F"][1:]]
    assert -10 in amounts
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"inlineStr", "s", "n"}
    page = browser.get(home)
    assert "35,00" in page.text
    report = load_workbook(io.BytesIO(browser.get(f"{home}/report.xlsx").data)).worksheets[0]
    assert [row[-1].value for row in report.iter_rows(min_row=2)] == [-20, 35, 15]
    assert browser.get(f"{home}/report.pdf").data.startswith(b"%PDF")
    assert browser.get(home.replace("2026", "99999")).status_code == 404


def test_cents_are_exact_in_files():
    assert exports.euros(-1) == Decimal("-0.01")
    assert exports.csv_file([[exports.euros(10**13 + 1), exports.euros(-5), "-5", "=A1"]]).decode(
        "utf-8-sig"
    ) == ("100000000000,01;-0,05;-5;'=A1\r\n")
