"""What the supplier answers is shared out by the same rules, told once, decided by the coordinator, and sealed."""

import pytest
import sqlalchemy as sa

from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.i18n import speaking
from marketplace.order_sheets import sending
from marketplace.order_sheets.answers import (
    Instead,
    ProductAnswer,
    answer_by_account,
    answer_by_link,
    decide_substitution,
    ordered_products,
)
from marketplace.order_sheets.queries import sheet_of
from marketplace.order_sheets.ready_text import ready
from marketplace.orders.booking_models import Allotment, GroupAllotment
from marketplace.orders.models import CycleProduct
from marketplace.outbox import OutboxEntry
from tests.factories import make_organisation, make_user
from tests.marketplace.order_sheets.house import House

TOKEN = "a-token-of-thirty-two-random-bytes"


@pytest.fixture
def house(session):
    house = House(session).fix()
    sending.send_order(
        session, house.cycle.id, now=house.closed, new_token=lambda: TOKEN, actor=house.referente
    )
    session.execute(sa.delete(OutboxEntry))
    session.commit()
    return house


def answer(house, answers=None, message=""):
    return answer_by_link(house.session, TOKEN, answers or {}, message, now=house.closed)


def given(house, product):
    rows = house.session.execute(
        sa.select(GroupAllotment.group_id, GroupAllotment.quantity).where(
            GroupAllotment.product_id == product.id
        )
    )
    by_group = dict(tuple(row) for row in rows)
    return [by_group.get(group.id, 0) for group in house.cycle.groups]


def test_a_confirmation_changes_nothing_for_households_and_is_told_once(house):
    assert (answer(house, message="Va bene"), answer(house, message="Va bene")) == (True, False)
    assert house.source.confirmed_at == house.closed
    assert [mail["to"] for mail in house.mails()] == [house.referente.email]
    assert "Va bene" in house.mails()[0]["text"]


def test_what_cannot_be_delivered_is_shared_out_with_its_reason_and_whom_it_concerns_is_told(house, session):
    assert answer(house, {house.oranges.id: ProductAnswer(6000)})
    assert given(house, house.oranges) == [4500, 1500]
    row = session.scalar(
        sa.select(Allotment).where(Allotment.product_id == house.oranges.id, Allotment.quantity == 1500)
    )
    assert row.reasons == [{"code": "supplier_short", "by": -1500, "deliverable": 6000}]
    told = [mail["to"] for mail in house.mails()]
    # the other group's referente, its household (the same person), and the coordinator; who keeps all is left in peace
    assert sorted(told) == sorted([house.neighbour.email] * 2 + [house.referente.email])
    assert house.member.email not in told
    assert [one.ordered for one in ordered_products(session, house.source)] == [7500, 3000]
    assert not answer(house, {house.oranges.id: ProductAnswer(6000)})
    # said otherwise later, everything comes after all
    assert answer(house, {house.oranges.id: ProductAnswer(8000)})
    assert given(house, house.oranges) == [4500, 3000]


def test_a_substitution_waits_for_the_coordinator_and_is_decided_once(house, session):
    lemons = Instead(title="Limoni", price=12_000)
    assert answer(house, {house.oranges.id: ProductAnswer(5000, lemons)})
    assert not answer(house, {house.oranges.id: ProductAnswer(5000, lemons)})
    proposed = session.scalar(sa.select(CycleProduct).where(CycleProduct.title == "Limoni"))
    assert (proposed.unit, proposed.vat_rate, given(house, proposed)) == ("kg", 1000, [0, 0])
    for stranger in (make_user(session), house.neighbour):
        with pytest.raises(NotFound):
            decide_substitution(session, stranger, house.cycle.id, proposed.id, accept=True, now=house.closed)
        session.rollback()

    def decide():
        return decide_substitution(
            session, house.referente, house.cycle.id, proposed.id, accept=True, now=house.closed
        )

    assert (decide(), decide()) == (True, False)
    assert given(house, proposed) == [0, 2500]
    sheet = sheet_of(session, house.cycle, house.source)
    assert [(p.title, p.in_place_of, sheet.quantity(p)) for p in sheet.products if p.in_place_of] == [
        ("Limoni", "Arance", 2500)
    ]
    assert house.mails()[-1]["to"] == "fattoria@example.org"


def test_a_refused_substitution_leaves_nothing(house, session):
    answer(house, {house.oranges.id: ProductAnswer(0, Instead(title="Limoni", price=99_000, quantity=2000))})
    proposed = session.scalar(sa.select(CycleProduct).where(CycleProduct.title == "Limoni"))
    decide_substitution(session, house.referente, house.cycle.id, proposed.id, accept=False, now=house.closed)
    assert session.scalar(sa.select(CycleProduct.id).where(CycleProduct.title == "Limoni")) is None
    assert given(house, house.oranges) == [0, 0]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (ProductAnswer(1500), "invalid"),  # half a jar
        (ProductAnswer(None, Instead(title="Miele", price=1)), "nothing_missing"),
        (ProductAnswer(1000, Instead(title="Miele")), "missing"),
        (ProductAnswer(1000, Instead(product_id=10**9)), "invalid"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_its_product(house, session, wrong, code):
    with pytest.raises(Invalid) as refused:
        answer(house, {house.jars.id: wrong})
    assert (refused.value.code, refused.value.field) == (code, str(house.jars.id))
    session.rollback()
    assert house.source.confirmed_at is None


def test_after_the_delivery_nothing_changes_and_strangers_answer_nothing(house, session):
    with pytest.raises(NotFound):
        answer_by_account(
            session, house.referente, make_organisation(session).id, house.source.id, {}, "", now=house.closed
        )
    session.rollback()
    house.cycle.delivered_at = house.closed
    session.commit()
    with pytest.raises(Conflict) as sealed:
        answer(house, {house.oranges.id: ProductAnswer(0)})
    assert sealed.value.code == "sealed"
    session.rollback()
    assert given(house, house.oranges) == [4500, 3000]


def test_the_text_for_the_chat_says_what_comes_and_names_no_household(house, session):
    def text():
        return ready(house.cycle, [(house.source, ordered_products(session, house.source))], "LINK")

    with speaking("it"):
        assert "non l’ha ancora confermato" in text()
        answer(house)
        assert text().splitlines()[1] == "Agrumeto dello Ionio ha confermato tutto l’ordine."
        answer(house, {house.oranges.id: ProductAnswer(5000), house.jars.id: ProductAnswer(0)})
        assert "• Arance: 5\u00a0kg invece di 7,5\u00a0kg" in text()
        assert "• Marmellata: non arriva" in text()
        assert "Famiglia" not in text()
