"""Organisations and offers as the engines see them: tables into :mod:`search.documents`.

Plain column reads in blocks, not objects of the ORM: a rebuild reads every
offer of the district and must not hold it all in memory.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from shapely.geometry import shape
from sqlalchemy.orm import Session

from geo.areas import Area, ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from geo.points import Point
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.organisations.models import (
    AreaKind,
    Claim,
    DeliveryArea,
    Organisation,
    OrganisationKind,
    Qualification,
    Status,
)
from marketplace.organisations.standing_claims import rejected
from search.documents import ClaimDocument, OfferDocument, SupplierDocument

#: Organisations read at once; with a hundred offers each, some tens of megabytes.
BLOCK = 300


def supplier_documents(session: Session, ids: Iterable[int] | None = None) -> Iterator[SupplierDocument]:
    """Active organisations with their published offers, by ascending id; all of them without ``ids``.

    An id that is unknown or not active gives no document: whoever indexes
    removes what was asked for and did not come.
    """
    wanted = sa.select(Organisation.id).where(Organisation.status == Status.ACTIVE).order_by(Organisation.id)
    if ids is not None:
        wanted = wanted.where(Organisation.id.in_(list(ids)))
    for block in _blocks(session.scalars(wanted).all()):
        yield from _read_block(session, block)


def _blocks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BLOCK):
        yield ids[start : start + BLOCK]


def _read_block(session: Session, ids: Sequence[int]) -> Iterator[SupplierDocument]:
    kinds = _grouped(session, ids, OrganisationKind.organisation_id, OrganisationKind.kind)
    qualifications = _grouped(session, ids, Qualification.organisation_id, Qualification.code)
    areas = _grouped(session, ids, DeliveryArea.organisation_id, *_AREA_COLUMNS)
    claims = _grouped(session, ids, Claim.organisation_id, *_CLAIM_COLUMNS, where=~rejected())
    offers = _grouped(
        session, ids, Offer.organisation_id, *_OFFER_COLUMNS, where=Offer.status == OfferStatus.PUBLISHED
    )
    rows = session.execute(
        sa.select(Organisation.id, *_ORGANISATION_COLUMNS)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.id)
    )
    for row in rows:
        seat = Point(row.lat, row.lon) if row.lat is not None else None
        by_offer = defaultdict(list)
        for claim in claims[row.id]:
            by_offer[claim.offer_id].append(_claim(claim))
        placed = [(stored.id, area) for stored in areas[row.id] for area in area_values(stored, seat)]
        positions: dict[int, list[int]] = defaultdict(list)
        for position, (area_id, _area) in enumerate(placed):
            positions[area_id].append(position)
        yield SupplierDocument(
            id=row.id,
            name=row.name,
            active=True,
            seat=seat,
            comune=row.comune,
            province=row.province,
            kinds=frozenset(kind.kind for kind in kinds[row.id]),
            qualifications=frozenset(held.code for held in qualifications[row.id]),
            areas=tuple(area for _id, area in placed),
            claims=tuple(by_offer[None]),
            offers=tuple(_offer(offer, by_offer[offer.id], positions) for offer in offers[row.id]),
        )


_ORGANISATION_COLUMNS = (
    Organisation.name,
    Organisation.comune,
    Organisation.province,
    Organisation.lat,
    Organisation.lon,
)
_AREA_COLUMNS = (
    DeliveryArea.id,
    DeliveryArea.kind,
    DeliveryArea.radius_m,
    DeliveryArea.lat,
    DeliveryArea.lon,
    DeliveryArea.codes,
    DeliveryArea.polygon,
)
_CLAIM_COLUMNS = (
    Claim.id,
    Claim.offer_id,
    Claim.criterion,
    Claim.proof,
    Claim.expires,
    Claim.verified_at,
)
_OFFER_COLUMNS = (
    Offer.id,
    Offer.title,
    Offer.description,
    Offer.category,
    Offer.unit,
    Offer.price,
    Offer.vat_rate,
    Offer.months,
    Offer.available,
    Offer.area_ids,
)


def _grouped(session: Session, ids, owner, *columns, where=None) -> Mapping[int, list]:
    """Rows of one table by organisation id, in a stable order."""
    found = defaultdict(list)
    query = sa.select(owner.label("owner"), *columns).where(owner.in_(ids)).order_by(owner, columns[0])
    if where is not None:
        query = query.where(where)
    for row in session.execute(query):
        found[row.owner].append(row)
    return found


def area_values(stored: DeliveryArea, seat: Point | None) -> Iterator[Area]:
    """A stored area as geometry; a radius around the seat of one who is not placed gives nothing."""
    match stored.kind:
        case AreaKind.RADIUS:
            centre = Point(stored.lat, stored.lon) if stored.lat is not None else seat
            if centre is not None and stored.radius_m is not None:
                yield RadiusArea(stored.radius_m / 1000, centre)
        case AreaKind.COMUNI:
            yield ComuniArea(frozenset(stored.codes or ()))
        case AreaKind.PROVINCE:
            for sigla in stored.codes or ():
                yield ProvinceArea(sigla)
        case AreaKind.POLYGON:
            yield PolygonArea(shape(stored.polygon))


def _claim(row) -> ClaimDocument:
    return ClaimDocument(row.criterion, row.proof, row.expires, verified=row.verified_at is not None)


def _offer(row, claims: list[ClaimDocument], positions: Mapping[int, list[int]]) -> OfferDocument:
    """``positions``: where the areas of the organisation stand, by the id of the stored one."""
    named = row.area_ids
    return OfferDocument(
        id=row.id,
        title=row.title,
        category=row.category,
        unit=row.unit,
        description=row.description,
        price=row.price,
        vat_rate=row.vat_rate,
        months=row.months,
        available=row.available,
        claims=tuple(claims),
        areas=None if named is None else tuple(sorted(at for id_ in named for at in positions.get(id_, ()))),
    )
