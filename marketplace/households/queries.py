"""Households of a group, of a person, and what a group decided for all its orders."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.households.models import GroupSettings, Household, HouseholdMember
from marketplace.organisations.models import Membership, Organisation


def households(session: Session, organisation_id: int, *, with_left: bool = False) -> Sequence[Household]:
    """The households of a group by name; those that have left only where they are asked for, after the others."""
    query = sa.select(Household).where(
        Household.organisation_id == organisation_id, Household.erased_at.is_(None)
    )
    if not with_left:
        query = query.where(Household.left_on.is_(None))
    return session.scalars(
        query.order_by(Household.left_on.is_not(None), sa.func.lower(Household.name), Household.id)
    ).all()


def households_of(session: Session, person: User, organisation: Organisation | int) -> Sequence[Household]:
    """The households of a group for which the person books, who must still belong to the group; by name."""
    organisation_id = organisation if isinstance(organisation, int) else organisation.id
    return session.scalars(
        sa.select(Household)
        .join(HouseholdMember)
        .join(
            Membership,
            sa.and_(
                Membership.person_id == HouseholdMember.person_id,
                Membership.organisation_id == Household.organisation_id,
            ),
        )
        .where(
            Household.organisation_id == organisation_id,
            Household.left_on.is_(None),
            HouseholdMember.person_id == person.id,
        )
        .order_by(sa.func.lower(Household.name), Household.id)
    ).all()


def people_of(session: Session, organisation_id: int) -> dict[int, list[User]]:
    """Who books for each household of a group, by the household's id. Whoever left the group books no more."""
    found = defaultdict(list)
    rows = session.execute(
        sa.select(HouseholdMember.household_id, User)
        .join(User, User.id == HouseholdMember.person_id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .join(
            Membership,
            sa.and_(Membership.person_id == User.id, Membership.organisation_id == Household.organisation_id),
        )
        .where(Household.organisation_id == organisation_id)
        .order_by(User.name, User.id)
    )
    for household_id, person in rows:
        found[household_id].append(person)
    return found


def settings_of(session: Session, organisation_id: int) -> GroupSettings:
    """What the group decided; the defaults, in no session, where it has decided nothing yet."""
    return session.get(GroupSettings, organisation_id) or GroupSettings(
        organisation_id=organisation_id,
        keeps_accounts=False,
        lowest_balance=None,
        yearly_fee=None,
        iban="",
        account_holder="",
        retention_days=180,
        version=1,
    )
