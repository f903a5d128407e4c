"""What is paid, in cases that can be followed by hand (ordeals 41 to 43)."""

from marketplace.orders.sharing import share_out
from marketplace.orders.totals import Cost, Line, VatPart, add_up, cost_shares, totals, vat_parts


def line(basket=1, **values):
    return Line(
        **{
            "basket": basket, "group": 1, "source": 1, "product": 1, "quantity": 1000, "unit": "kg", "price": 50_000,
            "vat_rate": 1000,
        }
        | values
    )  # fmt: skip


def test_a_euro_in_three_adds_up():
    assert share_out(100, {1: 1, 2: 1, 3: 1}) == {1: 34, 2: 33, 3: 33}
    assert share_out(5000, {1: 1, 2: 1, 3: 1}) == {1: 1667, 2: 1667, 3: 1666}
    assert share_out(-100, {1: 1, 2: 1, 3: 1}) == {1: -34, 2: -33, 3: -33}


def test_a_line_is_rounded_once():
    assert line(quantity=333, price=26_750).goods == 89  # 0.333 kg at 2.675 €: 0.890775
    assert line(quantity=10**9, price=10_000).goods == 10**8


def test_what_is_sold_by_piece_is_paid_by_weight():
    cheese = line(quantity=2000, unit="piece", piece_weight=900, price=150_000)
    assert cheese.is_estimated
    assert cheese.goods == 2700
    weighed = line(quantity=2000, unit="piece", piece_weight=900, price=150_000, weight=1750)
    assert not weighed.is_estimated
    assert weighed.goods == 2625


def test_containers_given_back_lower_the_deposit():
    assert line(quantity=6000, unit="bottle", deposit=30, returned=4).deposits == 60


def test_the_vat_is_contained_in_the_price():
    parts = vat_parts([line(price=100_000, vat_rate=400), line(2, price=122_000, vat_rate=2200)])
    assert parts == [VatPart(400, 1000, 962, 38), VatPart(2200, 1220, 1000, 220)]


def test_transport_by_weight_and_a_discount_by_threshold():
    lines = [line(1, quantity=1000), line(2, quantity=3000)]
    transport = Cost(1, "transport", "weight", amount=1000)
    discount = Cost(2, "discount", "price", percent=1000, threshold=2000)
    found = totals(lines, [transport, discount])
    assert found[1].costs == {1: 250, 2: -50}
    assert found[2].costs == {1: 750, 2: -150}
    assert add_up(found.values()).amount == 2000 + 1000 - 200
    assert cost_shares(Cost(3, "discount", "price", percent=1000, threshold=2001), lines) == {}


def test_who_gets_nothing_pays_no_transport():
    lines = [line(1), line(2, quantity=0)]
    assert cost_shares(Cost(1, "transport", "household", amount=500), lines) == {1: 500}


def test_weight_is_replaced_by_price_where_nothing_is_weighed():
    lines = [line(1, unit="jar", quantity=1000), line(2, unit="jar", quantity=3000)]
    assert cost_shares(Cost(1, "transport", "weight", amount=400), lines) == {1: 100, 2: 300}


def test_a_discount_never_pays_anybody():
    assert cost_shares(Cost(1, "discount", "price", amount=9000), [line(1)]) == {1: -500}
