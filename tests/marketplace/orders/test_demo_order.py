"""The demonstration's order: told once, open, with bookings of both groups and something left to book."""

import csv
import json

import sqlalchemy as sa

from marketplace.config import DATA
from marketplace.orders.booking_models import Basket
from marketplace.orders.demo_story import STORY, tell_order
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import OrderCycle
from marketplace.orders.queries import booking_page
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import NOW, make_membership, make_offer, make_organisation, make_user


def test_the_order_is_told_once_and_the_demonstration_household_can_book(session):
    story = json.loads(STORY.read_text(encoding="utf-8"))
    mill = make_organisation(session, key=story["supplier"], demo=True)
    with (DATA / "demo" / "offers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["organisation"] == mill.key and row["price"]:
                make_offer(session, mill, title=row["title"], unit=row["unit"], box_size=10_000)
    for group in story["groups"]:
        organisation = make_organisation(
            session, key=group["organisation"], kinds=(Kind.BUYING_GROUP,), demo=True
        )
        if "referente" not in group:
            make_membership(session, make_user(session), organisation, MemberRole.OWNER)
            family = make_user(session, email="famiglia@example.org")
            make_membership(session, family, organisation, MemberRole.MEMBER)
    session.commit()
    assert [tell_order(session, NOW), tell_order(session, NOW)] == [1, 0]
    cycle = session.scalar(sa.select(OrderCycle))
    assert state(cycle, NOW) is State.OPEN
    assert len(set(session.scalars(sa.select(Basket.group_id)))) == 2
    page = booking_page(session, family, cycle, None, NOW)
    assert (page.household.name, page.may_book, page.basket) == ("Famiglia di prova", True, None)
