"""An order is settled once for all its groups, and opened again by entries of their own."""

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.errors import Conflict, NotFound
from marketplace.households.queries import settings_of
from marketplace.ledger import entries, queries
from marketplace.ledger.charge_operations import charge_cycle
from marketplace.ledger.models import Entry, Side
from marketplace.ledger.operations import record_movement
from marketplace.ledger.order_reading import read_order
from marketplace.ledger.owing import Owing, order_money, ready_text
from marketplace.ledger.settling import reopen_cycle, settle_cycle
from marketplace.orders.allotting import write_allotments
from marketplace.orders.booking_models import Allotment
from tests.factories import make_booking, make_cycle_group
from tests.marketplace.ledger.conftest import LATER
from tests.support.mails import mails
from tests.support.people import browser_of


@pytest.fixture
def other(session, make_group):
    """A second group, which keeps no accounts: everybody pays at delivery."""
    return make_group(iban="IT60X0542811101000000123456")


@pytest.fixture
def cycle(session, group, other):
    """Delivered to both groups: 10,00 and 15,00 € in the first, 5,00 € in the second."""
    made = group.order(fixed=False)
    make_cycle_group(session, made, other.organisation)
    make_booking(session, made, other.homes[0], made.products[0], 1000)
    write_allotments(session, made)
    made.fixed_at = made.delivered_at = made.closes_at
    session.commit()
    return made


def balances(session, *groups):
    return [queries.household_balance(session, home.id) for group in groups for home in group.homes]


def told(session, person):
    return [mail["text"].replace("\u00a0", " ") for mail in mails(session) if mail["to"] == person.email]


def test_settling_charges_every_group_that_keeps_accounts_once_and_tells_everybody(
    session, group, other, cycle
):
    assert settle_cycle(session, group.treasurer, cycle.id, now=LATER)
    assert not settle_cycle(session, group.treasurer, cycle.id, now=LATER)
    assert cycle.settled_at == LATER
    assert balances(session, group, other) == [-1000, -1500, 0, 0]
    (here,), (there,) = told(session, group.rossi), told(session, other.rossi)
    assert "10,00 €" in here
    assert "IBAN" not in here
    assert "5,00 €" in there
    assert other.organisation.name not in here
    assert "IT60X0542811101000000123456" in there
    assert ["25,00 €" in text for text in told(session, group.treasurer)] == [True]
    verbs = session.scalars(sa.select(AuditEvent.verb).where(AuditEvent.subject == "order_cycle")).all()
    assert sorted(verbs) == ["cycle.settled", "ledger.charged"]


def test_an_order_that_was_charged_before_is_not_charged_again(session, group, cycle):
    charge_cycle(session, group.treasurer, group.id, cycle.id, now=LATER)
    assert len(told(session, group.rossi)) == 1
    settle_cycle(session, group.treasurer, cycle.id, now=LATER)
    assert session.scalar(sa.select(sa.func.count(Entry.id))) == 2
    assert len(told(session, group.rossi)) == 2


def test_opened_again_every_charge_is_taken_back_and_settling_charges_anew(session, group, cycle):
    settle_cycle(session, group.treasurer, cycle.id, now=LATER)
    assert reopen_cycle(session, group.treasurer, cycle.id, now=LATER)
    assert not reopen_cycle(session, group.treasurer, cycle.id, now=LATER)
    assert cycle.settled_at is None
    assert balances(session, group) == [0, 0]
    session.execute(sa.update(Allotment).where(Allotment.quantity == 2000).values(delivered=1500))
    session.commit()
    settle_cycle(session, group.treasurer, cycle.id, now=LATER)
    assert balances(session, group) == [-750, -1500]
    assert session.scalar(sa.select(sa.func.count(Entry.id))) == 6
    assert session.scalar(sa.select(sa.func.sum(Side.amount))) == 0


def test_where_a_cassa_is_kept_who_owes_is_who_is_below_zero_before_and_after(session, group, cycle):
    credit = entries.advance(group.homes[0].id, 1200)
    record_movement(session, group.treasurer, group.id, credit, now=LATER, key="a")
    for _ in range(2):
        found = order_money(session, cycle, cycle.groups[0], read_order(session, cycle).totals)
        text = ready_text(cycle, found, settings_of(session, group.id))
        assert [row.afterwards for row in found.rows] == [-1500, 200]
        assert found.below_zero == 1500
        assert "Bianchi" in text
        assert "Rossi" not in text
        settle_cycle(session, group.treasurer, cycle.id, now=LATER)


def test_only_the_coordinating_group_settles_and_only_what_is_delivered(session, group, other, cycle):
    for task in (settle_cycle, reopen_cycle):
        with pytest.raises(NotFound):
            task(session, other.treasurer, cycle.id, now=LATER)
        with pytest.raises(NotFound):
            task(session, group.treasurer, 10**9, now=LATER)
    cycle.delivered_at = None
    session.commit()
    with pytest.raises(Conflict):
        settle_cycle(session, group.treasurer, cycle.id, now=LATER)
    session.rollback()
    assert session.scalar(sa.select(Entry.id)) is None


def test_the_page_shows_one_s_own_households_and_of_other_groups_a_sum(app, session, group, other, cycle):
    browser, page = browser_of(app, group.treasurer), f"/orders/{cycle.id}/settle"
    other.homes[0].name = "Famiglia Altrove"
    session.commit()
    shown = browser.get(page).text.replace("\u00a0", " ")
    assert "30,00 €" in shown
    assert "Rossi" in shown
    assert "Famiglia Altrove" not in shown
    for _ in range(2):
        assert browser.post(page).status_code == 302
    assert balances(session, group) == [-1000, -1500]
    assert "settle/undo" in browser.get(page).text
    assert browser.post(f"{page}/undo").status_code == 302
    assert balances(session, group) == [0, 0]
    assert browser_of(app, other.treasurer).get(page).status_code == 404


def test_who_paid_a_part_at_the_table_still_owes_the_rest():
    assert not Owing(None, None, total=2347, paid=2000, charged=None).is_paid
    assert Owing(None, None, total=2347, paid=2350, charged=None).is_paid
