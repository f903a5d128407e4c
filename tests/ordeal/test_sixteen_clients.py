"""Ordeal 2: sixteen clients write for a minute on two web processes; no error, and every sum is the sum of its lines."""

import time

import sqlalchemy as sa

from marketplace.db import db
from marketplace.money import line_total
from marketplace.orders import queries, reading
from marketplace.orders.booking_models import Basket, Booking, BookingChange
from marketplace.orders.models import CycleProduct, OrderCycle
from tests.ordeal.bookers import Bookers
from tests.ordeal.house import START_S, eventually

CLIENTS, SECONDS = 16, 60


def test_sixteen_clients_write_for_a_minute_and_all_sums_agree(house):
    web = house.start_web()
    eventually(lambda: house.status() is not None, "it never served", START_S)
    bookers = Bookers(house.app(), house.address, number=CLIENTS)
    bookers.start()
    time.sleep(SECONDS)
    bookers.stop()
    print(f"{bookers.taken} bookings in {SECONDS} s, {bookers.statuses}")
    assert set(bookers.statuses) == {302}, bookers.statuses
    bookers.check()
    assert web.poll() is None
    with bookers.app.app_context():
        session = db.session
        lines = session.execute(
            sa.select(Booking.basket_id, Booking.quantity).where(Booking.product_id == bookers.product)
        ).all()
        assert len(lines) == CLIENTS
        used = sum(quantity for _basket, quantity in lines)
        cycle = session.scalar(sa.select(OrderCycle))
        assert reading.booked_sums(session, cycle.id) == {bookers.product: (used, 0)}
        # the history of each line leads to it, step by step
        changes = dict(
            session.execute(
                sa.select(
                    BookingChange.basket_id,
                    sa.func.sum(BookingChange.quantity_after - BookingChange.quantity_before),
                ).group_by(BookingChange.basket_id)
            ).all()
        )
        assert {basket: int(total) for basket, total in changes.items()} == dict(lines)
        price = session.get_one(CycleProduct, bookers.product).price
        totals = queries.totals_of(session, cycle)
        assert {basket: total.goods for basket, total in totals.items()} == {
            basket: line_total(quantity, price) for basket, quantity in lines
        }
        assert session.scalar(sa.select(sa.func.count()).select_from(Basket)) == CLIENTS
