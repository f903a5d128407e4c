"""The organisations that a person belongs to, who else belongs to them, and which may be the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.points import Point
from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer
from marketplace.demands.lifecycle import State, state
from marketplace.demands.models import Demand
from marketplace.organisations.completeness import is_draft, is_waiting
from marketplace.organisations.doors import Room, rooms
from marketplace.organisations.duplicates import Duplicate, Known, near_duplicates
from marketplace.organisations.joining_models import Decision, Invitation, ProductionPlace
from marketplace.organisations.models import Kind, MemberRole, Membership, Organisation, Status


@dataclass(frozen=True, slots=True)
class OwnOrganisation:
    """One organisation of the reader's, with what they may do in it."""

    organisation: Organisation
    role: str
    offers: Sequence[Offer]
    demands: Sequence[tuple[Demand, State]]
    decision: Decision | None

    @property
    def is_draft(self) -> bool:
        return is_draft(self.organisation)

    @property
    def is_waiting(self) -> bool:
        return is_waiting(self.organisation)

    @property
    def rooms(self) -> list[Room]:
        return rooms(self.organisation.kind_codes, self.role)

    @property
    def sells(self) -> bool:
        return self.organisation.status == Status.ACTIVE and Kind.PRODUCER in self.organisation.kind_codes

    @property
    def may_edit(self) -> bool:
        return self.role in (MemberRole.OWNER, MemberRole.EDITOR)


def own_organisations(session: Session, person_id: int, now: datetime) -> list[OwnOrganisation]:
    """The reader's organisations by name, with all their offers and demands. Five queries."""
    rows = session.execute(
        sa.select(Organisation, Membership.role)
        .join(Organisation.memberships)
        .where(Membership.person_id == person_id)
        .order_by(Organisation.name, Organisation.id)
    ).all()
    ids = [organisation.id for organisation, _role in rows]
    offers = session.scalars(
        sa.select(Offer).where(Offer.organisation_id.in_(ids)).order_by(Offer.status, Offer.title, Offer.id)
    ).all()
    demands = session.scalars(
        sa.select(Demand).where(Demand.organisation_id.in_(ids)).order_by(Demand.id.desc())
    ).all()
    decisions = {
        # the newest one stands: later rows replace earlier ones
        decision.organisation_id: decision
        for decision in session.scalars(
            sa.select(Decision).where(Decision.organisation_id.in_(ids)).order_by(Decision.id)
        )
    }
    return [
        OwnOrganisation(
            organisation,
            role,
            [offer for offer in offers if offer.organisation_id == organisation.id],
            [(demand, state(demand, now)) for demand in demands if demand.organisation_id == organisation.id],
            decisions.get(organisation.id),
        )
        for organisation, role in rows
    ]


def active_organisations_of_editor(session: Session, person_id: int) -> Sequence[Organisation]:
    """Active organisations in whose name the person may write, as editor or owner, by name."""
    return session.scalars(
        sa.select(Organisation)
        .join(Organisation.memberships)
        .where(
            Membership.person_id == person_id,
            Membership.role.in_([MemberRole.OWNER, MemberRole.EDITOR]),
            Organisation.status == Status.ACTIVE,
        )
        .order_by(Organisation.name, Organisation.id)
    ).all()


def production_places(session: Session, organisation_id: int) -> Sequence[ProductionPlace]:
    return session.scalars(
        sa.select(ProductionPlace)
        .where(ProductionPlace.organisation_id == organisation_id)
        .order_by(ProductionPlace.id)
    ).all()


def members(session: Session, organisation_id: int) -> list[tuple[User, Membership]]:
    """Who belongs to it, owners first, then by name."""
    rows = session.execute(
        sa.select(User, Membership)
        .join(Membership, Membership.person_id == User.id)
        .where(Membership.organisation_id == organisation_id)
    )
    rank = list(MemberRole)
    return sorted(
        ((person, membership) for person, membership in rows),
        key=lambda row: (rank.index(row[1].role), row[0].name.casefold(), row[0].id),
    )


def waiting_invitations(session: Session, organisation_id: int, now: datetime) -> Sequence[Invitation]:
    return session.scalars(
        sa.select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id)
    ).all()


def duplicates_of(
    session: Session, organisation: Organisation, *, seen_by_desk: bool = False
) -> list[tuple[Organisation, Duplicate]]:
    """Organisations that may be the same, the most probable first; an applicant is told of public ones only."""
    point = None if organisation.lat is None else Point(organisation.lat, organisation.lon)
    one = Known(organisation.id, organisation.name, organisation.vat_number, organisation.tax_code, point)
    return duplicates_of_known(session, one, seen_by_desk=seen_by_desk)


def duplicates_of_known(
    session: Session, one: Known, *, seen_by_desk: bool = False, limit: int = 5
) -> list[tuple[Organisation, Duplicate]]:
    columns = (
        Organisation.id,
        Organisation.name,
        Organisation.vat_number,
        Organisation.tax_code,
        Organisation.lat,
        Organisation.lon,
    )
    visible = (
        sa.or_(Organisation.status != Status.APPLICANT, Organisation.submitted_at.is_not(None))
        if seen_by_desk
        else Organisation.status == Status.ACTIVE
    )
    others = (
        Known(id_, name, vat, code, None if lat is None else Point(lat, lon))
        for id_, name, vat, code, lat, lon in session.execute(sa.select(*columns).where(visible))
    )
    found = near_duplicates(one, others)[:limit]
    rows = {
        row.id: row
        for row in session.scalars(
            sa.select(Organisation).where(Organisation.id.in_([duplicate.id for duplicate in found]))
        )
    }
    return [(rows[duplicate.id], duplicate) for duplicate in found]
