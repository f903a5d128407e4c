"""From a private list to the supplier's mail with its files and back by the link, and one total everywhere (ORDEAL 42)."""

import io
import re

import pytest
import time_machine
from openpyxl import load_workbook

from marketplace.db import db
from marketplace.formats import money
from marketplace.i18n import speaking
from marketplace.mail_queue import send_next
from marketplace.money import line_total
from marketplace.order_sheets.queries import sheet_of
from marketplace.orders.models import CycleProduct, CycleSource, OrderCycle
from marketplace.price_lists.gdxp.reading import read_gdxp
from tests.marketplace.order_sheets.house import House
from tests.support.paper import text_of_paper
from tests.support.people import browser_of

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def house(make_fresh_app, smtp_sink):
    app = make_fresh_app(MAIL_SERVER=smtp_sink.host, MAIL_PORT=smtp_sink.port, MAIL_USE_TLS=False)
    with app.app_context():
        house = House(db.session).fix()
        house.app, house.cycle_id, house.source_id = app, house.cycle.id, house.source.id
        house.referente_browser = browser_of(app, house.referente)
        house.stranger_browser = browser_of(app, house.neighbour)
        house.oranges_id, house.jars_id = house.oranges.id, house.jars.id
        yield house


def page(browser, path, status=200):
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def parts_of(mail):
    return {part.get_filename().rpartition(".")[2]: part.get_content() for part in mail.iter_attachments()}


def amounts_of_gdxp(content):
    return sum(
        line_total(round(float(p.booked) * 1000), round(float(p.price) * 10_000))
        for _name, document in read_gdxp(content)
        for p in document.suppliers[0].products
    )


@pytest.mark.needs("poppler")
def test_an_order_goes_to_a_supplier_without_account_and_comes_back_by_its_link(house, smtp_sink, tmp_path):
    way = f"/orders/{house.cycle_id}"
    assert page(house.stranger_browser, f"{way}/suppliers", 404)
    with time_machine.travel(house.closed, tick=False):
        assert house.referente_browser.post(f"{way}/send").status_code == 302
        assert send_next(db.session, house.closed)
        (mail,) = smtp_sink.wait_for(1)

        sheet = sheet_of(
            db.session,
            db.session.get(OrderCycle, house.cycle_id),
            db.session.get(CycleSource, house.source_id),
        )
        with speaking("it"):
            total = money(sheet.amount).replace("\u00a0", " ")
        files = parts_of(mail)
        body = mail.get_body().get_content()
        assert total in body.replace("\u00a0", " ")
        assert amounts_of_gdxp(files["zip"]) == sheet.amount
        assert all(document.reliable for _name, document in read_gdxp(files["zip"]))
        book = load_workbook(io.BytesIO(files["xlsx"]))
        assert round(list(book.worksheets[0].iter_rows(values_only=True))[-1][7] * 100) == sheet.amount
        assert not any(cell.data_type == "f" for one in book for row in one.iter_rows() for cell in row)
        paper = text_of_paper(files["pdf"], tmp_path, "-layout")
        assert total in paper.replace("\u00a0", " ")
        for text in (
            body,
            paper,
            *[str(cell.value) for one in book for row in one.iter_rows() for cell in row],
        ):
            assert "Famiglia" not in text

        anybody = house.app.test_client()
        link = re.search(r"/supplier-orders/\S+", body)[0]
        opened = page(anybody, f"{link}?lang=it")
        assert total in opened.replace("\u00a0", " ")
        assert "Famiglia" not in opened
        assert anybody.get(f"{link}/order.pdf").data.startswith(b"%PDF")
        assert page(anybody, link[:-1] + ("A" if link[-1] != "A" else "B"), 404)
        db.session.expire_all()
        assert db.session.get(CycleSource, house.source_id).confirmed_at is None

        wrong = {f"deliver-{house.oranges_id}": "1e5"}
        assert anybody.post(link, data=wrong).status_code == 400
        said = {
            f"deliver-{house.oranges_id}": "6", f"instead-{house.oranges_id}": "new",
            f"instead-title-{house.oranges_id}": HOSTILE, f"instead-price-{house.oranges_id}": "1,20",
            "message": HOSTILE,
        }  # fmt: skip
        assert anybody.post(link, data=said).status_code == 302
        shown = page(house.referente_browser, f"{way}/suppliers")
        assert HOSTILE not in shown
        assert "&lt;script&gt;" in shown
        assert HOSTILE not in page(anybody, link)
        proposed = db.session.query(CycleProduct).filter_by(title=HOSTILE).one()
        assert house.referente_browser.post(f"{way}/substitutions/{proposed.id}/accept").status_code == 302
        changed = sheet_of(
            db.session,
            db.session.get(OrderCycle, house.cycle_id),
            db.session.get(CycleSource, house.source_id),
        )
        assert changed.amount < sheet.amount
        for path, browser in ((link, anybody), (f"{way}/suppliers", house.referente_browser)):
            with speaking("it"):
                assert money(changed.amount) in page(browser, f"{path}?lang=it")
        shut = db.session.get(OrderCycle, house.cycle_id)
        shut.settled_at = house.closed
        db.session.commit()
        assert page(anybody, link, 404)
