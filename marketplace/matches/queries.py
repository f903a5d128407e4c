"""An answer of the matcher with the names that people read, in a number of queries that does not grow."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.explore.queries import ClaimRow, OrganisationRow, claims_of, organisation_rows
from search.answer import Answer, Evidence, Match, NearMiss


@dataclass(frozen=True, slots=True)
class OfferName:
    """Enough of an offer to name it in a list of what covers a lot."""

    id: int
    title: str
    price: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class ListedMatch:
    """A supplier above the line: the match, who it is, the offers named in it and the claims behind its evidence."""

    match: Match
    organisation: OrganisationRow
    offers: dict[int, OfferName]
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class ListedNearMiss:
    near_miss: NearMiss
    organisation: OrganisationRow


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """Both lists, in the matcher's order; whoever was suspended since the index last looked is left out."""

    answer: Answer
    matches: tuple[ListedMatch, ...]
    near_misses: tuple[ListedNearMiss, ...]


def listed(session: Session, answer: Answer, *, shown: int | None = None) -> ListedAnswer:
    """The first ``shown`` matches (all by default) and the near misses, with names. Five queries."""
    matches = answer.matches[:shown]
    suppliers = [match.supplier_id for match in matches]
    organisations = organisation_rows(
        session, suppliers + [near_miss.supplier_id for near_miss in answer.near_misses]
    )
    offers = _offer_names(
        session, {id_ for match in matches for cover in match.lots for id_ in cover.offer_ids}
    )
    claims = claims_of(session, suppliers, offers)
    return ListedAnswer(
        answer,
        tuple(
            ListedMatch(
                match, organisations[match.supplier_id], offers, tuple(_behind(match.evidence, match, claims))
            )
            for match in matches
            if match.supplier_id in organisations
        ),
        tuple(
            ListedNearMiss(near_miss, organisations[near_miss.supplier_id])
            for near_miss in answer.near_misses
            if near_miss.supplier_id in organisations
        ),
    )


def _offer_names(session: Session, ids: Sequence[int]) -> dict[int, OfferName]:
    rows = session.execute(
        sa.select(Offer.id, Offer.title, Offer.price, Offer.unit).where(
            Offer.id.in_(ids), Offer.status == OfferStatus.PUBLISHED
        )
    )
    return {row.id: OfferName(*row) for row in rows}


def _behind(evidence: Sequence[Evidence], match: Match, claims) -> list[ClaimRow]:
    """For each piece of evidence the claim that carries its number and date."""
    found = []
    for piece in evidence:
        held = (
            claims[match.supplier_id, piece.offer_id] if (match.supplier_id, piece.offer_id) in claims else []
        )
        claim = next(
            (
                claim
                for claim in held
                if claim.criterion == piece.criterion
                and claim.expires == piece.expires
                and (claim.proof == piece.proof or (piece.proof == "declared" and claim.verified_at is None))
            ),
            None,
        )
        if claim is not None and claim not in found:
            found.append(claim)
    return found
