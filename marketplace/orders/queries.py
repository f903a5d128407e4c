"""What pages on group orders show: one's own orders, one order, what a household can book, who gets what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.errors import NotFound
from marketplace.households.models import Household, HouseholdMember
from marketplace.households.operations import GROUPS
from marketplace.orders import reading
from marketplace.orders.access import EDITORS, Standing, standing_in, taking_part
from marketplace.orders.booking_models import Allotment, Basket, Booking
from marketplace.orders.boxes import Boxes, fill_boxes
from marketplace.orders.lifecycle import State, phase_for_household, phase_for_referente, state
from marketplace.orders.models import CycleGroup, CycleProduct, OrderCycle
from marketplace.orders.totals import Line, Total, add_up, totals
from marketplace.organisations.models import Membership, Organisation, OrganisationKind, Status

#: Ended orders on one's list.
LAST_ENDED = 20


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An order of the reader's groups; ``group`` is the reader's, ``asked`` how many groups wait for an answer."""

    cycle: OrderCycle
    state: State
    group: Organisation
    coordinates: bool
    booked: bool
    asked: int = 0


def orders_of(session: Session, person: User, now: datetime) -> list[OwnOrder]:
    """The orders of a person's groups, the next closing first; drafts only for who coordinates. Three queries."""
    rows = session.execute(
        sa.select(OrderCycle, Organisation, Membership.role)
        .join(CycleGroup, CycleGroup.cycle_id == OrderCycle.id)
        .join(Organisation, Organisation.id == CycleGroup.organisation_id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person.id, Organisation.status == Status.ACTIVE, taking_part())
        .order_by(OrderCycle.closes_at.desc(), OrderCycle.id)
    ).all()
    ids = [cycle.id for cycle, _group, _role in rows]
    booked = set(
        session.scalars(
            sa.select(Basket.cycle_id)
            .join(HouseholdMember, HouseholdMember.household_id == Basket.household_id)
            .join(Booking, Booking.basket_id == Basket.id)
            .where(HouseholdMember.person_id == person.id, Basket.cycle_id.in_(ids))
        )
    )
    asked = dict(
        tuple(row)
        for row in session.execute(
            sa.select(CycleGroup.cycle_id, sa.func.count())
            .where(
                CycleGroup.cycle_id.in_(ids),
                CycleGroup.admitted_at.is_(None),
                CycleGroup.refused_at.is_(None),
            )
            .group_by(CycleGroup.cycle_id)
        )
    )
    found: dict[int, OwnOrder] = {}
    for cycle, group, role in rows:
        coordinates = role in EDITORS and cycle.organisation_id == group.id
        now_state = state(cycle, now)
        if now_state is State.DRAFT and not coordinates:
            continue
        if cycle.id not in found or coordinates:
            found[cycle.id] = OwnOrder(
                cycle,
                now_state,
                group,
                coordinates,
                cycle.id in booked,
                asked.get(cycle.id, 0) if coordinates else 0,
            )
    return list(found.values())


def groups_of_editor(session: Session, person: User) -> Sequence[Organisation]:
    """The active groups and co-ops in whose name the person may open or join orders, by name."""
    return session.scalars(
        sa.select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Membership.person_id == person.id,
            Membership.role.in_(EDITORS),
            Organisation.status == Status.ACTIVE,
            Organisation.id.in_(
                sa.select(OrganisationKind.organisation_id).where(OrganisationKind.kind.in_(GROUPS))
            ),
        )
        .order_by(Organisation.name, Organisation.id)
    ).all()


def cycle_for(
    session: Session, person: User, cycle_id: int, now: datetime, *, also_open: bool = True
) -> tuple[OrderCycle, Standing]:
    """A cycle with who the reader is in it, else :class:`NotFound`.

    Drafts are for the coordinating group's editors. Who takes no part sees it only where it is open to other groups,
    for those who act for a group, and only while it can be joined.
    """
    cycle = session.get(OrderCycle, cycle_id)
    if cycle is None:
        raise NotFound
    standing = standing_in(session, person, cycle)
    found = state(cycle, now)
    if found is State.DRAFT and not standing.is_coordinator:
        raise NotFound
    if not standing.takes_part:
        joinable = also_open and cycle.open_to_groups and found in {State.PLANNED, State.OPEN}
        if not (joinable and groups_of_editor(session, person)):
            raise NotFound
    return cycle, standing


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product of a cycle: its boxes of the sum of all groups, what is left of it, and what one household booked."""

    product: CycleProduct
    boxes: Boxes
    left: int | None
    step: int | None
    booking: Booking | None = None
    given: Allotment | None = None

    @property
    def cents(self) -> int:
        return 0 if self.booking is None else line_of(self.product, self.booking.quantity).goods


def line_of(product: CycleProduct, quantity: int) -> Line:
    """What so much of a product costs, by the one rule of :class:`Line`."""
    return Line(
        basket=0, group=0, source=product.source_id, product=product.id, quantity=quantity, unit=product.unit,
        price=product.price, vat_rate=product.vat_rate, piece_weight=product.piece_weight, deposit=product.deposit,
    )  # fmt: skip


def product_rows(
    session: Session, cycle: OrderCycle, *, basket: Basket | None = None, with_withdrawn: bool = False
) -> list[ProductRow]:
    """Every product with what all groups together booked; with ``basket`` also what this one did."""
    sums = reading.booked_sums(session, cycle.id)
    own = {row.product_id: row for row in basket.bookings} if basket else {}
    given = (
        {
            row.product_id: row
            for row in session.scalars(sa.select(Allotment).where(Allotment.basket_id == basket.id))
        }
        if basket
        else {}
    )
    query = sa.select(CycleProduct).where(CycleProduct.cycle_id == cycle.id)
    if not with_withdrawn:
        query = query.where(CycleProduct.withdrawn_at.is_(None))
    found = []
    for product in session.scalars(query.order_by(CycleProduct.position, CycleProduct.id)):
        booked, tolerance = sums.get(product.id, (0, 0))
        rule = reading.rule_of(product)
        boxes = fill_boxes(product.box_size, booked, tolerance, rule.ceiling)
        left = None if rule.ceiling is None else max(0, rule.ceiling - booked)
        found.append(ProductRow(product, boxes, left, rule.step, own.get(product.id), given.get(product.id)))
    return found


def booked_total(rows: Sequence[ProductRow]) -> int:
    """Cents of everything booked by everybody, as the minimum and maximum of the order count it."""
    return sum(line_of(row.product, row.boxes.booked).goods for row in rows)


@dataclass(frozen=True, slots=True)
class BookingPage:
    """What a household sees of an order: never what other households booked, only what all did together."""

    household: Household
    group: CycleGroup
    basket: Basket | None
    rows: Sequence[ProductRow]
    is_referente: bool
    may_book: bool

    @property
    def total(self) -> int:
        return sum(row.cents for row in self.rows)

    @property
    def booked_by_all(self) -> int:
        return booked_total(self.rows)


def booking_page(
    session: Session, person: User, cycle: OrderCycle, household_id: int | None, now: datetime
) -> BookingPage | None:
    """For one's own household, or that of a neighbour for a referente; ``None`` where the reader has none yet.

    Raises :class:`NotFound` for a household that the reader may not book for.
    """
    for household, group, is_referente in bookable(session, person, cycle, household_id):
        if household_id is None and is_referente and not _is_own(session, person, household):
            continue
        basket = session.scalar(
            sa.select(Basket).where(Basket.cycle_id == cycle.id, Basket.household_id == household.id)
        )
        phase = phase_for_referente(cycle, now) if is_referente else phase_for_household(cycle, now)
        rows = product_rows(session, cycle, basket=basket)
        return BookingPage(household, group, basket, rows, is_referente, phase is not None)
    if household_id is not None:
        raise NotFound
    return None


def bookable(
    session: Session, person: User, cycle: OrderCycle, household_id: int | None = None
) -> list[tuple[Household, CycleGroup, bool]]:
    """The households for which the person may book in the cycle, own ones first, and whether as a referente."""
    own = (
        sa.select(sa.literal(1))
        .where(HouseholdMember.household_id == Household.id, HouseholdMember.person_id == person.id)
        .correlate(Household)
        .exists()
    )
    query = (
        sa.select(Household, CycleGroup, Membership.role, own)
        .join(CycleGroup, CycleGroup.organisation_id == Household.organisation_id)
        .join(Membership, Membership.organisation_id == Household.organisation_id)
        .join(Organisation, Organisation.id == Household.organisation_id)
        .where(
            CycleGroup.cycle_id == cycle.id,
            taking_part(),
            Household.left_on.is_(None),
            Membership.person_id == person.id,
            Organisation.status == Status.ACTIVE,
            sa.or_(own, Membership.role.in_(EDITORS)),
        )
    )
    if household_id is not None:
        query = query.where(Household.id == household_id)
    rows = session.execute(query).all()
    rows = sorted(rows, key=lambda row: (not row[3], row[0].name.casefold(), row[0].id))
    return [(household, group, role in EDITORS) for household, group, role, _own in rows]


def _is_own(session: Session, person: User, household: Household) -> bool:
    return session.get(HouseholdMember, (household.id, person.id)) is not None


@dataclass(frozen=True, slots=True)
class BasketRow:
    """One household of a group in an order: what it pays, as booked or, once shared out, as it gets."""

    household: Household
    basket: Basket
    total: Total


def baskets_of_group(
    session: Session, cycle: OrderCycle, group: CycleGroup, found: Mapping[int, Total] | None = None
) -> list[BasketRow]:
    """For the group's own referenti: its households with a basket, by name. ``found``: totals that were read already."""
    if found is None:
        found = totals_of(session, cycle)
    rows = session.execute(
        sa.select(Household, Basket)
        .join(Basket, Basket.household_id == Household.id)
        .where(Basket.cycle_id == cycle.id, Basket.group_id == group.id)
    ).all()
    rows = sorted(rows, key=lambda row: (row[0].name.casefold(), row[0].id))
    return [BasketRow(household, basket, found.get(basket.id, Total())) for household, basket in rows]


def lines_of(session: Session, cycle: OrderCycle, *, basket_id: int | None = None) -> list[Line]:
    """The lines of a cycle: as it gets them once they are shared out, until then as booked."""
    read = reading.allotted_lines if cycle.fixed_at is not None else reading.booked_lines
    return read(session, cycle.id, basket_id=basket_id)


def totals_of(session: Session, cycle: OrderCycle) -> dict[int, Total]:
    """What each basket of the cycle pays. Costs are shared among all, so one basket's total needs the lines of all."""
    return totals(lines_of(session, cycle), reading.costs_of(session, cycle.id))


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in an order; to other groups only its name and its total."""

    group: CycleGroup
    organisation: Organisation
    total: Total
    baskets: int


def groups_of(session: Session, cycle: OrderCycle) -> list[GroupRow]:
    """The groups that take part, the coordinating one first, with their sums."""
    found = totals_of(session, cycle)
    group_of: Mapping[int, int] = dict(
        tuple(row)
        for row in session.execute(sa.select(Basket.id, Basket.group_id).where(Basket.cycle_id == cycle.id))
    )
    rows = session.execute(
        sa.select(CycleGroup, Organisation)
        .join(Organisation, Organisation.id == CycleGroup.organisation_id)
        .where(CycleGroup.cycle_id == cycle.id, taking_part())
        .order_by(CycleGroup.organisation_id != cycle.organisation_id, CycleGroup.id)
    ).all()
    return [
        GroupRow(group, organisation, add_up(found[b] for b in mine), len(mine))
        for group, organisation in rows
        if (mine := [b for b in found if group_of.get(b) == group.id]) is not None
    ]


def asking_groups(session: Session, cycle: OrderCycle) -> Sequence[tuple[CycleGroup, Organisation]]:
    """Groups that wait for an answer, who asked first."""
    return session.execute(
        sa.select(CycleGroup, Organisation)
        .join(Organisation, Organisation.id == CycleGroup.organisation_id)
        .where(
            CycleGroup.cycle_id == cycle.id, CycleGroup.admitted_at.is_(None), CycleGroup.refused_at.is_(None)
        )
        .order_by(CycleGroup.asked_at, CycleGroup.id)
    ).all()
