"""Drafts, frozen prices, and series that make their own drafts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleProduct, OrderCycle, OrderSeries
from marketplace.orders.opening_operations import (
    CycleValues,
    Place,
    ProductValues,
    choose_products,
    confirm_cycle,
    draft_cycle,
    edit_cycle,
)
from marketplace.orders.series_round import make_due_drafts
from marketplace.orders.sources import SourceKey
from marketplace.organisations.models import Kind, MemberRole
from marketplace.pooling.models import PooledNeed
from marketplace.rome_time import ROME
from tests.factories import (
    NOW,
    make_demand,
    make_membership,
    make_offer,
    make_organisation,
    make_private_list,
    make_user,
)

VALUES = CycleValues(
    title="Verdura",
    opens_at=NOW,
    closes_at=NOW + timedelta(days=4),
    delivery_from=NOW + timedelta(days=6),
    delivery_until=NOW + timedelta(days=6, hours=2),
)


class House:
    def __init__(self, session):
        self.session = session
        self.group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
        self.referente = make_user(session)
        make_membership(session, self.referente, self.group, MemberRole.EDITOR)
        self.farm = make_organisation(session)
        self.carrots = make_offer(session, self.farm, title="Carote")
        make_offer(session, self.farm, title="Su richiesta", price=None)

    def draft(self, values=VALUES, *, actor=None, now=NOW, **more):
        return draft_cycle(
            self.session, actor or self.referente, self.group, values, [SourceKey(self.farm.id)], [Place("Sala")],
            now=now, **more,
        )  # fmt: skip


@pytest.fixture
def house(session):
    return House(session)


def test_a_draft_has_what_has_a_price_and_opens_only_once_confirmed(house, session):
    cycle = house.draft()
    assert [product.title for product in cycle.products] == ["Carote"]
    assert state(cycle, NOW) is State.DRAFT
    confirm_cycle(session, house.referente, cycle, now=NOW)
    assert state(cycle, NOW) is State.OPEN
    with pytest.raises(Conflict):
        edit_cycle(session, house.referente, cycle, VALUES, [Place("Altrove")], cycle.version, now=NOW)


def test_the_same_form_sent_twice_makes_one_draft_and_one_series(house, session):
    first = house.draft(every_weeks=2)
    assert house.draft(every_weeks=2).id == first.id
    assert session.scalar(sa.select(sa.func.count(OrderSeries.id))) == 1
    others = [
        house.draft(replace(VALUES, title="Frutta"), every_weeks=2),
        house.draft(),
        house.draft(every_weeks=2, now=NOW + timedelta(minutes=2)),
    ]
    assert len({first.id, *(other.id for other in others)}) == 4


def test_the_same_order_for_a_common_need_is_another_draft(house, session):
    common, theirs = make_demand(session, house.group), make_demand(session, make_organisation(session))
    session.add(PooledNeed(common_id=common.id, demand_id=theirs.id))
    session.flush()
    first, meant = house.draft(), house.draft(demand_id=common.id)
    assert (first.demand_id, meant.demand_id) == (None, common.id)
    assert house.draft(demand_id=common.id).id == meant.id


def test_a_price_that_changed_is_seen_before_it_is_confirmed_and_never_changes_after(house, session):
    cycle = house.draft()
    house.carrots.price = 60_000
    session.flush()
    with pytest.raises(Conflict) as told:
        confirm_cycle(session, house.referente, cycle, now=NOW)
    assert told.value.code == "prices_changed"
    confirm_cycle(session, house.referente, cycle, now=NOW)
    house.carrots.price = 90_000
    session.flush()
    session.expire_all()
    assert [product.price for product in cycle.products] == [60_000]


def test_what_was_withdrawn_meanwhile_is_taken_out_and_said(house, session):
    leeks = make_offer(session, house.farm, title="Porri")
    cycle = house.draft()
    leeks.status = "withdrawn"
    session.flush()
    with pytest.raises(Conflict):
        confirm_cycle(session, house.referente, cycle, now=NOW)
    assert [product.title for product in session.scalars(sa.select(CycleProduct))] == ["Carote"]


def test_products_are_left_out_and_one_stays(house, session):
    make_offer(session, house.farm, title="Porri")
    cycle = house.draft()
    carrots, leeks = sorted(cycle.products, key=lambda product: product.title)
    choose_products(
        session,
        house.referente,
        cycle,
        {leeks.id: ProductValues(kept=False), carrots.id: ProductValues(available=9000)},
        now=NOW,
    )
    assert [(product.title, product.available) for product in cycle.products] == [("Carote", 9000)]
    with pytest.raises(Invalid):
        choose_products(session, house.referente, cycle, {carrots.id: ProductValues(kept=False)}, now=NOW)


def test_moments_must_follow_each_other(house):
    with pytest.raises(Invalid) as refused:
        house.draft(CycleValues("x", NOW, NOW))
    assert refused.value.field == "closes_at"


def test_only_editors_of_the_group_open_and_private_lists_of_others_are_not_there(house, session):
    member = make_user(session)
    make_membership(session, member, house.group, MemberRole.MEMBER)
    with pytest.raises(NotAllowed):
        house.draft(actor=member)
    foreign = make_private_list(session, make_organisation(session, kinds=(Kind.BUYING_GROUP,)))
    with pytest.raises(NotFound):
        draft_cycle(
            session,
            house.referente,
            house.group,
            VALUES,
            [SourceKey(private_list_id=foreign.id)],
            [Place("Sala")],
            now=NOW,
        )


def test_a_series_makes_each_draft_once_at_the_same_wall_time_across_the_clock_change(house, session):
    opens = datetime(2027, 3, 15, 18, 0, tzinfo=ROME).astimezone(UTC)
    values = CycleValues("Verdura", opens, opens + timedelta(days=3), delivery_from=opens + timedelta(days=7))
    first = house.draft(values, every_weeks=2)
    confirm_cycle(session, house.referente, first, now=NOW)
    now = opens + timedelta(days=8)
    assert [make_due_drafts(session, moment) for moment in (opens, now, now)] == [0, 1, 0]
    second = session.scalar(sa.select(OrderCycle).where(OrderCycle.id != first.id))
    assert state(second, now) is State.DRAFT
    walls = [cycle.opens_at.astimezone(ROME).strftime("%a %d.%m. %H:%M") for cycle in (first, second)]
    assert walls == ["Mon 15.03. 18:00", "Mon 29.03. 18:00"]
    assert [product.title for product in second.products] == ["Carote"]
    assert second.groups[0].places[0].name == "Sala"
