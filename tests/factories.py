"""Rows for tests, one function a table: sensible where the test does not care, overridden where it does.

Each adds to the session and flushes, so that ids are there; nothing commits. Names are numbered, so that rows of one
kind never collide.
"""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import Role, User
from marketplace.catalogue.import_models import ImportRun, PrivateList
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.demands.models import Demand, DemandType, Lot
from marketplace.demands.posting_models import DemandAttachment, DemandDraft
from marketplace.households.models import Household, HouseholdMember
from marketplace.orders.booking_models import Basket, Booking
from marketplace.orders.models import CycleGroup, CycleProduct, CycleSource, OrderCycle, PickupPlace
from marketplace.organisations.evidence_models import Document, PublicRecord
from marketplace.organisations.joining_models import Activity, Delegation, Invitation, ProductionPlace
from marketplace.organisations.models import (
    AreaKind,
    Claim,
    DeliveryArea,
    Kind,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
    Qualification,
    Status,
)

#: A fixed moment for tests that do not care which.
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
#: The seat that organisations and demands take unless told otherwise.
BERGAMO = {"comune": "016024", "province": "BG", "lat": 45.69525, "lon": 9.66951}

_numbers = count(1)


def make_user(session: Session, *, duties: tuple[str, ...] = (), **overrides) -> User:
    """A person with a confirmed address; without a password unless ``password`` (a hash) is given."""
    number = next(_numbers)
    values = {
        "email": f"person{number}@example.org",
        "name": f"Persona {number}",
        "active": True,
        "confirmed_at": NOW.replace(tzinfo=None),
        "fs_uniquifier": f"uniquifier-{number}",
        "roles": [_role(session, duty) for duty in duties],
    }
    return _add(session, User(**values | overrides))


def make_organisation(
    session: Session,
    *,
    kinds: tuple[str, ...] = (Kind.PRODUCER,),
    qualifications: tuple[str, ...] = (),
    **overrides,
) -> Organisation:
    """An active producer in Bergamo, without areas, offers or claims."""
    number = next(_numbers)
    values = {
        "slug": f"organisation-{number}",
        "name": f"Organizzazione {number}",
        "status": Status.ACTIVE,
        "created_at": NOW,
        "updated_at": NOW,
        "kinds": [OrganisationKind(kind=kind) for kind in kinds],
        "qualifications": [Qualification(code=code) for code in qualifications],
    }
    return _add(session, Organisation(**values | BERGAMO | overrides))


def make_membership(
    session: Session, person: User, organisation: Organisation, role: str = MemberRole.OWNER, **overrides
) -> Membership:
    values = {"person_id": person.id, "organisation_id": organisation.id, "role": role, "since": NOW}
    return _add(session, Membership(**values | overrides))


def make_area(session: Session, organisation: Organisation, **overrides) -> DeliveryArea:
    """30 km around the seat."""
    values = {"organisation_id": organisation.id, "kind": AreaKind.RADIUS, "radius_m": 30_000}
    return _add(session, DeliveryArea(**values | overrides))


def make_production_place(session: Session, organisation: Organisation, **overrides) -> ProductionPlace:
    """A field in Bergamo."""
    values = {"organisation_id": organisation.id, "name": "Campo", "activity": Activity.GROWN}
    return _add(session, ProductionPlace(**values | BERGAMO | overrides))


def make_invitation(
    session: Session, organisation: Organisation, token: str | None = None, **overrides
) -> Invitation:
    """A colleague invited as editor on ``NOW``, for seven days; nobody knows its token unless it is given."""
    number = next(_numbers)
    values = {
        "organisation_id": organisation.id,
        "email": f"invited{number}@example.org",
        "role": MemberRole.EDITOR,
        "token_hash": sha256((token or f"token-{number}").encode()).hexdigest(),
        "invited_by_id": None,
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=7),
    }
    return _add(session, Invitation(**values | overrides))


def make_offer(session: Session, organisation: Organisation, **overrides) -> Offer:
    """A published offer at 5,00 € a kilogram, 10 % VAT; pass ``category``, a code of data/categories.csv."""
    number = next(_numbers)
    values = {
        "organisation_id": organisation.id,
        "title": f"Prodotto {number}",
        "category": "food",
        "unit": "kg",
        "price": 50_000,
        "vat_treatment": "vat_10",
        "vat_rate": 1000,
        "status": OfferStatus.PUBLISHED,
        "confirmed_at": NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return _add(session, Offer(**values | overrides))


def make_claim(
    session: Session,
    organisation: Organisation,
    offer: Offer | None = None,
    *,
    verified: bool = True,
    **overrides,
) -> Claim:
    """A verified organic certificate until 2027, of the organisation or of one offer."""
    values = {
        "organisation_id": organisation.id,
        "offer_id": offer.id if offer is not None else None,
        "criterion": "organic",
        "proof": "certified",
        "details": {"control_body": "IT-BIO-000", "operator_code": "0000", "certificate": "TEST-1"},
        "expires": date(2027, 12, 31),
        "verified_at": NOW if verified else None,
        "created_at": NOW,
    }
    return _add(session, Claim(**values | overrides))


def make_document(session: Session, organisation: Organisation, **overrides) -> Document:
    """A row without its file; pass ``stored_as`` of :func:`marketplace.uploads.save` where it is opened."""
    number = next(_numbers)
    digest = f"{number:064x}"
    values = {
        "organisation_id": organisation.id,
        "title": f"Certificato {number}",
        "file_name": "certificato.pdf",
        "media_type": "application/pdf",
        "size": 1000,
        "sha256": digest,
        "stored_as": f"{digest[:2]}/{digest[2:4]}/{digest}",
        "uploaded_at": NOW,
    }
    return _add(session, Document(**values | overrides))


def make_public_record(session: Session, organisation: Organisation, **overrides) -> PublicRecord:
    """Enrolment on MePA."""
    values = {
        "organisation_id": organisation.id,
        "kind": "mepa",
        "value": "Servizi di pulizia",
        "issued": date(2026, 1, 15),
        "updated_at": NOW,
    }
    return _add(session, PublicRecord(**values | overrides))


def make_delegation(
    session: Session, network: Organisation, criterion: str = "organic", **overrides
) -> Delegation:
    """Since 2026, everywhere, without end."""
    values = {
        "network_id": network.id,
        "criterion": criterion,
        "provinces": [],
        "since": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return _add(session, Delegation(**values | overrides))


def make_demand(
    session: Session,
    organisation: Organisation | None = None,
    *,
    lots: tuple[Lot, ...] | None = None,
    **overrides,
) -> Demand:
    """A published need in Bergamo, open, with one lot of food unless ``lots`` are given."""
    number = next(_numbers)
    values = {
        "organisation_id": organisation.id if organisation is not None else None,
        "type": DemandType.NEED if organisation is not None else DemandType.WISH,
        "title": f"Richiesta {number}",
        "place_label": "Bergamo (BG)",
        "mode": "deliver",
        "required": [],
        "preferred": [],
        "qualifications": [],
        "months": frozenset(),
        "weights": {},
        "created_at": NOW,
        "published_at": NOW,
        "lots": list(lots) if lots is not None else [make_lot()],
    }
    return _add(session, Demand(**values | BERGAMO | overrides))


def make_demand_draft(session: Session, organisation: Organisation | None = None, **overrides) -> DemandDraft:
    """A half-filled need of the organisation, or a wish; pass ``author_id`` where it matters."""
    values = {
        "organisation_id": organisation.id if organisation is not None else None,
        "author_id": overrides.pop("author_id", None) or make_user(session).id,
        "type": DemandType.NEED if organisation is not None else DemandType.WISH,
        "title": "Bozza",
        "fields": [["title", "Bozza"]],
        "created_at": NOW,
        "updated_at": NOW,
    }
    return _add(session, DemandDraft(**values | overrides))


def make_attachment(session: Session, home: Demand | DemandDraft, **overrides) -> DemandAttachment:
    """A row without its file, beside a demand or its draft."""
    number = next(_numbers)
    digest = f"{number:064x}"
    values = {
        "demand_id": home.id if isinstance(home, Demand) else None,
        "draft_id": home.id if isinstance(home, DemandDraft) else None,
        "title": f"Allegato {number}",
        "file_name": "capitolato.pdf",
        "media_type": "application/pdf",
        "size": 1000,
        "stored_as": f"{digest[:2]}/{digest[2:4]}/{digest}",
        "uploaded_at": NOW,
    }
    return _add(session, DemandAttachment(**values | overrides))


def make_lot(position: int = 1, **overrides) -> Lot:
    """A lot for ``make_demand``; it is not in a session by itself."""
    return Lot(**{"position": position, "category": "food", "splittable": True, "text": ""} | overrides)


def make_private_list(session: Session, organisation: Organisation, **overrides) -> PrivateList:
    """The empty list of a supplier who is not here."""
    number = next(_numbers)
    values = {
        "organisation_id": organisation.id,
        "supplier_name": f"Fornitore {number}",
        "supplier_email": "",
        "contacts": {},
        "created_at": NOW,
    }
    return _add(session, PrivateList(**values | overrides))


def make_import_run(session: Session, organisation: Organisation, **overrides) -> ImportRun:
    """An import into the catalogue whose file has been lost: it can be asked for, and not carried out."""
    values = {
        "organisation_id": organisation.id,
        "target": "offers",
        "source_name": "listino.csv",
        "stored_as": "",
        "settings": {"sheet": "", "reading": {}},
        "counts": {},
        "undo": {},
        "created_at": NOW,
    }
    return _add(session, ImportRun(**values | overrides))


def make_household(session: Session, organisation: Organisation, *people: User, **overrides) -> Household:
    """A household of a group, for which ``people`` book."""
    number = next(_numbers)
    values = {"organisation_id": organisation.id, "name": f"Famiglia {number}", "created_at": NOW}
    household = _add(session, Household(**values | overrides))
    for person in people:
        _add(session, HouseholdMember(household_id=household.id, person_id=person.id))
    return household


def make_cycle(session: Session, organisation: Organisation, **overrides) -> OrderCycle:
    """An order of one group that is open on ``NOW`` and closes a week later, from one private list, without products."""
    number = next(_numbers)
    values = {
        "organisation_id": organisation.id,
        "title": f"Ordine {number}",
        "opens_at": NOW - timedelta(days=1),
        "closes_at": NOW + timedelta(days=7),
        "created_at": NOW - timedelta(days=2),
        "confirmed_at": NOW - timedelta(days=2),
        "groups": [
            CycleGroup(
                organisation_id=organisation.id,
                asked_at=NOW - timedelta(days=2),
                admitted_at=NOW - timedelta(days=2),
                places=[PickupPlace(name="Sala", position=0)],
            )
        ],
        "sources": [CycleSource(name=f"Fornitore {number}")],
    }
    return _add(session, OrderCycle(**values | overrides))


def make_cycle_group(
    session: Session, cycle: OrderCycle, organisation: Organisation, **overrides
) -> CycleGroup:
    """Another group in the cycle, admitted."""
    values = {
        "cycle_id": cycle.id,
        "organisation_id": organisation.id,
        "asked_at": NOW,
        "admitted_at": NOW,
        "places": [PickupPlace(name="Garage", position=0)],
    }
    group = _add(session, CycleGroup(**values | overrides))
    session.expire(cycle, ["groups"])
    return group


def make_cycle_product(session: Session, cycle: OrderCycle, **overrides) -> CycleProduct:
    """Something at 5,00 € a kilogram, 10 % VAT, without box or limits."""
    number = next(_numbers)
    values = {
        "cycle_id": cycle.id,
        "source_id": cycle.sources[0].id,
        "position": number,
        "title": f"Prodotto {number}",
        "unit": "kg",
        "price": 50_000,
        "vat_treatment": "vat_10",
        "vat_rate": 1000,
    }
    product = _add(session, CycleProduct(**values | overrides))
    session.expire(cycle, ["products"])
    return product


def make_booking(
    session: Session,
    cycle: OrderCycle,
    household: Household,
    product: CycleProduct,
    quantity: int = 1000,
    **overrides,
) -> Booking:
    """A booking of a household, in its basket, which is made where there is none."""
    basket = session.scalar(
        sa.select(Basket).where(Basket.cycle_id == cycle.id, Basket.household_id == household.id)
    )
    if basket is None:
        group = next(row for row in cycle.groups if row.organisation_id == household.organisation_id)
        basket = _add(
            session,
            Basket(
                cycle_id=cycle.id,
                group_id=group.id,
                household_id=household.id,
                created_at=NOW,
                updated_at=NOW,
            ),
        )
    values = {"basket_id": basket.id, "product_id": product.id, "quantity": quantity, "booked_at": NOW}
    return _add(session, Booking(**values | overrides))


def _role(session: Session, duty: str) -> Role:
    role = session.scalar(sa.select(Role).where(Role.name == duty))
    return role or _add(session, Role(name=duty))


def _add(session: Session, instance):
    session.add(instance)
    session.flush()
    return instance
