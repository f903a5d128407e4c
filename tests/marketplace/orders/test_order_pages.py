"""The pages of an order, from the supplier's list to what each household gets, as a browser without JavaScript meets them."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.catalogue.import_models import PrivateListItem
from marketplace.orders.booking_models import Allotment, Basket, Booking
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.organisations.models import Kind, MemberRole
from marketplace.rome_time import ROME
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_private_list,
    make_user,
)
from tests.support.people import browser_of


def wall(moment):
    return moment.astimezone(ROME).strftime("%Y-%m-%dT%H:%M")


def hidden(text, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text)[1]


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def house(app, session, clock):
    class House:
        group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
        referente, member = make_user(session), make_user(session)

    make_membership(session, House.referente, House.group, MemberRole.EDITOR)
    make_membership(session, House.member, House.group, MemberRole.MEMBER)
    session.commit()
    House.browser, House.phone = browser_of(app, House.referente), browser_of(app, House.member)
    return House


def test_an_order_from_a_private_list_goes_from_draft_to_shares(house, session, clock):
    kept = make_private_list(session, house.group, supplier_name="Agrumeto dello Ionio")
    session.add(
        PrivateListItem(
            list_id=kept.id, title="Arance", unit="kg", price=18_000, vat_treatment="vat_4", vat_rate=400,
            box_size=10_000, updated_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    assert "Agrumeto" in house.browser.get("/orders/new").text
    made = house.browser.post(
        f"/orders/new?group={house.group.slug}&source=list-{kept.id}",
        data={
            "title": "Arance di dicembre",
            "opens_at": wall(NOW),
            "closes_at": wall(NOW + timedelta(days=5)),
            "delivery_from": wall(NOW + timedelta(days=9)),
            "places-0-name": "Oratorio",
        },
    )
    assert made.status_code == 302, made.text
    cycle = session.scalar(sa.select(OrderCycle))
    address = f"/orders/{cycle.id}"
    assert house.phone.get(address).status_code == 404
    chosen = {f"keep-{cycle.products[0].id}": "1", f"available-{cycle.products[0].id}": "50"}
    assert house.browser.post(f"{address}/products", data=chosen).status_code == 302
    assert house.browser.post(f"{address}/confirm").status_code == 302

    assert f"/organisations/{house.group.slug}/households/mine" in house.phone.get(f"{address}/book").text
    assert (
        house.phone.post(
            f"/organisations/{house.group.slug}/households/mine", data={"name": "Verdi"}
        ).status_code
        == 302
    )
    page = house.phone.get(f"{address}/book")
    assert page.status_code == 200
    product = cycle.products[0].id
    form = {
        "version": "0",
        "key": hidden(page.text, "key"),
        f"q-{product}": "12",
        f"t-{product}": "3",
        "household": hidden(page.text, "household"),
    }
    assert house.phone.post(f"{address}/book", data=form).status_code == 302
    assert house.phone.post(f"{address}/book", data=form).status_code == 302
    assert session.scalar(sa.select(sa.func.count(Booking.id))) == 1
    assert "21,60" in house.phone.get(f"{address}/book").text

    clock.move_to(NOW + timedelta(days=5))
    assert house.phone.post(f"{address}/book", data=form | {"key": "late"}).status_code == 409
    assert house.browser.post(f"{address}/close").status_code == 302
    session.expire_all()
    assert state(cycle, NOW) is State.CLOSED
    assert session.scalar(sa.select(Allotment.quantity)) == 10_000
    for browser in (house.phone, house.browser):
        assert browser.get(address).status_code == 200
        assert browser.get("/orders").status_code == 200
    assert "10 kg" in house.phone.get(f"{address}/book").text.replace("\u00a0", " ")


def test_refused_lines_keep_what_was_typed(house, session):
    household = make_household(session, house.group, house.member)
    cycle = make_cycle(session, house.group)
    last = make_cycle_product(session, cycle, available=2000)
    session.commit()
    answer = house.phone.post(
        f"/orders/{cycle.id}/book",
        data={"version": "0", "key": "k", f"q-{last.id}": "7", "household": str(household.id)},
    )
    assert answer.status_code == 409
    assert 'value="7"' in answer.text
    assert session.scalar(sa.select(Basket.id)) is None
    wrong = house.phone.post(
        f"/orders/{cycle.id}/book", data={"version": "0", "key": "k", f"q-{last.id}": "1e5"}
    )
    assert wrong.status_code == 400


def test_households_of_another_group_are_never_shown(app, house, session):
    """Not their names, not their notes, not their baskets: totals only."""
    other = make_organisation(session, kinds=(Kind.BUYING_GROUP,), name="GAS Lontano")
    theirs, neighbour = make_user(session), make_user(session)
    make_membership(session, theirs, other, MemberRole.OWNER)
    cycle = make_cycle(session, other, title="Aperto", open_to_groups=True)
    product = make_cycle_product(session, cycle)
    secret = make_household(session, other, neighbour, name="Famiglia Riservata")
    booking = make_booking(session, cycle, secret, product)
    booking.basket.note = "celiaca"
    session.commit()
    assert "Aperto" in house.browser.get("/orders/nearby").text
    assert house.phone.get(f"/orders/{cycle.id}").status_code == 404
    supplier = make_user(session)
    make_membership(session, supplier, make_organisation(session), MemberRole.OWNER)
    assert browser_of(app, supplier).get(f"/orders/{cycle.id}").status_code == 404
    before = house.browser.get(f"/orders/{cycle.id}")
    nowhere = house.browser.post(f"/orders/{cycle.id}/join", data={"group": str(house.group.id)})
    assert (nowhere.status_code, "Garage" in nowhere.text) == (400, False)
    asked = house.browser.post(
        f"/orders/{cycle.id}/join", data={"group": str(house.group.id), "places-0-name": "Garage"}
    )
    assert (before.status_code, asked.status_code) == (200, 302)
    group = session.scalar(sa.select(CycleGroup).where(CycleGroup.organisation_id == house.group.id))
    desk = browser_of(app, theirs)
    assert house.browser.post(f"/orders/{cycle.id}/groups/{group.id}/admit").status_code == 404
    assert desk.post(f"/orders/{cycle.id}/groups/{group.id}/admit").status_code == 302
    after = house.browser.get(f"/orders/{cycle.id}")
    for page in (before, after):
        assert "Riservata" not in page.text
        assert "celiaca" not in page.text
    assert "GAS Lontano" in after.text
    assert "Riservata" in desk.get(f"/orders/{cycle.id}").text
    assert house.browser.get(f"/orders/{cycle.id}/book?household={secret.id}").status_code == 404


def test_the_page_of_300_products_is_light(house, session):
    make_household(session, house.group, house.member)
    cycle = make_cycle(session, house.group)
    for number in range(300):
        make_cycle_product(
            session,
            cycle,
            title=f"Prodotto numero {number} del listino",
            box_size=6000 if number % 2 else None,
            unit="jar",
        )
    session.commit()
    page = house.phone.get(f"/orders/{cycle.id}/book")
    assert page.status_code == 200
    assert len(page.data) < 150_000
