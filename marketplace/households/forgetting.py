"""What the households of a group keep of a person: for the person's own export, and forgotten with the account."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.households.models import Household, HouseholdMember
from marketplace.orders.booking_models import Basket, Booking
from marketplace.orders.models import CycleProduct, OrderCycle
from marketplace.organisations.models import Organisation
from marketplace.plain_decimals import write_decimal
from search.judging import rome_day


def forget_person(session: Session, person: User, now: datetime) -> None:
    """The person belongs to no household any more, and one to which nobody else belongs is called by its number.

    What it booked, got, paid and owes stays as it is; what it wrote beside it, which can reveal health, goes.
    """
    own = sa.select(HouseholdMember.household_id).where(HouseholdMember.person_id == person.id)
    of_others = sa.select(HouseholdMember.household_id).where(HouseholdMember.person_id != person.id)
    alone = session.scalars(
        sa.select(Household).where(Household.id.in_(own), Household.id.not_in(of_others))
    ).all()
    baskets = sa.select(Basket.id).where(Basket.household_id.in_([home.id for home in alone]))
    session.execute(
        sa.update(Booking).where(Booking.basket_id.in_(baskets)).values(note=""),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        sa.update(Basket).where(Basket.id.in_(baskets)).values(note=""),
        execution_options={"synchronize_session": False},
    )
    for home in alone:
        home.key, home.name, home.email, home.phone, home.note = None, f"n. {home.id}", "", "", ""
        home.left_on, home.erased_at = home.left_on or rome_day(now), now
    for home in session.scalars(sa.select(Household).where(Household.id.in_(own))):
        if home.email.casefold() == person.email.casefold():
            home.email = ""
    session.flush()
    session.execute(sa.delete(HouseholdMember).where(HouseholdMember.person_id == person.id))


def own_households(session: Session, person_id: int) -> list[dict[str, Any]]:
    """The households for which a person books, with what is written and booked in them, ready for JSON."""
    rows = session.execute(
        sa.select(Household, Organisation.name)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .join(Organisation, Organisation.id == Household.organisation_id)
        .where(HouseholdMember.person_id == person_id)
        .order_by(Household.id)
    ).all()
    return [
        {
            "group": group,
            "name": home.name,
            "email": home.email,
            "phone": home.phone,
            "note": home.note,
            "bookings": _bookings(session, home.id),
        }
        for home, group in rows
    ]


def _bookings(session: Session, household_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(
            Booking, Basket.note, CycleProduct.title, CycleProduct.unit, OrderCycle.title.label("order")
        )
        .join(Basket, Basket.id == Booking.basket_id)
        .join(CycleProduct, CycleProduct.id == Booking.product_id)
        .join(OrderCycle, OrderCycle.id == Basket.cycle_id)
        .where(Basket.household_id == household_id)
        .order_by(Booking.id)
    )
    return [
        {
            "order": row.order,
            "order_note": row.note,
            "product": row.title,
            "quantity": f"{write_decimal(row.Booking.quantity, 3)} {row.unit}",
            "tolerance": f"{write_decimal(row.Booking.tolerance, 3)} {row.unit}",
            "note": row.Booking.note,
            "booked_at": row.Booking.booked_at.isoformat(),
        }
        for row in rows
    ]
