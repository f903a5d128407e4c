"""Changes to organisations: each authorises, changes, records, tells the index and commits."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.areas import Place
from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.organisations.models import (
    Kind,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
    Status,
)

MAX_SLUG = 60


@dataclass(frozen=True, slots=True)
class Application:
    """What an applicant says of the organisation; the district decides before anything of it is public."""

    name: str
    kinds: Collection[Kind]
    summary: str
    place: Place
    address: str
    email: str
    phone: str
    website: str


def apply_to_join(session: Session, actor: User, application: Application, *, now: datetime) -> Organisation:
    """A new organisation, not public yet, with the applicant as its owner."""
    organisation = Organisation(
        slug=free_slug(session, application.name),
        name=application.name,
        summary=application.summary,
        comune=application.place.comune,
        province=application.place.province,
        lat=application.place.point.lat,
        lon=application.place.point.lon,
        address=application.address,
        email=application.email,
        phone=application.phone,
        website=application.website,
        status=Status.APPLICANT,
        created_at=now,
        updated_at=now,
        kinds=[OrganisationKind(kind=kind) for kind in sorted(set(application.kinds))],
        memberships=[Membership(person_id=actor.id, role=MemberRole.OWNER, since=now)],
    )
    session.add(organisation)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="organisation.applied", subject=organisation)
    session.commit()
    return organisation


def set_status(
    session: Session, organisation: Organisation, status: Status, *, actor_id: int | None, now: datetime
) -> bool:
    """Approve (active) or suspend; whether it changed. The caller has authorised: the desk, or the command line."""
    if organisation.status == status:
        return False
    organisation.status = status
    organisation.updated_at = now
    audit.record(session, now=now, actor_id=actor_id, verb=f"organisation.{status}", subject=organisation)
    outbox.announce_supplier(session, organisation.id, now)
    session.commit()
    return True


def free_slug(session: Session, name: str) -> str:
    """A part of an address made of the name, with a number where it is taken: "cascina-tre-gelsi-2"."""
    base = slugify(name)
    taken = set(session.scalars(sa.select(Organisation.slug).where(Organisation.slug.startswith(base))))
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def slugify(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-") or "organisation"
