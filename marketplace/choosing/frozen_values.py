"""The values of a match as plain JSON and back: demands, suppliers, categories, criteria, answers.

Nothing is lost on the way, so that what was kept can be matched again. Sets become sorted lists, days and moments
ISO text; quantities and prices stay in the units of :mod:`search.documents`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from shapely.geometry import mapping, shape

from geo.areas import Area, ComuniArea, Place, PolygonArea, ProvinceArea, RadiusArea
from geo.points import Point
from search.answer import Answer, Match, NearMiss
from search.category import Category
from search.columns import LARGEST
from search.criteria import Criterion, Proof
from search.demand import Demand, Lot, Mode, Preferred, Profile, Required, Weights
from search.documents import ClaimDocument, OfferDocument, SupplierDocument

_LOT_FIELDS = ("category", "cpv", "text", "quantity", "unit", "budget", "splittable")


def demand_content(demand: Demand) -> dict:
    """The demand, with its weights as they were given: a public body's own, a community's or none."""
    place = demand.place
    return {
        "place": {**_point(place.point), "comune": place.comune, "province": place.province},
        "lots": [{name: getattr(lot, name) for name in _LOT_FIELDS} for lot in demand.lots],
        "profile": demand.profile.value,
        "mode": demand.mode.value,
        "max_distance_km": demand.max_distance_km,
        "half_life_km": demand.half_life_km,
        "required": [
            {"criterion": must.criterion, "proofs": sorted(str(proof) for proof in must.proofs)}
            for must in demand.required
        ],
        "preferred": [
            {"criterion": wish.criterion, "importance": wish.importance} for wish in demand.preferred
        ],
        "qualifications": sorted(demand.qualifications),
        "months": sorted(demand.months),
        "weights": asdict(demand.weights),
        "budget_with_vat": demand.budget_with_vat,
        "proximity_reason": demand.proximity_reason,
    }


def read_demand(content: Mapping) -> Demand:
    place = content["place"]
    return Demand(
        place=Place(Point(place["lat"], place["lon"]), place["comune"], place["province"]),
        lots=tuple(Lot(**lot) for lot in content["lots"]),
        profile=Profile(content["profile"]),
        mode=Mode(content["mode"]),
        max_distance_km=content["max_distance_km"],
        half_life_km=content["half_life_km"],
        required=tuple(
            Required(must["criterion"], frozenset(must["proofs"])) for must in content["required"]
        ),
        preferred=tuple(Preferred(**wish) for wish in content["preferred"]),
        qualifications=frozenset(content["qualifications"]),
        months=frozenset(content["months"]),
        weights=Weights(**content["weights"]),
        budget_with_vat=content["budget_with_vat"],
        proximity_reason=content["proximity_reason"],
    )


def supplier_content(
    supplier: SupplierDocument, offers: Sequence[OfferDocument], versions: Mapping[int, int]
) -> dict:
    """A supplier with these of its offers; ``versions`` are the numbers of the offers' versions, by id."""
    return {
        "id": supplier.id,
        "name": supplier.name,
        "seat": _point(supplier.seat),
        "comune": supplier.comune,
        "province": supplier.province,
        "qualifications": sorted(supplier.qualifications),
        "areas": [_area(area) for area in supplier.areas],
        "claims": [_claim(claim) for claim in supplier.claims],
        "offers": [_offer(offer, versions.get(offer.id)) for offer in offers],
    }


def read_supplier(content: Mapping) -> SupplierDocument:
    return SupplierDocument(
        id=content["id"],
        name=content["name"],
        active=True,
        seat=Point(content["seat"]["lat"], content["seat"]["lon"]),
        comune=content["comune"],
        province=content["province"],
        qualifications=frozenset(content["qualifications"]),
        areas=tuple(_read_area(area) for area in content["areas"]),
        claims=tuple(_read_claim(claim) for claim in content["claims"]),
        offers=tuple(_read_offer(offer) for offer in content["offers"]),
    )


def category_content(category: Category) -> dict:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(category).items()
    }


def read_category(content: Mapping) -> Category:
    return Category(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in content.items()}
    )


def criterion_content(criterion: Criterion) -> dict:
    """What the match reads of a criterion, and how it is called."""
    return {
        "code": criterion.code,
        "label_it": criterion.label_it,
        "label_en": criterion.label_en,
        "proofs": [proof.value for proof in criterion.proofs],
        "public_may_require": criterion.public_may_require,
    }


def read_criterion(content: Mapping) -> Criterion:
    return Criterion(
        code=content["code"],
        number=0,
        label_it=content["label_it"],
        label_en=content["label_en"],
        meaning_it="",
        meaning_en="",
        proofs={Proof(proof): () for proof in content["proofs"]},
        public_may_require=content["public_may_require"],
        eforms=(),
        essglobal=None,
        source="",
    )


def answer_content(answer: Answer) -> dict:
    """The list itself: suppliers above the line, those who lack one thing, the counts."""
    return {
        "matches": [_match(match) for match in answer.matches],
        "near_misses": [_near_miss(near_miss) for near_miss in answer.near_misses],
        "considered": answer.considered,
        "in_category": answer.in_category,
        "failed": dict(answer.failed),
        "dropped": list(answer.dropped),
        "weights": {component: float(weight) for component, weight in answer.weights.items()},
        "eligible": answer.eligible,
        "near_missed": answer.near_missed,
    }


def _match(match: Match) -> dict:
    return {
        "rank": int(match.rank),
        "supplier_id": int(match.supplier_id),
        "name": match.name,
        "score": float(match.score),
        "contributions": {name: float(part) for name, part in match.contributions.items()},
        "utilities": {name: float(part) for name, part in match.utilities.items()},
        "distance_km": float(match.distance_km),
        "lots": [
            {
                "lot": int(cover.lot),
                "offer_ids": [int(id_) for id_ in cover.offer_ids],
                "similarity": float(cover.similarity),
                "share": float(cover.share),
                "best_price": None if cover.best_price is None else float(cover.best_price),
                "fit": float(cover.fit),
            }
            for cover in match.lots
        ],
        "evidence": [
            {
                "criterion": piece.criterion,
                "proof": piece.proof,
                "value": float(piece.value),
                "offer_id": None if piece.offer_id is None else int(piece.offer_id),
                "expires": _day(piece.expires),
                "required": bool(piece.required),
            }
            for piece in match.evidence
        ],
        "reasons": [_reason(reason) for reason in match.reasons],
    }


def _near_miss(near_miss: NearMiss) -> dict:
    return {
        "supplier_id": int(near_miss.supplier_id),
        "name": near_miss.name,
        "distance_km": float(near_miss.distance_km),
        "failed": near_miss.failed,
        "reasons": [_reason(reason) for reason in near_miss.reasons],
    }


def _reason(reason) -> dict:
    return {name: _plain(value) for name, value in reason.as_dict().items()}


def _plain(value):
    """Numbers of numpy as numbers of Python."""
    return value.item() if hasattr(value, "item") else value


def _point(point: Point) -> dict:
    return {"lat": float(point.lat), "lon": float(point.lon)}


def _area(area: Area) -> dict:
    match area:
        case RadiusArea():
            return {"kind": "radius", "km": area.km, "centre": _point(area.centre)}
        case ComuniArea():
            return {"kind": "comuni", "codes": sorted(area.codes)}
        case ProvinceArea():
            return {"kind": "province", "sigla": area.sigla}
        case PolygonArea():
            return {"kind": "polygon", "geometry": mapping(area.polygon)}


def _read_area(content: Mapping) -> Area:
    match content["kind"]:
        case "radius":
            return RadiusArea(content["km"], Point(content["centre"]["lat"], content["centre"]["lon"]))
        case "comuni":
            return ComuniArea(frozenset(content["codes"]))
        case "province":
            return ProvinceArea(content["sigla"])
        case _:
            return PolygonArea(shape(content["geometry"]))


def _claim(claim: ClaimDocument) -> dict:
    return {
        "criterion": claim.criterion,
        "proof": str(claim.proof),
        "expires": _day(claim.expires),
        "verified": claim.verified,
    }


def _read_claim(content: Mapping) -> ClaimDocument:
    expires = date.fromisoformat(content["expires"]) if content["expires"] else None
    return ClaimDocument(content["criterion"], content["proof"], expires, content["verified"])


def _offer(offer: OfferDocument, version: int | None) -> dict:
    return {
        "id": offer.id,
        "version": version,
        "title": offer.title,
        "description": offer.description,
        "category": offer.category,
        "unit": offer.unit,
        "price": _amount(offer.price),
        "vat_rate": offer.vat_rate,
        "months": sorted(offer.months),
        "available": _amount(offer.available),
        "claims": [_claim(claim) for claim in offer.claims],
        "areas": None if offer.areas is None else list(offer.areas),
    }


def _read_offer(content: Mapping) -> OfferDocument:
    return OfferDocument(
        id=content["id"],
        title=content["title"],
        category=content["category"],
        unit=content["unit"],
        description=content["description"],
        price=content["price"],
        vat_rate=content["vat_rate"],
        months=frozenset(content["months"]),
        available=content["available"],
        claims=tuple(_read_claim(claim) for claim in content["claims"]),
        areas=None if content["areas"] is None else tuple(content["areas"]),
    )


def _amount(amount: int | None) -> int | None:
    """As the columns of the match cut it; JSON carries no larger whole number safely."""
    return None if amount is None else min(amount, LARGEST)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
