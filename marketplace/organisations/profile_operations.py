"""Changes to what an organisation says of itself, while it applies and afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from geo.areas import Place
from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.catalogue.reserved_check import refuse_unproven_words_of_itself
from marketplace.errors import Conflict, Invalid
from marketplace.evidence.moved_places import places_changed
from marketplace.organisations.completeness import is_draft, is_waiting
from marketplace.organisations.joining_models import Activity, ProductionPlace
from marketplace.organisations.locating import wait_after
from marketplace.organisations.models import Kind, MemberRole, Organisation, OrganisationKind, Status
from marketplace.permissions import require_role

#: Places of production of one organisation.
MAX_PLACES = 20


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is. Numbers are as :mod:`marketplace.organisations.identifiers` gives them."""

    name: str
    kinds: Collection[Kind]
    legal_form: str
    vat_number: str | None
    tax_code: str | None
    not_a_duplicate_because: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """What it tells of itself, and how it is reached. ``pec`` is its certified mail."""

    summary: str
    description: str
    email: str
    phone: str
    website: str
    pec: str


def change_identity(
    session: Session, actor: User, organisation: Organisation, identity: Identity, *, now: datetime
) -> None:
    """Only of a draft: what the district approved is changed by the district."""
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR, active=False)
    if not is_draft(organisation):
        raise Conflict(
            _("Name, legal form and numbers have been approved: write to the district to have them changed."),
            code="identity_is_settled",
        )
    write_identity(organisation, identity)
    _changed(session, actor, organisation, "identity", now)


def write_identity(organisation: Organisation, identity: Identity) -> None:
    organisation.name = identity.name
    organisation.legal_form = identity.legal_form
    organisation.vat_number = identity.vat_number
    organisation.tax_code = identity.tax_code
    organisation.not_a_duplicate_because = identity.not_a_duplicate_because
    kept = {row.kind: row for row in organisation.kinds}
    organisation.kinds = [
        kept.get(kind) or OrganisationKind(kind=kind) for kind in sorted(set(identity.kinds))
    ]


def place_seat(
    session: Session,
    actor: User,
    organisation: Organisation,
    place: Place,
    address: str,
    *,
    unlocated: bool = False,
    now: datetime,
) -> None:
    """Where it is. Circles drawn around the seat move with it.

    Where the geocoder did not answer (``unlocated``) only the comune is kept, and the worker looks it up again.
    """
    require_editable(session, actor, organisation)
    organisation.comune, organisation.province = place.comune, place.province
    organisation.lat, organisation.lon = (None, None) if unlocated else (place.point.lat, place.point.lon)
    organisation.address = address
    organisation.locate_after = now + wait_after(0) if unlocated else None
    if unlocated:
        audit.record(
            session, now=now, actor_id=actor.id, verb="organisation.seat_unlocated", subject=organisation
        )
    places_changed(session, organisation, actor_id=actor.id, now=now)
    _changed(session, actor, organisation, "seat", now)


def write_contacts(
    session: Session, actor: User, organisation: Organisation, contacts: Contacts, *, now: datetime
) -> None:
    """Raises :class:`Invalid` where the words of a producer claim what is not proven."""
    require_editable(session, actor, organisation)
    if Kind.PRODUCER in organisation.kind_codes:
        # of who grows or makes: a group that buys organic food may say so
        texts = {"summary": contacts.summary, "description": contacts.description}
        refuse_unproven_words_of_itself(session, organisation.id, texts, now)
    for name in Contacts.__slots__:
        setattr(organisation, name, getattr(contacts, name))
    _changed(session, actor, organisation, "contacts", now)


def add_production_place(
    session: Session,
    actor: User,
    organisation: Organisation,
    name: str,
    activity: Activity,
    place: Place,
    *,
    now: datetime,
) -> ProductionPlace:
    """One more place where raw materials are produced or processed (L. 61/2022)."""
    require_editable(session, actor, organisation)
    count = session.query(ProductionPlace).filter_by(organisation_id=organisation.id).count()
    if count >= MAX_PLACES:
        raise Invalid(_("At most %(n)s places.", n=MAX_PLACES), code="too_many")
    added = ProductionPlace(
        organisation_id=organisation.id,
        name=name,
        activity=activity,
        comune=place.comune,
        province=place.province,
        lat=place.point.lat,
        lon=place.point.lon,
    )
    session.add(added)
    places_changed(session, organisation, actor_id=actor.id, now=now)
    _changed(session, actor, organisation, "places", now)
    return added


def remove_production_place(
    session: Session, actor: User, organisation: Organisation, place: ProductionPlace, *, now: datetime
) -> None:
    require_editable(session, actor, organisation)
    session.delete(place)
    places_changed(session, organisation, actor_id=actor.id, now=now)
    _changed(session, actor, organisation, "places", now)


def require_editable(session: Session, actor: User, organisation: Organisation) -> None:
    """The actor edits for this organisation, and it stands: a draft, or approved.

    Raises the errors of :func:`marketplace.permissions.require_role`, and :class:`Conflict` while the district
    looks at it (what is decided must be what was read) or after it was suspended or refused.
    """
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR, active=False)
    if is_waiting(organisation):
        raise Conflict(
            _("The district is looking at it: take the application back to change it."), code="being_decided"
        )
    if organisation.status in (Status.SUSPENDED, Status.REFUSED):
        raise Conflict(
            _("This is possible once the district has approved the organisation."),
            code="organisation_closed",
        )


def _changed(session: Session, actor: User, organisation: Organisation, what: str, now: datetime) -> None:
    organisation.updated_at = now
    audit.record(
        session, now=now, actor_id=actor.id, verb="organisation.changed", subject=organisation, what=what
    )
    outbox.announce_supplier(session, organisation.id, now)
    session.commit()
