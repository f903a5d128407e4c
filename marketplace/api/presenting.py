"""Answers as JSON: the shapes that programs rely on from version 1 on. See ``docs/api.md``."""

from decimal import Decimal

from flask import url_for

from geo.comuni import ComuneRegister
from marketplace.explore.queries import OfferRow, OrganisationRow
from marketplace.matches.queries import ListedAnswer, ListedMatch, ListedNearMiss
from marketplace.matches.sentences import Naming, sentence
from search.queries import Facets, Hit
from search.reasons import Reason
from search.taxonomy import CategoryTree


def euro(ten_thousandths: float | None) -> str | None:
    """A unit price as plain decimal text, so that no program reads it as a float: "4.5"."""
    if ten_thousandths is None:
        return None
    amount = Decimal(round(ten_thousandths)).scaleb(-4)
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:.4f}"


def organisation(row: OrganisationRow, comuni: ComuneRegister) -> dict:
    comune = comuni.get(row.comune) if row.comune else None
    return {
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "kinds": list(row.kinds),
        "place": comune.label if comune else None,
        "url": url_for("explore.organisation", slug=row.slug, _external=True),
        "demo": row.demo,
    }


def category(code: str, tree: CategoryTree, language: str) -> dict:
    known = tree.get(code)
    return {"code": code, "label": known.label(language) if known else code}


def reason(item: Reason, naming: Naming | None = None) -> dict:
    """The code and its values; with ``naming`` also the sentence in the language asked."""
    return item.as_dict() | ({"sentence": sentence(item, naming)} if naming else {})


def offer(
    row: OfferRow, hit: Hit, tree: CategoryTree, comuni: ComuneRegister, naming: Naming, language: str
) -> dict:
    return {
        "id": row.id,
        "title": row.title,
        "organisation": organisation(row.organisation, comuni),
        "category": category(row.category, tree, language),
        "price": euro(row.price),
        "unit": row.unit,
        "months": sorted(row.months),
        "score": round(hit.score, 6),
        "distance_km": _km(hit.distance_km),
        "reasons": [item.as_dict() for item in hit.reasons],
        "url": url_for("explore.offer", offer_id=row.id, _external=True),
    }


def facets(counted: Facets) -> dict:
    return {
        "category": counted.category,
        "criterion": counted.criterion,
        "kind": counted.kind,
        "distance": [{"up_to_km": edge, "count": count} for edge, count in counted.distance.items()],
    }


def answer(listed: ListedAnswer, naming: Naming, comuni: ComuneRegister) -> dict:
    """Suppliers above the line and near misses below it, with everything that explains their place."""
    return {
        "suppliers": [_match(item, naming, comuni) for item in listed.matches],
        "near_misses": [_near_miss(item, naming, comuni) for item in listed.near_misses],
        "total": listed.answer.eligible,
        "near_misses_total": listed.answer.near_missed,
        "considered": listed.answer.considered,
        "in_category": listed.answer.in_category,
        "failed": listed.answer.failed,
        "dropped": list(listed.answer.dropped),
        "weights": listed.answer.weights,
    }


def _match(item: ListedMatch, naming: Naming, comuni: ComuneRegister) -> dict:
    match = item.match
    return {
        "rank": match.rank,
        "organisation": organisation(item.organisation, comuni),
        "score": round(match.score, 9),
        "contributions": match.contributions,
        "distance_km": _km(match.distance_km),
        "lots": [
            {
                "lot": cover.lot,
                "offers": [
                    {"id": id_, "title": item.offers[id_].title}
                    for id_ in cover.offer_ids
                    if id_ in item.offers
                ],
                "similarity": cover.similarity,
                "share": cover.share,
                "best_price": euro(cover.best_price),
            }
            for cover in match.lots
        ],
        "evidence": [
            {
                "criterion": piece.criterion,
                "proof": piece.proof,
                "value": piece.value,
                "offer_id": piece.offer_id,
                "expires": piece.expires.isoformat() if piece.expires else None,
                "required": piece.required,
            }
            for piece in match.evidence
        ],
        "reasons": [reason(each, naming) for each in match.reasons],
    }


def _near_miss(item: ListedNearMiss, naming: Naming, comuni: ComuneRegister) -> dict:
    return {
        "organisation": organisation(item.organisation, comuni),
        "distance_km": _km(item.near_miss.distance_km),
        "failed": item.near_miss.failed,
        "reasons": [reason(each, naming) for each in item.near_miss.reasons],
    }


def _km(km: float | None) -> float | None:
    return None if km is None else round(km, 3)
