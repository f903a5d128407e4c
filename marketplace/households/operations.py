"""Changes to households and to a group's settings: each authorises, changes, records and commits."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid
from marketplace.households.models import GroupSettings, Household, HouseholdMember
from marketplace.households.queries import households_of
from marketplace.organisations.models import Kind, MemberRole, Membership, Organisation
from marketplace.permissions import require_role

#: Kinds of organisations that consist of households and order together.
GROUPS = frozenset({Kind.BUYING_GROUP, Kind.CONSUMER_COOP})

_FIELDS = ("name", "email", "phone", "note", "joined_on", "left_on")


def is_group(organisation: Organisation) -> bool:
    return bool(organisation.kind_codes & GROUPS)


def add_household(
    session: Session,
    actor: User,
    organisation: Organisation,
    values: Mapping[str, object],
    people: Collection[int],
    *,
    now: datetime,
) -> Household:
    """By an editor of the group; ``values`` by column, ``people`` the ids of members of the group who book for it."""
    require_role(session, actor, organisation.id)
    household = _make(session, organisation, values, now)
    _set_people(session, household, people)
    audit.record(session, now=now, actor_id=actor.id, verb="household.added", subject=household)
    session.commit()
    return household


def edit_household(
    session: Session,
    actor: User,
    household: Household,
    values: Mapping[str, object],
    people: Collection[int],
    *,
    now: datetime,
) -> None:
    require_role(session, actor, household.organisation_id)
    for field in _FIELDS:
        if field in values:
            setattr(household, field, values[field])
    _set_people(session, household, people)
    audit.record(session, now=now, actor_id=actor.id, verb="household.changed", subject=household)
    session.commit()


def add_own_household(
    session: Session, actor: User, organisation: Organisation, name: str, *, now: datetime
) -> Household:
    """By any member, for themselves; who has one already gets that one."""
    require_role(session, actor, organisation.id, at_least=MemberRole.MEMBER)
    if own := households_of(session, actor, organisation):
        return own[0]
    household = _make(session, organisation, {"name": name, "email": actor.email}, now)
    _set_people(session, household, [actor.id])
    audit.record(session, now=now, actor_id=actor.id, verb="household.added", subject=household)
    session.commit()
    return household


def change_settings(
    session: Session,
    actor: User,
    organisation: Organisation,
    values: Mapping[str, object],
    version: int,
    *,
    now: datetime,
) -> None:
    """By an owner. Raises :class:`Conflict` where somebody else has changed them since ``version``."""
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER)
    require_group(organisation)
    settings = session.get(GroupSettings, organisation.id)
    if settings is None:
        settings = GroupSettings(organisation_id=organisation.id)
        session.add(settings)
    elif settings.version != version:
        raise Conflict(code="changed_meanwhile")
    before = {field: getattr(settings, field) for field in values}
    for field, value in values.items():
        setattr(settings, field, value)
    session.flush()
    changed = sorted(field for field, value in values.items() if before[field] != value)
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="group.settings_changed",
        subject=organisation,
        fields=changed,
    )
    session.commit()


def _make(
    session: Session, organisation: Organisation, values: Mapping[str, object], now: datetime
) -> Household:
    require_group(organisation)
    kept = {field: values[field] for field in _FIELDS if field in values}
    joined: date = kept.get("joined_on") or now.date()
    household = Household(organisation_id=organisation.id, created_at=now, **kept | {"joined_on": joined})
    session.add(household)
    session.flush()
    return household


def require_group(organisation: Organisation) -> None:
    if not is_group(organisation):
        raise Conflict(_("Only purchasing groups and consumer co-ops have households."), code="no_group")


def _set_people(session: Session, household: Household, people: Collection[int]) -> None:
    wanted = set(people)
    belonging = set(
        session.scalars(
            sa.select(Membership.person_id).where(
                Membership.organisation_id == household.organisation_id, Membership.person_id.in_(wanted)
            )
        )
    )
    if wanted - belonging:
        raise Invalid(code="no_member", field="people")
    before = set(
        session.scalars(
            sa.select(HouseholdMember.person_id).where(HouseholdMember.household_id == household.id)
        )
    )
    for person_id in sorted(wanted - before):
        session.add(HouseholdMember(household_id=household.id, person_id=person_id))
    session.execute(
        sa.delete(HouseholdMember).where(
            HouseholdMember.household_id == household.id, HouseholdMember.person_id.in_(before - wanted)
        )
    )
