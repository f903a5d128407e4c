"""What a group or a household gets of an order, and why it is not what was booked."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.households.models import Household, HouseholdMember
from marketplace.orders.access import taking_part
from marketplace.orders.booking_models import Allotment, Basket, GroupAllotment
from marketplace.orders.models import CycleGroup, CycleProduct, OrderCycle
from marketplace.orders.people import still_belongs
from marketplace.orders.reasons import Reason
from marketplace.organisations.models import Membership


@dataclass(frozen=True, slots=True)
class GivenRow:
    """What somebody gets of a product and why it is not what was booked.

    ``came`` is what a household really got where that was written down, ``weight`` what the scales said, in grams.
    """

    product: CycleProduct
    booked: int
    given: int
    reasons: Sequence[Reason]
    came: int | None = None
    weight: int | None = None


def given_to(
    session: Session, cycle: OrderCycle, *, group_id: int | None = None, basket_id: int | None = None
) -> list[GivenRow]:
    """The allotment of one group or one household, product by product, also what was booked and does not come."""
    table, key, value = (
        (Allotment, Allotment.basket_id, basket_id)
        if basket_id is not None
        else (GroupAllotment, GroupAllotment.group_id, group_id)
    )
    real = (Allotment.delivered, Allotment.weight) if table is Allotment else (sa.null(), sa.null())
    rows = session.execute(
        sa.select(CycleProduct, table.quantity, table.reasons, *real)
        .join(table, table.product_id == CycleProduct.id)
        .where(CycleProduct.cycle_id == cycle.id, key == value)
        .order_by(CycleProduct.position, CycleProduct.id)
    )
    found = []
    for product, quantity, stored, came, weight in rows:
        reasons = [Reason.from_json(one) for one in stored]
        booked = quantity - sum(r.numbers["by"] for r in reasons)
        found.append(GivenRow(product, booked, quantity, reasons, came, weight))
    return found


def own_baskets(session: Session, person: User, cycle: OrderCycle) -> list[tuple[Household, Basket]]:
    """The reader's own households with what they booked, in groups of theirs that take part; by name."""
    rows = session.execute(
        sa.select(Household, Basket)
        .join(Basket, Basket.household_id == Household.id)
        .join(CycleGroup, CycleGroup.id == Basket.group_id)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .join(Membership, still_belongs())
        .where(Basket.cycle_id == cycle.id, HouseholdMember.person_id == person.id, taking_part())
        .order_by(sa.func.lower(Household.name), Household.id)
    )
    return [tuple(row) for row in rows]
