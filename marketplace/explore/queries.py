"""What the public pages read: plain rows, in a number of queries that does not grow with the list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.photo_queries import PhotoRow, first_photos
from marketplace.organisations.models import Claim, Organisation, OrganisationKind, Status
from marketplace.organisations.standing_claims import rejected


class OrganisationRow(NamedTuple):
    """An active organisation as a list shows it; ``lat`` and ``lon`` are its seat, WGS84."""

    id: int
    slug: str
    name: str
    summary: str
    comune: str | None
    province: str | None
    lat: float | None
    lon: float | None
    demo: bool
    kinds: tuple[str, ...]


class ClaimRow(NamedTuple):
    """A claim with what speaks for it. See :class:`marketplace.organisations.models.Claim`."""

    organisation_id: int
    offer_id: int | None
    criterion: str
    proof: str
    document_id: int | None
    details: dict
    link: str
    expires: date | None
    verified_at: datetime | None


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
    claims: tuple[ClaimRow, ...] = ()
    photo: PhotoRow | None = None


def organisation_rows(session: Session, ids: Iterable[int]) -> dict[int, OrganisationRow]:
    """Active organisations by id; whoever was suspended since the index last looked is left out."""
    ids = list(ids)
    if not ids:
        return {}
    found = {}
    for *values, kinds in session.execute(_ORGANISATIONS, {"ids": ids}):
        found[values[0]] = OrganisationRow(*values, tuple(sorted(kinds.split(","))) if kinds else ())
    return found


def offer_rows(
    session: Session, ids: Sequence[int], organisations: Mapping[int, OrganisationRow] | None = None
) -> list[OfferRow]:
    """Published offers of active organisations, in the order asked; what was withdrawn since is left out.

    ``organisations`` are those of all offers, where they were read already.
    """
    if not ids:
        return []
    rows = {row.id: row for row in session.execute(_OFFERS, {"ids": list(ids)})}
    if organisations is None:
        organisations = organisation_rows(session, {row.organisation_id for row in rows.values()})
    claims = claims_of(session, {row.organisation_id for row in rows.values()}, rows)
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
) -> Mapping[tuple[int, int | None], list[ClaimRow]]:
    """Claims by organisation and offer (``None``: of the organisation itself), only of the offers asked."""
    found = defaultdict(list)
    asked = {"organisations": list(organisation_ids), "offers": list(offer_ids)}
    for claim in map(ClaimRow._make, session.execute(_CLAIMS, asked)):
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


# made once, of columns instead of entities: putting a statement together takes longer than what SQLite does with it
_organisation, _offer, _claim = Organisation.__table__.c, Offer.__table__.c, Claim.__table__.c
_ORGANISATIONS = sa.select(
    *(_organisation[name] for name in OrganisationRow._fields if name != "kinds"),
    sa.select(sa.func.aggregate_strings(OrganisationKind.__table__.c.kind, ","))
    .where(OrganisationKind.__table__.c.organisation_id == _organisation.id)
    .scalar_subquery(),
).where(_organisation.id.in_(sa.bindparam("ids", expanding=True)), _organisation.status == Status.ACTIVE)
_OFFERS = sa.select(
    _offer.id,
    _offer.organisation_id,
    _offer.title,
    _offer.category,
    _offer.unit,
    _offer.price,
    _offer.months,
    _offer.available,
    _offer.description,
    _offer.confirmed_at,
).where(_offer.id.in_(sa.bindparam("ids", expanding=True)), _offer.status == OfferStatus.PUBLISHED)
_CLAIMS = (
    sa.select(*(_claim[name] for name in ClaimRow._fields))
    .where(
        _claim.organisation_id.in_(sa.bindparam("organisations", expanding=True)),
        sa.or_(_claim.offer_id.is_(None), _claim.offer_id.in_(sa.bindparam("offers", expanding=True))),
        ~rejected(),
    )
    .order_by(_claim.criterion, _claim.id)
)
