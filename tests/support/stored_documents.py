"""Documents of the engines as rows of the tables that they are read from, with the same ids."""

from collections.abc import Iterable

from shapely.geometry import mapping
from sqlalchemy.orm import Session

from geo.areas import ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.organisations.models import (
    Claim,
    DeliveryArea,
    Organisation,
    OrganisationKind,
    Qualification,
    Status,
)
from search.documents import ClaimDocument, OfferDocument, SupplierDocument
from tests.factories import NOW


def store(session: Session, documents: Iterable[SupplierDocument]) -> None:
    """Write the documents; nothing is committed."""
    for document in documents:
        seat = document.seat
        areas = [_area(area) for area in document.areas]
        session.add(
            Organisation(
                id=document.id,
                slug=f"stored-{document.id}",
                name=document.name,
                status=Status.ACTIVE if document.active else Status.SUSPENDED,
                comune=document.comune,
                province=document.province,
                lat=seat.lat if seat else None,
                lon=seat.lon if seat else None,
                created_at=NOW,
                updated_at=NOW,
                kinds=[OrganisationKind(kind=kind) for kind in sorted(document.kinds)],
                qualifications=[Qualification(code=code) for code in sorted(document.qualifications)],
                areas=areas,
            )
        )
        session.flush()
        session.add_all(_claim(claim, document.id, None) for claim in document.claims)
        for offer in document.offers:
            named = None if offer.areas is None else [areas[number].id for number in offer.areas]
            session.add(_offer(offer, document.id, named))
            session.flush()
            session.add_all(_claim(claim, document.id, offer.id) for claim in offer.claims)
    session.flush()


def _area(area) -> DeliveryArea:
    match area:
        case RadiusArea():
            return DeliveryArea(
                kind="radius", radius_m=round(area.km * 1000), lat=area.centre.lat, lon=area.centre.lon
            )
        case ComuniArea():
            return DeliveryArea(kind="comuni", codes=sorted(area.codes))
        case ProvinceArea():
            return DeliveryArea(kind="province", codes=[area.sigla])
        case PolygonArea():
            return DeliveryArea(kind="polygon", polygon=mapping(area.polygon))


def _offer(offer: OfferDocument, organisation_id: int, area_ids: list[int] | None) -> Offer:
    return Offer(
        id=offer.id,
        organisation_id=organisation_id,
        title=offer.title,
        description=offer.description,
        category=offer.category,
        unit=offer.unit,
        price=offer.price,
        vat_rate=offer.vat_rate,
        months=offer.months,
        available=offer.available,
        area_ids=area_ids,
        status=OfferStatus.PUBLISHED if offer.published else OfferStatus.WITHDRAWN,
        confirmed_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


def _claim(claim: ClaimDocument, organisation_id: int, offer_id: int | None) -> Claim:
    return Claim(
        organisation_id=organisation_id,
        offer_id=offer_id,
        criterion=claim.criterion,
        proof=claim.proof,
        expires=claim.expires,
        verified_at=NOW if claim.verified else None,
        created_at=NOW,
    )
