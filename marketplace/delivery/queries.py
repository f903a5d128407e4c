"""Who gets what at a place, as it is now: the one source of page, paper, CSV and chat text, so that sums are the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.delivery.access import Hands
from marketplace.delivery.operations import CORRECTED, DONE, MOVED, REFUSED, first_place
from marketplace.households.models import Household
from marketplace.households.queries import settings_of
from marketplace.orders import reading
from marketplace.orders.booking_models import Allotment, Basket, Booking
from marketplace.orders.models import CycleCost, CycleGroup, CycleProduct, PickupPlace, Shift
from marketplace.orders.totals import Line, Total, totals
from marketplace.organisations.models import Organisation

LAST_EVENTS = 60


@dataclass(frozen=True, slots=True)
class LineRow:
    """A product of a household: ``line`` counts what really came, ``given.quantity`` is what had been shared out."""

    product: CycleProduct
    given: Allotment
    line: Line
    ticked_by: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household at the table. ``notes`` are empty but for the group's referenti; ``total`` is what it pays, in cents."""

    household: Household
    basket: Basket
    lines: Sequence[LineRow]
    total: Total
    costs: Sequence[tuple[str, int]]
    notes: Sequence[str]

    @property
    def ticked(self) -> int:
        return sum(row.given.ticked_at is not None for row in self.lines)

    @property
    def is_estimated(self) -> bool:
        return any(row.line.is_estimated for row in self.lines)

    @property
    def difference(self) -> int:
        """Cents still owed where something was paid; negative is what comes back."""
        return 0 if self.basket.paid is None else self.total.amount - self.basket.paid


@dataclass(frozen=True, slots=True)
class ProductTotal:
    """So much of a product is unloaded for so many households; grams only of what is paid by weight, some perhaps a guess."""

    product: CycleProduct
    quantity: int
    households: int
    grams: int
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class PlaceList:
    """A place with its households by name. ``shows_money``: whoever reads may see amounts."""

    group: CycleGroup
    organisation: Organisation
    place: PickupPlace
    rows: Sequence[HouseholdRow]
    shifts: Sequence[tuple[Shift, str]]
    is_referente: bool
    pays_here: bool

    @property
    def shows_money(self) -> bool:
        return self.is_referente or self.pays_here

    @property
    def amount(self) -> int:
        return sum(row.total.amount for row in self.rows)

    @property
    def collected(self) -> int:
        return sum(row.basket.collected_at is not None for row in self.rows)

    @property
    def products(self) -> list[ProductTotal]:
        """What is unloaded here, in the order of the list."""
        found: dict[int, list[LineRow]] = defaultdict(list)
        for row in self.rows:
            for line in row.lines:
                if line.line.quantity:
                    found[line.product.id].append(line)
        sums = [
            ProductTotal(
                lines[0].product,
                sum(one.line.quantity for one in lines),
                len(lines),
                sum(one.line.grams for one in lines) if lines[0].product.piece_weight else 0,
                any(one.line.is_estimated for one in lines),
            )
            for lines in found.values()
        ]
        return sorted(sums, key=lambda one: (one.product.position, one.product.id))


def place_lists(session: Session, hands: Hands, *, only: int | None = None) -> list[PlaceList]:
    """The lists of all places where somebody hands out, or of one of them. A fixed number of queries for each place."""
    cycle = hands.cycle
    lines = reading.allotted_lines(session, cycle.id)
    paid_by = totals(lines, reading.costs_of(session, cycle.id))
    line_of = {(line.basket, line.product): line for line in lines}
    labels = dict(
        tuple(row)
        for row in session.execute(
            sa.select(CycleCost.id, CycleCost.label).where(CycleCost.cycle_id == cycle.id)
        )
    )
    places = [place for place in hands.places if only in (None, place.id)]
    return [_place_list(session, hands, place, paid_by, line_of, labels) for place in places]


def _place_list(
    session: Session,
    hands: Hands,
    place: PickupPlace,
    paid_by: Mapping[int, Total],
    line_of: Mapping[tuple[int, int], Line],
    labels: Mapping[int, str],
) -> PlaceList:
    group = session.get_one(CycleGroup, place.group_id)
    here = Basket.place_id == place.id
    if first_place(session, group.id) == place.id:
        here = sa.or_(here, Basket.place_id.is_(None))
    baskets = session.execute(
        sa.select(Household, Basket)
        .join(Basket, Basket.household_id == Household.id)
        .where(Basket.cycle_id == hands.cycle.id, Basket.group_id == group.id, here)
    ).all()
    ids = [basket.id for _household, basket in baskets]
    is_referente = hands.is_referente_at(place)
    ticker = sa.orm.aliased(User)
    found: dict[int, list[LineRow]] = defaultdict(list)
    query = (
        sa.select(Allotment, CycleProduct, ticker.name, Booking.note)
        .join(CycleProduct, CycleProduct.id == Allotment.product_id)
        .outerjoin(ticker, ticker.id == Allotment.ticked_by_id)
        .outerjoin(
            Booking,
            sa.and_(Booking.basket_id == Allotment.basket_id, Booking.product_id == Allotment.product_id),
        )
        .where(Allotment.basket_id.in_(ids))
        .order_by(CycleProduct.position, CycleProduct.id)
    )
    for given, product, name, note in session.execute(query):
        line = line_of[given.basket_id, product.id]
        if given.quantity or line.quantity or line.returned or given.delivered is not None:
            found[given.basket_id].append(
                LineRow(product, given, line, name, (note or "") if is_referente else "")
            )
    rows = [
        HouseholdRow(
            household,
            basket,
            found[basket.id],
            total := paid_by.get(basket.id, Total()),
            [(labels.get(id_, ""), cents) for id_, cents in sorted(total.costs.items())],
            [note for note in (basket.note, household.note) if note] if is_referente else [],
        )
        for household, basket in baskets
        if found[basket.id]
    ]
    rows.sort(key=lambda row: (row.household.name.casefold(), row.household.id))
    return PlaceList(
        group,
        session.get_one(Organisation, group.organisation_id),
        place,
        rows,
        shifts_at(session, [place.id])[place.id],
        is_referente,
        not settings_of(session, group.organisation_id).keeps_accounts,
    )


def shifts_at(session: Session, place_ids: Sequence[int]) -> dict[int, list[tuple[Shift, str]]]:
    """The shifts of each place in the order of time, with the household's name, empty where nobody has taken it."""
    found: dict[int, list[tuple[Shift, str]]] = {id_: [] for id_ in place_ids}
    rows = session.execute(
        sa.select(Shift, Household.name)
        .outerjoin(Household, Household.id == Shift.household_id)
        .where(Shift.place_id.in_(place_ids))
        .order_by(Shift.starts_at, Shift.id)
    )
    for shift, name in rows:
        found[shift.place_id].append((shift, name or ""))
    return found


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was written at a delivery: of whom, by whom, when. ``other``: with whom something was swapped."""

    at: datetime
    verb: str
    household: str
    person: str
    product: CycleProduct | None
    details: Mapping
    other: str = ""


def events_of(session: Session, groups: Sequence[int]) -> list[Event]:
    """For a group's referenti: what was weighed, changed, paid and moved, and what met something else; newest first."""
    names = dict(
        tuple(row)
        for row in session.execute(
            sa.select(Basket.id, Household.name)
            .join(Household, Household.id == Basket.household_id)
            .where(Basket.group_id.in_(groups))
        )
    )
    rows = session.execute(
        sa.select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.subject == Basket.__tablename__,
            AuditEvent.subject_id.in_(list(names)),
            AuditEvent.verb.in_((DONE, CORRECTED, MOVED, REFUSED)),
        )
        .order_by(AuditEvent.id.desc())
        .limit(LAST_EVENTS)
    ).all()
    ids = {row.details.get("product") for row, _name in rows} - {None}
    products = {
        product.id: product
        for product in session.scalars(sa.select(CycleProduct).where(CycleProduct.id.in_(ids)))
    }
    return [
        Event(
            row.at,
            row.verb,
            names[row.subject_id],
            name or "",
            products.get(row.details.get("product")),
            row.details,
            names.get(row.details.get("other"), ""),
        )
        for row, name in rows
    ]
