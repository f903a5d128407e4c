"""Transport, discounts and documented costs: seen before they are added, and no mark-up."""

import io

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.errors import Invalid, NotFound
from marketplace.orders.cost_operations import add_cost
from marketplace.orders.cost_preview import by_group, changed_by
from marketplace.orders.models import CycleCost
from marketplace.orders.totals import Cost, CostKind, Line, SplitBy
from tests.factories import NOW
from tests.marketplace.order_sheets.house import House
from tests.support.people import browser_of

PDF = b"%PDF-1.4\nstartxref\n0\n%%EOF\n"


def line(basket, group, euros):
    return Line(basket, group, 1, 1, euros * 1000, "kg", 10_000)


def test_a_preview_says_whom_a_discount_by_threshold_changes_what():
    lines = [line(1, 1, 30), line(2, 1, 50), line(3, 2, 20)]
    discount = Cost(0, CostKind.DISCOUNT, SplitBy.PRICE, percent=500, threshold=8000, group=1)
    transport = Cost(1, CostKind.TRANSPORT, SplitBy.HOUSEHOLD, amount=300)
    rows = changed_by(lines, [transport], discount)
    assert [(row.before, row.after) for row in rows] == [(3100, 2950), (5100, 4850), (2100, 2100)]
    assert by_group(rows) == {1: (8200, 7800), 2: (2100, 2100)}
    nothing = changed_by(
        lines, [transport], Cost(0, CostKind.DISCOUNT, SplitBy.PRICE, percent=500, threshold=10_001)
    )
    assert all(row.before == row.after for row in nothing)


@pytest.fixture
def house(session):
    return House(session)


def test_a_documented_cost_needs_its_document_and_is_no_percentage(house, session):
    def add(**values):
        return add_cost(
            session,
            house.referente,
            house.cycle.id,
            label="Bancali",
            split_by=SplitBy.WEIGHT,
            now=NOW,
            **values,
        )

    for values, code in (
        ({"kind": CostKind.COST, "amount": 500}, "undocumented"),
        ({"kind": CostKind.COST, "percent": 300, "document": PDF}, "mark_up"),
        ({"kind": CostKind.TRANSPORT}, "invalid"),
    ):
        with pytest.raises(Invalid) as refused:
            add(**values)
        assert refused.value.code == code
        session.rollback()
    with pytest.raises(NotFound):
        add(kind=CostKind.TRANSPORT, amount=500, group_id=10**9)
    session.rollback()
    added = add(kind=CostKind.COST, amount=500, document=PDF)
    assert added.stored_as
    assert add(kind=CostKind.COST, amount=500, document=PDF).id == added.id
    assert add(kind=CostKind.COST, amount=501, document=PDF).id != added.id
    other = add(kind=CostKind.COST, amount=500, document=PDF + b"%another receipt of the same sum\n")
    assert other.id != added.id


def test_the_page_shows_whom_it_changes_before_it_adds_anything(app, house, session):
    path = f"/orders/{house.cycle.id}/costs"
    asked = {"kind": "cost", "label": "Bancali", "amount": "4,00", "split_by": "household"}
    with time_machine.travel(NOW, tick=False):
        browser = browser_of(app, house.referente)
        shown = browser.post(path, data=asked | {"preview": "1"})
        assert shown.status_code == 200
        assert "Famiglia Ombrosa" in shown.text
        assert "Famiglia Lontana" not in shown.text
        assert session.scalar(sa.select(sa.func.count(CycleCost.id))) == 0
        assert browser.post(path, data=asked).status_code == 400
        sent = browser.post(path, data=asked | {"document": (io.BytesIO(PDF), "ricevuta.pdf")})
        assert sent.status_code == 302
        cost = session.scalar(sa.select(CycleCost))
        assert browser.get(f"{path}/{cost.id}/document").data == PDF
        assert browser_of(app, house.neighbour).get(f"{path}/{cost.id}/document").status_code == 404
        assert browser.post(f"{path}/{cost.id}/remove").status_code == 302
    assert session.scalar(sa.select(sa.func.count(CycleCost.id))) == 0
