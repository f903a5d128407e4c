"""Whole pages: a private installation with a generated district in its database, asked as a browser asks."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import shapely
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from geo.areas import Area, ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from marketplace import create_app
from marketplace.bench.workload import NOW
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.db import db, writing
from marketplace.organisations.models import (
    AreaKind,
    Claim,
    DeliveryArea,
    Organisation,
    OrganisationKind,
    Qualification,
    Status,
)
from marketplace.schema import prepare_database
from search.documents import SupplierDocument
from search.queries import SearchQuery

BATCH = 400
"""Suppliers inserted together."""


def private_app(instance: Path) -> Flask:
    """An installation of its own, with an empty database, whatever the settings of the one that measures.

    It makes every page anew: what is measured is the making.
    """
    app = create_app(
        {"INSTANCE": str(instance), "DATABASE_URL": "", "SITE_URL": "", "DEMO": True, "KEPT_PAGES": 0}
    )
    with app.app_context():
        prepare_database()
    return app


def insert_district(app: Flask, suppliers: Iterable[SupplierDocument]) -> None:
    """All suppliers as rows, in bulk, past the operations: nothing is announced, since the index is there already."""
    with app.app_context(), writing():
        remaining = iter(suppliers)
        while batch := list(islice(remaining, BATCH)):
            for table, rows in _rows(batch).items():
                if rows:
                    db.session.execute(sa.insert(table), rows)
        db.session.commit()


def page_address(query: SearchQuery) -> MultiDict[str, str]:
    """The address of a search, as the form of the page makes it."""
    address = {"q": query.text}
    if query.near is not None:
        address["near"] = f"{query.near.lat:.5f}, {query.near.lon:.5f}"
    if query.radius_km is not None:
        address["radius_km"] = f"{query.radius_km:g}"
    return MultiDict([*address.items(), *(("criteria", code) for code in query.criteria)])


def _rows(suppliers: Sequence[SupplierDocument]) -> dict[type, list[dict]]:
    stamps = {"created_at": NOW, "updated_at": NOW}
    organisations = [
        {
            "id": supplier.id,
            "slug": f"supplier-{supplier.id}",
            "name": supplier.name,
            "summary": supplier.offers[0].description[:200] if supplier.offers else "",
            "comune": supplier.comune,
            "province": supplier.province,
            "lat": supplier.seat.lat if supplier.seat else None,
            "lon": supplier.seat.lon if supplier.seat else None,
            "status": Status.ACTIVE,
            "demo": True,
            **stamps,
        }
        for supplier in suppliers
    ]
    offers = [
        {
            "id": offer.id,
            "organisation_id": supplier.id,
            "title": offer.title,
            "description": offer.description,
            "category": offer.category,
            "unit": offer.unit,
            "price": offer.price,
            "vat_rate": offer.vat_rate,
            "available": offer.available,
            "months": offer.months,
            "status": OfferStatus.PUBLISHED,
            "confirmed_at": NOW,
            **stamps,
        }
        for supplier in suppliers
        for offer in supplier.offers
    ]
    return {
        Organisation: organisations,
        OrganisationKind: [
            {"organisation_id": each.id, "kind": kind} for each in suppliers for kind in each.kinds
        ],
        Qualification: [
            {"organisation_id": each.id, "code": code} for each in suppliers for code in each.qualifications
        ],
        DeliveryArea: [
            {"organisation_id": each.id, **_area(area)} for each in suppliers for area in each.areas
        ],
        Offer: offers,
        Claim: list(_claims(suppliers)),
    }


def _claims(suppliers: Sequence[SupplierDocument]) -> Iterator[dict]:
    for supplier in suppliers:
        held = [(None, claim) for claim in supplier.claims]
        held += [(offer.id, claim) for offer in supplier.offers for claim in offer.claims]
        for offer_id, claim in held:
            values = asdict(claim)
            verified = values.pop("verified")
            yield {
                "organisation_id": supplier.id,
                "offer_id": offer_id,
                "details": {},
                "verified_at": NOW if verified else None,
                "created_at": NOW,
                **values,
            }


def _area(area: Area) -> dict[str, object]:
    empty = dict.fromkeys(("radius_m", "lat", "lon", "codes", "polygon"))
    match area:
        case RadiusArea():
            return empty | {"kind": AreaKind.RADIUS, "radius_m": round(1_000 * area.km)}
        case ComuniArea():
            return empty | {"kind": AreaKind.COMUNI, "codes": sorted(area.codes)}
        case ProvinceArea():
            return empty | {"kind": AreaKind.PROVINCE, "codes": [area.sigla]}
        case PolygonArea():
            return empty | {"kind": AreaKind.POLYGON, "polygon": json.loads(shapely.to_geojson(area.polygon))}
