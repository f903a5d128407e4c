"""Who has to do with an order: who books for its households, who speaks for its groups, who coordinates it."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.households.models import Household, HouseholdMember
from marketplace.orders.access import EDITORS, taking_part
from marketplace.orders.booking_models import Basket, Booking
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.organisations.models import Membership


def still_belongs():
    """SQL: the membership of who books for a household in the group of that household."""
    return sa.and_(
        Membership.person_id == HouseholdMember.person_id,
        Membership.organisation_id == Household.organisation_id,
    )


def households_people(session: Session, cycle: OrderCycle) -> Sequence[User]:
    """Everybody who books for a household that has a basket in the cycle, and still belongs to its group."""
    return session.scalars(_with_baskets().where(Basket.cycle_id == cycle.id)).all()


def who_booked(session: Session, product_id: int) -> Sequence[User]:
    """Who books for the households that booked of a product, and still belongs to their groups."""
    return session.scalars(
        _with_baskets()
        .join(Booking, Booking.basket_id == Basket.id)
        .where(Booking.product_id == product_id, Booking.quantity > 0)
    ).all()


def people_of(session: Session, household_ids: Collection[int]) -> Sequence[User]:
    """Who books for these households and still belongs to their group."""
    return session.scalars(_of_households().where(Household.id.in_(household_ids))).all()


def referenti(session: Session, cycle: OrderCycle) -> Sequence[User]:
    """The referente of each group that takes part; all its editors where none is named."""
    named = sa.select(CycleGroup.referente_id).where(CycleGroup.cycle_id == cycle.id, taking_part())
    unnamed = (
        sa.select(Membership.person_id)
        .join(CycleGroup, CycleGroup.organisation_id == Membership.organisation_id)
        .where(
            CycleGroup.cycle_id == cycle.id,
            taking_part(),
            CycleGroup.referente_id.is_(None),
            Membership.role.in_(EDITORS),
        )
    )
    return session.scalars(
        sa.select(User).where(sa.or_(User.id.in_(named), User.id.in_(unnamed))).order_by(User.id)
    ).all()


def referenti_of(session: Session, group: CycleGroup) -> Sequence[User]:
    """The referente of one group; all its editors where none is named."""
    if group.referente_id is not None:
        return [session.get_one(User, group.referente_id)]
    return editors(session, group.organisation_id)


def coordinators(session: Session, cycle: OrderCycle) -> Sequence[User]:
    """Whoever coordinates the order; all the editors of its group where nobody is named."""
    person = session.get(User, cycle.coordinator_id) if cycle.coordinator_id else None
    return [person] if person is not None else editors(session, cycle.organisation_id)


def editors(session: Session, organisation_id: int) -> Sequence[User]:
    return session.scalars(
        sa.select(User)
        .join(Membership, Membership.person_id == User.id)
        .where(Membership.organisation_id == organisation_id, Membership.role.in_(EDITORS))
        .order_by(User.id)
    ).all()


def everybody(session: Session, cycle: OrderCycle) -> list[User]:
    people = {
        person.id: person for person in (*referenti(session, cycle), *households_people(session, cycle))
    }
    return [people[id_] for id_ in sorted(people)]


def _of_households() -> sa.Select:
    """Who books for households and still belongs to their group, each once."""
    return (
        sa.select(User)
        .join(HouseholdMember, HouseholdMember.person_id == User.id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .join(Membership, still_belongs())
        .distinct()
        .order_by(User.id)
    )


def _with_baskets() -> sa.Select:
    return _of_households().join(Basket, Basket.household_id == Household.id)
