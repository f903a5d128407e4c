"""Who gets how much, in cases that can be followed by hand; the rest is in test_order_properties."""

from datetime import timedelta

from marketplace.orders.allotment import Want, Wanted, allot
from marketplace.orders.booking_time import Part
from marketplace.orders.reasons import Reason
from tests.marketplace.orders.strategies import START


def want(basket, quantity, *, minute=0, tolerance=0, group=1):
    return Want(basket, group, (Part(quantity, START + timedelta(minutes=minute)),), tolerance)


def quantities(found):
    return {basket: share.quantity for basket, share in found.baskets.items()}


def test_tolerances_fill_the_last_box_in_the_order_of_booking():
    wants = [want(1, 8000, minute=2, tolerance=2000), want(2, 9000, minute=1, tolerance=2000)]
    found = allot([Wanted(7, wants, box_size=10_000)])[7]
    assert quantities(found) == {1: 9000, 2: 11_000}
    assert found.baskets[1].reasons == (Reason("box_filled", {"by": 1000, "box": 10_000}),)


def test_what_fills_no_box_is_taken_from_who_booked_last():
    wants = [want(1, 6000), want(2, 5000, minute=1), want(3, 2000, minute=2)]
    found = allot([Wanted(7, wants, box_size=10_000)])[7]
    assert quantities(found) == {1: 6000, 2: 4000, 3: 0}
    assert found.baskets[2].reasons == (
        Reason("box_not_filled", {"by": -1000, "box": 10_000, "missing": 7000}),
    )
    assert found.baskets[1].reasons == ()


def test_at_the_same_instant_the_greater_tolerance_goes_first():
    wants = [want(1, 6000), want(2, 6000, tolerance=1000)]
    assert quantities(allot([Wanted(7, wants, ceiling=8000)])[7]) == {1: 2000, 2: 6000}


def test_a_late_rise_waits_behind_who_came_in_between():
    early = Want(1, 1, (Part(2000, START), Part(3000, START + timedelta(minutes=5))))
    found = allot([Wanted(7, [early, want(2, 2000, minute=1)], ceiling=5000)])[7]
    assert quantities(found) == {1: 3000, 2: 2000}
    assert found.baskets[1].reasons == (Reason("scarce", {"by": -2000, "available": 5000}),)


def test_groups_share_before_their_households_do():
    wants = [want(1, 3000, group=1), want(2, 3000, minute=1, group=2), want(3, 3000, minute=2, group=1)]
    found = allot([Wanted(7, wants, deliverable=5000)])[7]
    assert {group: share.quantity for group, share in found.groups.items()} == {1: 3000, 2: 2000}
    assert quantities(found) == {1: 3000, 2: 2000, 3: 0}
    assert found.groups[2].reasons == (Reason("supplier_short", {"by": -1000, "deliverable": 5000}),)


def test_what_comes_instead_goes_to_who_misses_it():
    apples = Wanted(1, [want(1, 4000), want(2, 4000, minute=1)], deliverable=5000)
    pears = Wanted(2, [want(3, 1000)], deliverable=3000, in_place_of=1)
    found = allot([apples, pears])
    assert quantities(found[1]) == {1: 4000, 2: 1000}
    assert quantities(found[2]) == {2: 2000, 3: 1000}
    assert found[2].baskets[2].reasons == (Reason("in_place_of", {"by": 2000, "product": 1}),)
