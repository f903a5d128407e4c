"""What the public pages read: plain rows, in a number of queries that does not grow with the list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.photo_queries import PhotoRow, first_photos
from marketplace.organisations.models import Claim, Organisation, OrganisationKind, Status
from marketplace.organisations.standing_claims import rejected


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An active organisation as a list shows it; ``lat`` and ``lon`` are its seat, WGS84."""

    id: int
    slug: str
    name: str
    summary: str
    comune: str | None
    province: str | None
    lat: float | None
    lon: float | None
    kinds: tuple[str, ...]
    demo: bool


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A published offer as a list shows it, with its organisation and the claims that speak for it."""

    id: int
    title: str
    category: str
    unit: str
    price: int | None
    months: frozenset[int]
    available: int | None
    description: str
    confirmed_at: datetime
    organisation: OrganisationRow
    claims: tuple[Claim, ...] = ()
    photo: PhotoRow | None = None


def organisation_rows(session: Session, ids: Sequence[int]) -> dict[int, OrganisationRow]:
    """Active organisations by id; whoever was suspended since the index last looked is left out."""
    if not ids:
        return {}
    rows = session.execute(
        sa.select(*_ORGANISATION_COLUMNS).where(
            Organisation.id.in_(ids), Organisation.status == Status.ACTIVE
        )
    ).all()
    kinds = defaultdict(list)
    for kind in session.execute(
        sa.select(OrganisationKind.organisation_id, OrganisationKind.kind)
        .where(OrganisationKind.organisation_id.in_(ids))
        .order_by(OrganisationKind.kind)
    ):
        kinds[kind.organisation_id].append(kind.kind)
    return {row.id: OrganisationRow(**row._mapping, kinds=tuple(kinds[row.id])) for row in rows}


def offer_rows(session: Session, ids: Sequence[int]) -> list[OfferRow]:
    """Published offers of active organisations, in the order asked; what was withdrawn since is left out."""
    if not ids:
        return []
    rows = {
        row.id: row
        for row in session.execute(
            sa.select(*_OFFER_COLUMNS).where(Offer.id.in_(ids), Offer.status == OfferStatus.PUBLISHED)
        )
    }
    organisations = organisation_rows(session, sorted({row.organisation_id for row in rows.values()}))
    claims = claims_of(session, organisations, rows)
    photos = first_photos(session, list(rows))
    return [
        OfferRow(
            id=row.id,
            title=row.title,
            category=row.category,
            unit=row.unit,
            price=row.price,
            months=row.months,
            available=row.available,
            description=row.description,
            confirmed_at=row.confirmed_at,
            organisation=organisations[row.organisation_id],
            claims=tuple(claims[row.organisation_id, None] + claims[row.organisation_id, row.id]),
            photo=photos.get(row.id),
        )
        for row in (rows[id_] for id_ in ids if id_ in rows)
        if row.organisation_id in organisations
    ]


def claims_of(
    session: Session, organisation_ids: Iterable[int], offer_ids: Iterable[int] = ()
) -> Mapping[tuple[int, int | None], list[Claim]]:
    """Claims by organisation and offer (``None``: of the organisation itself), only of the offers asked."""
    found = defaultdict(list)
    query = sa.select(Claim).where(
        Claim.organisation_id.in_(list(organisation_ids)),
        sa.or_(Claim.offer_id.is_(None), Claim.offer_id.in_(list(offer_ids))),
        ~rejected(),
    )
    for claim in session.scalars(query.order_by(Claim.criterion, Claim.id)):
        found[claim.organisation_id, claim.offer_id].append(claim)
    return found


def active_organisation(session: Session, slug: str) -> Organisation | None:
    return session.scalar(
        sa.select(Organisation).where(Organisation.slug == slug, Organisation.status == Status.ACTIVE)
    )


def published_offers(session: Session, organisation_id: int) -> Sequence[Offer]:
    return session.scalars(
        sa.select(Offer)
        .where(Offer.organisation_id == organisation_id, Offer.status == OfferStatus.PUBLISHED)
        .order_by(Offer.category, Offer.title, Offer.id)
    ).all()


def published_offer(session: Session, offer_id: int) -> Offer | None:
    """The offer if it, and its organisation, may be shown to anybody."""
    return session.scalar(
        sa.select(Offer)
        .join(Offer.organisation)
        .where(
            Offer.id == offer_id,
            Offer.status == OfferStatus.PUBLISHED,
            Organisation.status == Status.ACTIVE,
        )
    )


_ORGANISATION_COLUMNS = (
    Organisation.id,
    Organisation.slug,
    Organisation.name,
    Organisation.summary,
    Organisation.comune,
    Organisation.province,
    Organisation.lat,
    Organisation.lon,
    Organisation.demo,
)
_OFFER_COLUMNS = (
    Offer.id,
    Offer.organisation_id,
    Offer.title,
    Offer.category,
    Offer.unit,
    Offer.price,
    Offer.months,
    Offer.available,
    Offer.description,
    Offer.confirmed_at,
)
