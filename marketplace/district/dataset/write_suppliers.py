"""Organisations with their kinds, qualifications and areas, their offers, and the claims of both."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from marketplace.catalogue.models import Offer
from marketplace.district.dataset.rows import AreaRow, ClaimRow, OfferRow, OrganisationRow
from marketplace.district.dataset.writing import Writing
from marketplace.organisations.models import (
    Claim,
    DeliveryArea,
    Organisation,
    OrganisationKind,
    Qualification,
)
from marketplace.organisations.slugs import MAX_SLUG, slugify


class SupplierWriter:
    """Writes organisations, then their areas, offers and claims, in this order, flushing in between."""

    def __init__(self, writing: Writing, *, demo: bool):
        self._writing, self._demo = writing, demo
        session = writing.session
        known = session.scalars(
            sa.select(Organisation)
            .where(Organisation.key.is_not(None))
            .options(selectinload(Organisation.qualifications), selectinload(Organisation.areas))
        )
        self.organisations = {one.key: one for one in known}
        self._slugs = set(session.scalars(sa.select(Organisation.slug)))
        offers = session.scalars(sa.select(Offer).where(Offer.key.is_not(None)))
        self._offers = {(one.organisation_id, one.key): one for one in offers}
        self._areas: dict[tuple[str, str], int] = {}
        self._claims: dict[tuple, Claim] = {}
        claims = sa.select(Claim).join(Organisation, Claim.organisation_id == Organisation.id)
        for claim in session.scalars(claims.where(Organisation.key.is_not(None)).order_by(Claim.id.desc())):
            # of two that say the same, the older one is the file's
            self._claims[claim.organisation_id, claim.offer_id, claim.criterion, claim.proof] = claim

    def write_organisation(self, row: OrganisationRow) -> None:
        values = {
            "name": row.name,
            "legal_form": row.legal_form,
            "vat_number": row.vat_number,
            "tax_code": row.tax_code,
            "summary": row.summary,
            "description": row.description,
            "comune": row.seat.comune,
            "province": row.seat.province,
            "address": row.address,
            "lat": row.seat.lat,
            "lon": row.seat.lon,
            "email": row.email,
            "phone": row.phone,
            "website": row.website,
            "status": row.status,
            "demo": self._demo,
        }
        organisation = self.organisations.get(row.key)
        if organisation is None:
            now = self._writing.now
            organisation = Organisation(
                key=row.key, slug=self._new_slug(row), created_at=now, updated_at=now, **values
            )
            organisation.areas = []
            organisation.kinds = [OrganisationKind(kind=kind) for kind in row.kinds]
            organisation.qualifications = [
                Qualification(code=code, number=number) for code, number in row.qualifications.items()
            ]
            self.organisations[row.key] = self._writing.create("organisations", organisation)
            return
        also = _match_kinds(organisation, row) | _match_qualifications(organisation, row)
        self._writing.update("organisations", organisation, values, also=also)

    def _new_slug(self, row: OrganisationRow) -> str:
        """From the name; where that is taken, with a number behind it."""
        words = slug = slugify(row.name)
        number = 1
        while slug in self._slugs:
            number += 1
            slug = f"{words[: MAX_SLUG - len(str(number)) - 1]}-{number}"
        self._slugs.add(slug)
        return slug

    def write_areas(self, rows: Iterable[AreaRow]) -> None:
        """The areas of every organisation that has rows become those rows; the others keep what they have."""
        by_owner = defaultdict(list)
        removed: dict[int, set[int]] = defaultdict(set)
        written: list[tuple[AreaRow, DeliveryArea]] = []
        for row in rows:
            by_owner[row.organisation].append(row)
        for key, wanted in by_owner.items():
            organisation = self.organisations[key]
            for row, area in zip_longest(wanted, list(organisation.areas)):
                if row is None:
                    removed[organisation.id].add(area.id)
                    self._writing.remove("areas", area)
                    continue
                values = {
                    "kind": row.kind,
                    "radius_m": row.radius_m,
                    "lat": row.lat,
                    "lon": row.lon,
                    "codes": row.codes,
                    "polygon": row.polygon,
                    "minimum_cents": row.minimum_cents,
                    "days": row.days,
                }
                if area is None:
                    area = DeliveryArea(organisation_id=organisation.id, **values)
                    self._writing.create("areas", area)
                else:
                    self._writing.update("areas", area, values)
                written.append((row, area))
        self._writing.session.flush()
        self._areas = {(row.organisation, row.key): area.id for row, area in written if row.key is not None}
        self._leave_removed_areas(removed)

    def _leave_removed_areas(self, removed: Mapping[int, set[int]]) -> None:
        """No offer names an area that is gone; one that named no other goes nowhere until somebody says where."""
        owners = sa.select(Offer).where(Offer.organisation_id.in_(removed))
        for offer in self._writing.session.scalars(owners) if removed else ():
            gone = removed[offer.organisation_id].intersection(offer.area_ids or ())
            if gone:
                offer.area_ids = [id_ for id_ in offer.area_ids if id_ not in gone]
                offer.updated_at = self._writing.now

    def write_offer(self, row: OfferRow) -> None:
        organisation = self.organisations[row.organisation]
        now = self._writing.now
        values = {
            "title": row.title,
            "description": row.description,
            "category": row.category,
            "unit": row.unit,
            "price": row.price,
            "vat_treatment": row.vat_treatment,
            "vat_rate": row.vat_rate,
            "box_size": row.box_size,
            "available": row.available,
            "months": row.months,
            "lead_time_days": row.lead_time_days,
            "area_ids": row.areas and sorted(self._areas[row.organisation, key] for key in row.areas),
            "status": row.status,
        }
        offer = self._offers.get((organisation.id, row.key))
        if offer is None:
            offer = Offer(
                organisation_id=organisation.id,
                key=row.key,
                confirmed_at=now,
                created_at=now,
                updated_at=now,
                **values,
            )
            self._offers[organisation.id, row.key] = self._writing.create("offers", offer)
        elif self._writing.update("offers", offer, values):
            offer.confirmed_at = now

    def write_claim(self, row: ClaimRow) -> None:
        organisation = self.organisations[row.organisation]
        offer_id = self._offers[organisation.id, row.offer].id if row.offer is not None else None
        claim = self._claims.get((organisation.id, offer_id, row.criterion, row.proof))
        values = {"details": row.details, "link": row.link, "expires": row.expires}
        verified_at = self._verified_at(row, claim)
        if claim is None:
            claim = Claim(
                organisation_id=organisation.id,
                offer_id=offer_id,
                criterion=row.criterion,
                proof=row.proof,
                verified_at=verified_at,
                created_at=self._writing.now,
                **values,
            )
            self._writing.create("claims", claim)
        else:
            self._writing.update("claims", claim, values | {"verified_at": verified_at})

    def _verified_at(self, row: ClaimRow, claim: Claim | None):
        """A bare "yes" keeps the moment of an earlier load."""
        if row.verified is True:
            return (claim.verified_at if claim else None) or self._writing.now
        return row.verified or None


def _match_kinds(organisation: Organisation, row: OrganisationRow) -> bool:
    there = {one.kind for one in organisation.kinds}
    if there == set(row.kinds):
        return False
    organisation.kinds = [one for one in organisation.kinds if one.kind in row.kinds] + [
        OrganisationKind(kind=kind) for kind in row.kinds if kind not in there
    ]
    return True


def _match_qualifications(organisation: Organisation, row: OrganisationRow) -> bool:
    there = {one.code: one for one in organisation.qualifications}
    if {code: one.number for code, one in there.items()} == row.qualifications:
        return False
    organisation.qualifications = list(_qualifications(there, row))
    return True


def _qualifications(there: dict[str, Qualification], row: OrganisationRow) -> Iterator[Qualification]:
    for code, number in row.qualifications.items():
        one = there.get(code) or Qualification(code=code)
        one.number = number
        yield one
