"""Generated orders: few households and few instants, so that ties, scarcity and half-full boxes happen often."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from marketplace.orders.allotment import Want, Wanted
from marketplace.orders.booking_time import Part
from marketplace.orders.totals import Cost, CostKind, Line, SplitBy

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

instants = st.integers(0, 6).map(lambda minutes: START + timedelta(minutes=minutes))
steps = st.sampled_from([1, 250, 500, 1000])


@st.composite
def wants(draw, step: int, most: int = 8) -> list[Want]:
    baskets = draw(st.lists(st.integers(1, 60), max_size=most, unique=True))
    amounts = st.integers(1, 6).map(lambda n: n * step)
    return [
        Want(
            basket,
            basket % 4,
            tuple(Part(draw(amounts), draw(instants)) for _ in range(draw(st.integers(1, 2)))),
            draw(st.integers(0, 4)) * step,
        )
        for basket in baskets
    ]


@st.composite
def wanted(draw, product: int = 1, in_place_of: int | None = None) -> Wanted:
    step = draw(steps)
    return Wanted(
        product,
        draw(wants(step)),
        box_size=draw(st.none() | st.integers(1, 12).map(lambda n: n * step)),
        ceiling=draw(st.none() | st.integers(0, 30).map(lambda n: n * step)),
        deliverable=draw(st.none() | st.integers(0, 30).map(lambda n: n * step)),
        in_place_of=in_place_of,
    )


@st.composite
def orders(draw) -> list[Wanted]:
    return [draw(wanted(1)), draw(wanted(2)), draw(wanted(3, in_place_of=1)), draw(wanted(4, in_place_of=1))]


@st.composite
def lines(draw) -> list[Line]:
    pairs = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 5)), unique=True, max_size=12))
    return [
        Line(
            basket=basket,
            group=basket % 3,
            source=product % 2,
            product=product,
            quantity=draw(st.integers(0, 20_000)),
            unit=draw(st.sampled_from(["kg", "piece", "l"])),
            price=draw(st.integers(0, 10**7)),
            vat_rate=draw(st.sampled_from([400, 500, 1000, 2200])),
            piece_weight=draw(st.none() | st.integers(1, 3000)),
            weight=draw(st.none() | st.integers(0, 9000)),
            deposit=draw(st.none() | st.integers(0, 200)),
            returned=draw(st.integers(0, 3)),
        )
        for basket, product in pairs
    ]


@st.composite
def costs(draw) -> list[Cost]:
    def one(number: int) -> Cost:
        by_amount = draw(st.booleans())
        return Cost(
            number,
            draw(st.sampled_from(CostKind)),
            draw(st.sampled_from(SplitBy)),
            amount=draw(st.integers(0, 10**6)) if by_amount else None,
            percent=None if by_amount else draw(st.integers(0, 10_000)),
            threshold=draw(st.none() | st.integers(0, 10**5)),
            group=draw(st.none() | st.integers(0, 2)),
            source=draw(st.none() | st.integers(0, 1)),
        )

    return [one(number) for number in range(draw(st.integers(0, 4)))]
