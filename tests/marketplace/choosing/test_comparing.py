"""Answers side by side: what they add up to, what is covered, who is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.choosing.comparing import AskedLot, compare
from marketplace.choosing.joint_scores import JointScore
from marketplace.money import line_total, line_total_with_vat, line_total_without_vat
from marketplace.proposals.queries import LineRow, ProposalRow

CARROTS = AskedLot(1, "Carote", 100_000, "kg")
CLEANING = AskedLot(2, "Pulizie", None, None)


def line(lot=CARROTS, price=20_000, vat_rate=1000, quantity=None, supplier=1):
    return LineRow(lot.id, supplier, f"S{supplier}", price, vat_rate, quantity, None, None, None, "")


def answer(*lines, supplier=1, with_vat=False):
    by_lot = {}
    for one in lines:
        by_lot[one.lot_id] = (*by_lot.get(one.lot_id, ()), one)
    return ProposalRow(
        supplier, supplier, f"s{supplier}", f"S{supplier}", "", "", with_vat, by_lot, (), (), {}, None
    )


def compared(*answers, lots=(CARROTS,), with_vat=False):
    return compare(lots, answers, compare_with_vat=with_vat, matches={}, near_misses={})


def test_a_quote_without_vat_shows_what_has_to_be_committed():
    (column,) = compared(answer(line())).columns
    assert (column.net, column.gross) == (20_000, 22_000)
    assert column.is_whole


def test_an_answer_with_vat_shows_the_amount_without_it():
    (column,) = compared(answer(line(price=22_000), with_vat=True), with_vat=True).columns
    assert (column.net, column.gross) == (20_000, 22_000)


def test_a_part_is_marked_and_priced_as_the_part_that_it_is():
    (column,) = compared(answer(line(quantity=40_000))).columns
    assert column.cells[0].covers == "part"
    assert column.net == 8_000
    assert not column.is_whole


def test_a_lot_that_is_not_answered_is_neither_covered_nor_counted():
    (column,) = compared(answer(line()), lots=(CARROTS, CLEANING)).columns
    assert [cell.covers for cell in column.cells] == ["whole", "none"]
    assert column.net == 20_000


def test_a_price_without_a_quantity_gives_no_total():
    (column,) = compared(answer(line(CLEANING)), lots=(CLEANING,)).columns
    assert (column.net, column.gross) == (None, None)
    assert column.cells[0].lines[0].price_net == 20_000


def test_without_a_rate_of_vat_nothing_is_invented():
    (column,) = compared(answer(line(vat_rate=None))).columns
    assert (column.net, column.gross) == (20_000, None)


def test_a_joint_answer_adds_up_what_each_brings():
    (column,) = compared(
        answer(line(quantity=60_000), line(quantity=40_000, price=30_000, supplier=2))
    ).columns
    assert column.cells[0].covers == "whole"
    assert column.net == 12_000 + 12_000


def test_the_best_score_of_all_who_answer_together_comes_first():
    def joint(score):
        return JointScore(score, {}, (), {})

    answers = [answer(line(supplier=one), supplier=one) for one in (1, 2, 3)]
    ordered = compare(
        (CARROTS,),
        answers,
        compare_with_vat=False,
        matches={},
        near_misses={},
        joints={1: joint(None), 2: joint(0.4), 3: joint(0.4 + 1e-12)},
    ).columns
    assert [column.proposal.id for column in ordered] == [2, 3, 1]


def test_the_lowest_price_of_a_whole_line_is_marked_and_a_part_is_not_compared():
    columns = compared(
        answer(line(price=20_000), supplier=1),
        answer(line(price=19_000, supplier=2), supplier=2),
        answer(line(price=10_000, quantity=1_000, supplier=3), supplier=3),
    ).columns
    assert [column.proposal.id for column in columns if column.cells[0].lowest] == [2]


def test_a_single_answer_is_not_called_the_lowest():
    assert not compared(answer(line())).columns[0].cells[0].lowest


@given(st.integers(0, 10**9), st.integers(0, 10**8), st.sampled_from([0, 400, 500, 1000, 2200]))
def test_a_line_turned_either_way_is_never_more_than_half_a_cent_off(quantity, price, rate):
    exact = quantity * price / 1000 / 100
    assert abs(line_total(quantity, price) - exact) <= 0.5 + exact * 1e-12
    gross, net = line_total_with_vat(quantity, price, rate), line_total_without_vat(quantity, price, rate)
    assert abs(gross - exact * (1 + rate / 10_000)) <= 0.5 + exact * 1e-9
    assert abs(net - exact / (1 + rate / 10_000)) <= 0.5 + exact * 1e-9


@pytest.mark.parametrize(("price", "rate", "net"), [(12_200, 2200, 100), (1, 400, 0)])
def test_without_vat_is_rounded_once_per_line(price, rate, net):
    assert line_total_without_vat(1_000, price, rate) == net
