"""The sheets of an order, read from what was allotted."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.order_sheets.sheet import Recipient, Sheet, SheetPlace, SheetProduct
from marketplace.orders import reading
from marketplace.orders.booking_models import Allotment, Basket
from marketplace.orders.models import CycleGroup, CycleProduct, CycleSource, OrderCycle, PickupPlace
from marketplace.organisations.models import Organisation
from marketplace.price_lists.listed import OWN_CODE


def sheet_of(session: Session, cycle: OrderCycle, source: CycleSource) -> Sheet:
    """What the supplier delivers as it is allotted now; without products where that is nothing. Five queries."""
    asked = _quantities(session, cycle.id, source.id)
    wanted = {product for of_place in asked.values() for product in of_place}
    products = [product for product in _products(session, source.id) if product.id in wanted]
    by_id = {product.id: product for product in products}
    places = {place.id: place for place in _places(session, cycle.id)}
    recipients = []
    for group, organisation in _groups(session, cycle):
        mine = {place: found for (of, place), found in asked.items() if of == group.id}
        if not mine:
            continue
        sums: dict[int, int] = defaultdict(int)
        for found in mine.values():
            for product, quantity in found.items():
                sums[product] += quantity
        recipients.append(
            Recipient(
                group=group.id,
                name=organisation.name,
                places=_sheet_places(group.id, mine, places),
                lines={product: by_id[product].line(group.id, sums[product]) for product in sorted(sums)},
                tax_code=organisation.tax_code or "",
                vat_number=organisation.vat_number or "",
                address=organisation.address,
                email=organisation.email,
            )
        )
    coordinator = session.get_one(Organisation, cycle.organisation_id)
    return Sheet(
        title=cycle.title,
        supplier=source.name,
        products=products,
        recipients=recipients,
        coordinator=coordinator.name,
        vat_number=source.vat_number or "",
        email=source.email,
        opened_at=cycle.opens_at,
        closed_at=cycle.closes_at,
        delivery_from=cycle.delivery_from,
        delivery_until=cycle.delivery_until,
    )


def _quantities(
    session: Session, cycle_id: int, source_id: int
) -> dict[tuple[int, int | None], dict[int, int]]:
    """By group and place: how much of each product, where it is anything."""
    found: dict[tuple[int, int | None], dict[int, int]] = defaultdict(dict)
    rows = session.execute(
        sa.select(
            Basket.group_id, Basket.place_id, Allotment.product_id, sa.func.sum(Allotment.quantity)
        )
        .join(Basket, Basket.id == Allotment.basket_id)
        .join(CycleProduct, CycleProduct.id == Allotment.product_id)
        .where(Basket.cycle_id == cycle_id, CycleProduct.source_id == source_id, Allotment.quantity > 0)
        .group_by(Basket.group_id, Basket.place_id, Allotment.product_id)
        .order_by(Basket.group_id, Basket.place_id, Allotment.product_id)
    )  # fmt: skip
    for group, place, product, quantity in rows:
        # PostgreSQL adds up 64-bit integers to a decimal
        found[group, place][product] = int(quantity)
    return found


def _products(session: Session, source_id: int) -> list[SheetProduct]:
    rows = session.scalars(
        sa.select(CycleProduct)
        .where(CycleProduct.source_id == source_id)
        .order_by(CycleProduct.position, CycleProduct.id)
    ).all()
    titles = {row.id: full_title(row) for row in rows}
    seen: set[str] = set()
    found = []
    for row in rows:
        own_code = row.code or f"{OWN_CODE}{row.offer_id or row.item_id or row.id}"
        if own_code in seen:
            # variants of one product share its code: the file needs each its own
            own_code = f"{own_code}-{row.id}"
        seen.add(own_code)
        found.append(
            SheetProduct(
                id=row.id, title=titles[row.id], unit=row.unit, price=row.price, code=row.code,
                category=row.category, vat_treatment=row.vat_treatment, vat_rate=row.vat_rate,
                box_size=row.box_size, piece_weight=row.piece_weight, deposit=row.deposit, own_code=own_code,
                in_place_of=titles.get(row.substitutes_id, ""),
            )
        )  # fmt: skip
    return found


def full_title(product: CycleProduct) -> str:
    return f"{product.title}, {product.variant}" if product.variant else product.title


def _groups(session: Session, cycle: OrderCycle):
    return session.execute(
        sa.select(CycleGroup, Organisation)
        .join(Organisation, Organisation.id == CycleGroup.organisation_id)
        .where(CycleGroup.cycle_id == cycle.id)
        .order_by(CycleGroup.organisation_id != cycle.organisation_id, CycleGroup.id)
    ).all()


def _places(session: Session, cycle_id: int):
    return session.scalars(
        sa.select(PickupPlace)
        .join(CycleGroup, CycleGroup.id == PickupPlace.group_id)
        .where(CycleGroup.cycle_id == cycle_id)
        .order_by(PickupPlace.position, PickupPlace.id)
    ).all()


def _sheet_places(
    group: int, mine: dict[int | None, dict[int, int]], places: dict[int, PickupPlace]
) -> list[SheetPlace]:
    """The group's places with something to bring, in their order; what chose none goes to its only one."""
    own = [id_ for id_, place in places.items() if place.group_id == group]
    sums: dict[int | None, dict[int, int]] = {}
    for place, found in mine.items():
        at = own[0] if place not in own and len(own) == 1 else place
        total = sums.setdefault(at, defaultdict(int))
        for product, quantity in found.items():
            total[product] += quantity
    order = [*(id_ for id_ in own if id_ in sums), *(id_ for id_ in sums if id_ not in own)]
    return [
        SheetPlace(place.name, dict(sums[id_]), place.address, place.starts_at, place.ends_at)
        if (place := places.get(id_))
        else SheetPlace("", dict(sums[id_]))
        for id_ in order
    ]


@dataclass(frozen=True, slots=True)
class ReceivedOrder:
    source: CycleSource
    cycle: OrderCycle
    coordinator: str


def received_orders(session: Session, organisation_id: int) -> list[ReceivedOrder]:
    """The orders that an organisation was asked to deliver, the newest first."""
    rows = session.execute(
        sa.select(CycleSource, OrderCycle, Organisation.name)
        .join(OrderCycle, OrderCycle.id == CycleSource.cycle_id)
        .join(Organisation, Organisation.id == OrderCycle.organisation_id)
        .where(CycleSource.organisation_id == organisation_id, CycleSource.sent_at.is_not(None))
        .order_by(CycleSource.sent_at.desc(), CycleSource.id.desc())
    )
    return [ReceivedOrder(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Together:
    """Cents of goods and deposits of all households of one supplier, each line rounded by itself."""

    ordered: int = 0
    delivered: int = 0


def households_together(session: Session, cycle: OrderCycle) -> dict[int, Together]:
    """By source: as it was shared out, and as it came, with real weights, what is missing and containers returned."""
    sums: dict[int, Together] = {}
    for now, was in zip(
        reading.allotted_lines(session, cycle.id), reading.ordered_lines(session, cycle.id), strict=True
    ):
        before = sums.get(now.source, Together())
        sums[now.source] = Together(
            before.ordered + was.goods + was.deposits, before.delivered + now.goods + now.deposits
        )
    return sums
