"""Movements, corrections, charges and what may be spent, against both databases."""

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given

from marketplace.audit import AuditEvent
from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.ledger import entries, queries
from marketplace.ledger.charge_operations import charge_cycle, charge_yearly_fee
from marketplace.ledger.charging import charges
from marketplace.ledger.models import AccountKind, Entry, Side
from marketplace.ledger.operations import correct, record_movement
from marketplace.orders.booking_models import Allotment
from marketplace.orders.booking_operations import Line, save_basket
from marketplace.orders.totals import Cost, CostKind, SplitBy, totals
from marketplace.orders.totals import Line as OrderLine
from tests.factories import NOW, make_household, make_organisation, make_user
from tests.marketplace.ledger.conftest import LATER
from tests.marketplace.orders.strategies import costs, lines
from tests.support.examples import examples


def pay(session, group, cents, home=0, key="k", **more):
    draft = entries.payment(group.homes[home].id, cents)
    return record_movement(session, group.treasurer, group.id, draft, now=LATER, key=key, **more)


def shown(session, group):
    return {
        row.household.name if row.household else row.account.name or row.account.kind: row.amount
        for row in queries.balances(session, group.id)
    }


def test_a_movement_is_written_once_by_its_key(session, group):
    first = pay(session, group, 5000)
    assert pay(session, group, 5000).id == first.id
    pay(session, group, 100, key="other")
    assert shown(session, group) == {"Rossi": 5100, "cash": 5100}
    assert queries.household_balance(session, group.homes[0].id) == 5100
    assert (
        session.scalar(sa.select(sa.func.count(AuditEvent.id)).where(AuditEvent.verb == "ledger.recorded"))
        == 2
    )


def test_a_correction_takes_back_and_writes_anew(session, group):
    wrong = pay(session, group, 5000)
    right = entries.payment(group.homes[1].id, 5000)
    back = correct(session, group.treasurer, wrong.id, right, now=LATER)
    assert correct(session, group.treasurer, wrong.id, right, now=LATER).id == back.id
    assert shown(session, group) == {"Bianchi": 5000, "Rossi": 0, "cash": 5000}
    assert session.scalar(sa.select(sa.func.count(Entry.id))) == 3
    with pytest.raises(Conflict):
        correct(session, group.treasurer, back.id, now=LATER)


def test_only_the_group_s_editors_write_and_only_for_its_households(session, group):
    stranger, other = make_user(session), make_household(session, make_organisation(session))
    draft = entries.payment(group.homes[0].id, 100)
    with pytest.raises(NotFound):
        record_movement(session, stranger, group.id, draft, now=LATER, key="k")
    with pytest.raises(NotAllowed):
        record_movement(session, group.rossi, group.id, draft, now=LATER, key="k")
    foreign = entries.payment(other.id, 100)
    with pytest.raises(NotFound):
        record_movement(session, group.treasurer, group.id, foreign, now=LATER, key="k")
    with pytest.raises(Invalid):
        pay(session, group, 1, day=date(1926, 1, 1))
    assert session.scalar(sa.select(Entry.id)) is None
    entry = pay(session, group, 100)
    with pytest.raises(NotFound):
        correct(session, stranger, entry.id, now=LATER)
    for found in (queries.one_entry, queries.account_of):
        with pytest.raises(NotFound):
            found(session, other.organisation_id, entry.id)


def test_an_order_is_charged_once_and_follows_what_arrived(session, group):
    cycle = group.order()
    assert charge_cycle(session, group.treasurer, group.id, cycle.id, now=LATER) == 2
    assert charge_cycle(session, group.treasurer, group.id, cycle.id, now=LATER) == 0
    assert shown(session, group) == {"Agrumeto": 2500, "Bianchi": -1500, "Rossi": -1000}
    session.execute(sa.update(Allotment).where(Allotment.quantity == 2000).values(delivered=1500))
    session.commit()
    assert charge_cycle(session, group.treasurer, group.id, cycle.id, now=LATER) == 2
    assert shown(session, group) == {"Agrumeto": 2250, "Bianchi": -1500, "Rossi": -750}
    cycle.cancelled_at = LATER
    session.commit()
    assert charge_cycle(session, group.treasurer, group.id, cycle.id, now=LATER) == 2
    assert set(shown(session, group).values()) == {0}
    assert session.scalar(sa.select(sa.func.sum(Side.amount))) == 0


def test_an_order_is_charged_by_its_own_groups_once_it_is_fixed(session, group, make_group):
    other, cycle = make_group(), group.order(fixed=False)
    with pytest.raises(Conflict):
        charge_cycle(session, group.treasurer, group.id, cycle.id, now=LATER)
    with pytest.raises(NotFound):
        charge_cycle(session, other.treasurer, other.id, cycle.id, now=LATER)
    with pytest.raises(NotFound):
        charge_cycle(session, other.treasurer, group.id, cycle.id, now=LATER)


@examples(50)
@given(lines(), costs())
def test_charges_are_the_order_s_totals_to_the_cent(lines, costs):
    """Ordeal 42: the ledger says what the pages of the order say."""
    suppliers = {0: "Agrumeto", 1: "Forno"}
    found = charges(lines, costs, suppliers)
    assert {basket: sum(parts.values()) for basket, parts in found.items()} == {
        basket: total.amount for basket, total in totals(lines, costs).items()
    }


def test_a_cost_goes_to_its_supplier_and_else_to_the_group():
    lines = [OrderLine(1, 1, 7, 1, 1000, "kg", 50_000)]
    costs = [
        Cost(1, CostKind.TRANSPORT, SplitBy.PRICE, amount=300),
        Cost(2, CostKind.COST, SplitBy.PRICE, amount=200, source=7),
        Cost(3, CostKind.DISCOUNT, SplitBy.PRICE, amount=100),
    ]
    assert charges(lines, costs, {7: "Forno"}) == {1: {entries.supplier("Forno"): 600, entries.COSTS: 300}}


def test_the_yearly_fee_is_charged_once_a_year(session, make_group):
    group = make_group(keeps_accounts=True, yearly_fee=1000)
    assert [charge_yearly_fee(session, group.treasurer, group.id, 2026, now=LATER) for _ in range(2)] == [
        2,
        0,
    ]
    assert charge_yearly_fee(session, group.treasurer, group.id, 2027, now=LATER) == 2
    assert shown(session, group) == {"Bianchi": -2000, "Rossi": -2000, "fees": 4000}


def test_what_may_be_spent_counts_what_is_booked_elsewhere(session, make_group):
    group = make_group(keeps_accounts=True, lowest_balance=-500)
    home = group.homes[0].id
    pay(session, group, 2000)
    assert queries.spendable(session, home) == 2500
    cycle = group.order(fixed=False)
    assert queries.spendable(session, home) == 1500
    assert queries.spendable(session, home, cycle_id=cycle.id) == 2500
    cycle.fixed_at = LATER
    session.commit()
    free = make_group(keeps_accounts=True)
    assert queries.spendable(session, free.homes[0].id) is None


def test_nobody_books_beyond_the_limit_but_a_referente_for_them(session, make_group):
    group = make_group(keeps_accounts=True, lowest_balance=0)
    cycle, home = group.order(quantities=(1000, 1000), fixed=False), group.homes[0].id
    pay(session, group, 1000)
    product = cycle.products[0].id

    def book(person, quantity, version):
        return save_basket(
            session, person, cycle.id, home, {product: Line(quantity)}, version=version, key=f"{version}-{quantity}", now=NOW
        )  # fmt: skip

    basket = book(group.rossi, 2000, 1)
    with pytest.raises(Conflict) as refused:
        book(group.rossi, 2100, basket["version"])
    assert refused.value.code == "credit"
    session.rollback()
    basket = book(group.treasurer, 3000, basket["version"])
    assert book(group.rossi, 2900, basket["version"])["changed"] == 1


def test_an_account_shows_what_was_on_it_after_each_movement(session, group):
    for number in range(55):
        pay(session, group, 100, key=str(number))
    account = queries.household_account(session, group.homes[0].id)
    rows, count = queries.statement(session, account)
    assert (count, len(rows), rows[0].balance, rows[-1].balance) == (55, 50, 5500, 600)
    rows, _count = queries.statement(session, account, page=2)
    assert [row.balance for row in rows] == [500, 400, 300, 200, 100]
    found, count = queries.entries(session, group.id, page=2)
    assert (len(found), count, found[0].amount) == (5, 55, 100)
    assert {account.kind for account, _home, _cents in found[0].sides} == {
        AccountKind.HOUSEHOLD,
        AccountKind.CASH,
    }
