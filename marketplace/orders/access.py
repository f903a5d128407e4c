"""Who somebody is in a cycle, asked by every operation and query: coordinator, referente of a group, or of a household.

Strangers get :class:`NotFound`. Only admitted groups take part. A group's households are seen by its own people only,
also not by the coordinator of the cycle where that is another group.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.errors import NotFound
from marketplace.households.models import Household, HouseholdMember
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status

EDITORS = frozenset({MemberRole.OWNER, MemberRole.EDITOR})


def taking_part():
    """SQL: the group was admitted to its cycle and has not left it."""
    return sa.and_(CycleGroup.admitted_at.is_not(None), CycleGroup.left_at.is_(None))


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is in a cycle. ``groups`` are those of theirs that take part, ``referente_of`` the ids of those they act for."""

    is_coordinator: bool
    groups: Sequence[CycleGroup]
    referente_of: frozenset[int]

    @property
    def is_referente(self) -> bool:
        return self.is_coordinator or bool(self.referente_of)

    @property
    def takes_part(self) -> bool:
        return self.is_coordinator or bool(self.groups)


def standing_in(session: Session, person: User, cycle: OrderCycle) -> Standing:
    """Two roles at most per organisation, in one query; suspended organisations count for nothing."""
    rows = session.execute(
        sa.select(Membership.organisation_id, Membership.role, CycleGroup)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(
            CycleGroup,
            sa.and_(
                CycleGroup.organisation_id == Membership.organisation_id,
                CycleGroup.cycle_id == cycle.id,
                taking_part(),
            ),
        )
        .where(Membership.person_id == person.id, Organisation.status == Status.ACTIVE)
        .order_by(CycleGroup.id)
    ).all()
    editor = {organisation_id for organisation_id, role, _group in rows if role in EDITORS}
    groups = [group for _id, _role, group in rows if group is not None]
    return Standing(
        cycle.organisation_id in editor,
        groups,
        frozenset(group.id for group in groups if group.organisation_id in editor),
    )


@dataclass(frozen=True, slots=True)
class Booker:
    """Somebody who may book for a household of a group in a cycle; ``is_referente``: as one who acts for the group."""

    cycle: OrderCycle
    household: Household
    group: CycleGroup
    is_own: bool
    is_referente: bool


def booker(session: Session, person: User, cycle_id: int, household_id: int) -> Booker:
    """The household with its group and the cycle for somebody who may book for it, else :class:`NotFound`.

    The household is held until the end of the transaction (PostgreSQL), so that two forms of one household wait.
    """
    asked = {"cycle": cycle_id, "household": household_id, "person": person.id}
    row = session.execute(_BOOKER, asked).first()
    if row is None:
        raise NotFound
    cycle, household, group, role, is_own = row
    is_referente = role in EDITORS
    if not (is_own or is_referente):
        raise NotFound
    return Booker(cycle, household, group, is_own, is_referente)


# made once: putting it together takes as long as asking it
_BOOKER = (
    sa.select(
        OrderCycle,
        Household,
        CycleGroup,
        Membership.role,
        sa.select(sa.literal(1))
        .where(
            HouseholdMember.household_id == Household.id,
            HouseholdMember.person_id == sa.bindparam("person"),
        )
        .correlate(Household)
        .exists(),
    )
    .select_from(Household)
    .join(CycleGroup, CycleGroup.organisation_id == Household.organisation_id)
    .join(OrderCycle, OrderCycle.id == CycleGroup.cycle_id)
    .join(Membership, Membership.organisation_id == Household.organisation_id)
    .join(Organisation, Organisation.id == Household.organisation_id)
    .where(
        Household.id == sa.bindparam("household"),
        Household.left_on.is_(None),
        CycleGroup.cycle_id == sa.bindparam("cycle"),
        taking_part(),
        Membership.person_id == sa.bindparam("person"),
        Organisation.status == Status.ACTIVE,
    )
    .with_for_update(of=Household)
)
