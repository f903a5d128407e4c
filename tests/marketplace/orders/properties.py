"""What must hold of every order: tried on 50 examples in the suite, on 10,000 in tests/ordeal."""

import random
from collections import Counter
from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st

from marketplace.orders.allotment import allot, between_groups, queue_of
from marketplace.orders.booking_rules import helps_a_box
from marketplace.orders.booking_time import parts_of
from marketplace.orders.boxes import fill_boxes
from marketplace.orders.sharing import share_out
from marketplace.orders.totals import add_up, cost_shares, totals, vat_parts
from tests.marketplace.orders import strategies as made

shuffles = st.integers(0, 2**32)


def totals_add_up_on_both_levels(order):
    for wanted in order:
        found = allot(order)[wanted.product]
        group_of = {want.basket: want.group for each in order for want in each.wants}
        by_group = Counter()
        for basket, share in found.baskets.items():
            by_group[group_of[basket]] += share.quantity
        assert +by_group == +Counter({group: share.quantity for group, share in found.groups.items()})


def nobody_gets_more_than_booking_and_tolerance(wanted):
    found = allot([wanted])[1]
    for want in wanted.wants:
        assert 0 <= found.baskets[want.basket].quantity <= want.quantity + want.tolerance


def boxes_are_whole_and_exactly_those_that_are_full(wanted):
    found = allot([replace(wanted, deliverable=None)])[1]
    assert found.total == found.boxes.ordered
    if wanted.box_size:
        assert found.total % wanted.box_size == 0
        assert found.boxes.booked - found.total < wanted.box_size or wanted.ceiling is not None
        assert found.total - found.boxes.booked <= found.boxes.tolerance
    else:
        assert found.total == min(
            found.boxes.booked, found.boxes.booked if wanted.ceiling is None else wanted.ceiling
        )
    if wanted.ceiling is not None:
        assert found.total <= wanted.ceiling


def what_is_delivered_is_never_more_than_what_was_ordered_or_is_there(wanted):
    found = allot([wanted])[1]
    limit = (
        found.boxes.ordered if wanted.deliverable is None else min(wanted.deliverable, found.boxes.ordered)
    )
    assert found.total == limit


def the_order_of_the_input_does_not_matter(order, seed):
    dice = random.Random(seed)
    mixed = [replace(each, wants=dice.sample(list(each.wants), len(each.wants))) for each in order]
    dice.shuffle(mixed)
    assert allot(mixed) == allot(order)


def nobody_gets_less_than_booked_unless_there_is_less_than_all_booked(wanted):
    found = allot([wanted])[1]
    if found.total >= found.boxes.booked:
        assert all(found.baskets[want.basket].quantity >= want.quantity for want in wanted.wants)
    else:
        assert all(found.baskets[want.basket].quantity <= want.quantity for want in wanted.wants)


def less_to_share_out_gives_nobody_more(wanted, less):
    more = allot([replace(wanted, deliverable=None)])[1]
    fewer = allot([replace(wanted, deliverable=less * 250)])[1]
    assert all(fewer.baskets[basket].quantity <= share.quantity for basket, share in more.baskets.items())


def reasons_add_up_to_the_difference(order):
    found = allot(order)
    for wanted in order:
        booked = {want.basket: want.quantity for want in wanted.wants}
        for basket, share in found[wanted.product].baskets.items():
            assert share.quantity - booked.get(basket, 0) == sum(
                reason.numbers["by"] for reason in share.reasons
            )
            assert all(reason.numbers["by"] for reason in share.reasons)
        booked_by_group = Counter()
        for want in wanted.wants:
            booked_by_group[want.group] += want.quantity
        for group, share in found[wanted.product].groups.items():
            assert share.quantity - booked_by_group[group] == sum(r.numbers["by"] for r in share.reasons)


def who_booked_earlier_is_served_first(wanted):
    """If somebody misses some of their booking, nobody whose whole booking is later has any."""
    found = allot([wanted])[1]
    for one in wanted.wants:
        if found.baskets[one.basket].quantity < one.quantity:
            for other in wanted.wants:
                if other.first_at > max(part.at for part in one.parts):
                    assert found.baskets[other.basket].quantity == 0


def the_two_levels_agree_with_one_queue_of_all(wanted):
    queue = queue_of(wanted.wants)
    found = allot([wanted])[1]
    assert {group: share.quantity for group, share in found.groups.items()} == between_groups(
        found.total, queue
    )


def substitutes_replace_at_most_what_is_missing(order):
    found = allot(order)
    first = next(each for each in order if each.product == 1)
    alone = allot([replace(first, deliverable=None)])[1]
    for basket, share in found[1].baskets.items():
        missing = alone.baskets[basket].quantity - share.quantity
        instead = sum(
            reason.numbers["by"]
            for product in (3, 4)
            if basket in found[product].baskets
            for reason in found[product].baskets[basket].reasons
            if reason.code == "in_place_of"
        )
        assert 0 <= instead <= missing


def a_rise_counts_from_its_own_time(history):
    changes = list(
        zip(sorted(at for at, _q in history), (quantity for _at, quantity in history), strict=True)
    )
    parts = parts_of(changes)
    assert sum(part.quantity for part in parts) == (changes[-1][1] if changes else 0)
    assert [part.at for part in parts] == sorted(part.at for part in parts)
    assert all(part.quantity > 0 for part in parts)
    if changes and parts:
        # what is kept has kept its place
        earlier = parts_of(changes[:-1])
        assert parts[:-1] == earlier[: len(parts) - 1]


def shares_add_up_to_the_cent(amount, weights):
    assume(weights)
    shares = share_out(amount, weights)
    assert sum(shares.values()) == amount
    assert shares.keys() == weights.keys()
    total = sum(weights.values())
    for key, share in shares.items():
        exact = amount * weights[key] / total if total else amount / len(weights)
        assert abs(share - exact) <= 1.0001
    assert share_out(amount, dict(reversed(weights.items()))) == shares


def every_total_is_the_sum_of_its_lines(lines, costs, seed):
    found = totals(lines, costs)
    whole = add_up(found.values())
    assert whole.goods == sum(line.goods for line in lines)
    assert whole.deposits == sum(line.deposits for line in lines)
    for cost in costs:
        assert whole.costs.get(cost.id, 0) == sum(cost_shares(cost, lines).values())
    assert whole.amount == sum(total.amount for total in found.values())
    assert sum(part.gross for part in vat_parts(lines)) == whole.goods
    assert all(part.net + part.vat == part.gross for part in vat_parts(lines))
    mixed = random.Random(seed).sample(lines, len(lines))
    assert totals(mixed, list(reversed(costs))) == found


def a_box_is_full_or_says_what_it_lacks(size, booked, tolerance, ceiling):
    found = fill_boxes(size, booked, tolerance, ceiling)
    if found.missing:
        filled = fill_boxes(size, booked + found.missing, tolerance)
        assert filled.missing == 0
        assert filled.ordered >= booked + found.missing
        assert fill_boxes(size, booked + found.missing - 1, tolerance).missing == 1
        assert helps_a_box(size, booked, tolerance, booked + 1, tolerance)
    if ceiling is not None:
        assert found.ordered <= ceiling


_small = st.integers(0, 60)


def every_product(wanted, less):
    nobody_gets_more_than_booking_and_tolerance(wanted)
    boxes_are_whole_and_exactly_those_that_are_full(wanted)
    what_is_delivered_is_never_more_than_what_was_ordered_or_is_there(wanted)
    nobody_gets_less_than_booked_unless_there_is_less_than_all_booked(wanted)
    less_to_share_out_gives_nobody_more(wanted, less)
    who_booked_earlier_is_served_first(wanted)
    the_two_levels_agree_with_one_queue_of_all(wanted)


def every_order(order, seed):
    totals_add_up_on_both_levels(order)
    the_order_of_the_input_does_not_matter(order, seed)
    reasons_add_up_to_the_difference(order)
    substitutes_replace_at_most_what_is_missing(order)


#: What is tried, with what it is tried on. Making examples takes longer than trying them: one serves many properties.
PROPERTIES = {
    every_product: (made.wanted(), _small),
    every_order: (made.orders(), shuffles),
    a_rise_counts_from_its_own_time: (st.lists(st.tuples(made.instants, st.integers(0, 9)), max_size=7),),
    shares_add_up_to_the_cent: (
        st.integers(-(10**9), 10**9),
        st.dictionaries(st.integers(0, 50), st.integers(0, 10**6), max_size=12),
    ),
    every_total_is_the_sum_of_its_lines: (made.lines(), made.costs(), shuffles),
    a_box_is_full_or_says_what_it_lacks: (st.integers(1, 12), _small, _small, st.none() | _small),
}
