"""Who has to do with an order: who books for its households, who speaks for its groups, who coordinates it."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

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


def speaks():
    """SQL: the membership of somebody who speaks for a group in a cycle.

    The referente who is named, as long as they are an editor of the group; all its editors where there is none such.
    """
    named = aliased(Membership)
    is_there = (
        sa.exists()
        .where(
            named.organisation_id == CycleGroup.organisation_id,
            named.person_id == CycleGroup.referente_id,
            named.role.in_(EDITORS),
        )
        .correlate(CycleGroup)
    )
    return sa.and_(
        Membership.organisation_id == CycleGroup.organisation_id,
        Membership.role.in_(EDITORS),
        sa.or_(Membership.person_id == CycleGroup.referente_id, ~is_there),
    )


def referenti(session: Session, cycle: OrderCycle) -> Sequence[User]:
    """Who speaks for the groups that take part (:func:`speaks`)."""
    return session.scalars(_speaking().where(CycleGroup.cycle_id == cycle.id, taking_part())).all()


def referenti_of(session: Session, group: CycleGroup) -> Sequence[User]:
    """Who speaks for one group (:func:`speaks`)."""
    return session.scalars(_speaking().where(CycleGroup.id == group.id)).all()


def coordinators(session: Session, cycle: OrderCycle) -> Sequence[User]:
    """Whoever coordinates the order, while an editor of its group; all the editors where nobody such is named."""
    people = editors(session, cycle.organisation_id)
    return [person for person in people if person.id == cycle.coordinator_id] or people


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


def _speaking() -> sa.Select:
    """Who speaks for groups, each once."""
    return (
        sa.select(User)
        .select_from(CycleGroup)
        .join(Membership, speaks())
        .join(User, User.id == Membership.person_id)
        .distinct()
        .order_by(User.id)
    )


def _with_baskets() -> sa.Select:
    return _of_households().join(Basket, Basket.household_id == Household.id)
