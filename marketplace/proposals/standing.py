"""How a supplier stands with a demand: what the buyer's own page says of it, and the claims that it can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.accounts.models import User
from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.demands.models import Demand
from marketplace.demands.naming import lot_names
from marketplace.demands.types import PUBLIC_TYPES, RANKED_TYPES
from marketplace.demands.values import matchable
from marketplace.i18n import current_language
from marketplace.matches.sentences import Naming
from marketplace.matches.supplier_sentences import sentence_to_supplier
from marketplace.organisations.models import Claim, Organisation
from marketplace.organisations.queries import active_organisations_of_editor
from marketplace.organisations.standing_claims import rejected
from marketplace.proposals.rules import may_supply
from search.answer import Match
from search.criteria import EVIDENCE_VALUES, Profile, Proof
from search.judging import rome_day
from search.reverse import demands_for


@dataclass(frozen=True, slots=True)
class Standing:
    """``holds``: it has everything that is asked. ``misses_one``: but for one thing. ``sentences`` say which."""

    holds: bool
    misses_one: bool
    sentences: tuple[str, ...]
    match: Match | None = None


def names_of_lots(demand: Demand) -> tuple[str, ...]:
    """The lots as the pages of a demand call them, in their order."""
    language = current_language()
    return lot_names(matchable(demand).lots, engines.categories(), engines.cpv_labels(language), language)


def standing(session: Session, demand: Demand, organisation_id: int, now: datetime) -> Standing | None:
    """By the same match as the buyer's page; ``None`` where the type ranks nobody."""
    if demand.type not in RANKED_TYPES:
        return None
    supplier = next(iter(supplier_documents(session, [organisation_id])), None)
    if supplier is None or supplier.seat is None or not supplier.offers:
        return Standing(False, False, ())
    found = demands_for(
        supplier,
        [(demand.id, matchable(demand))],
        tree=engines.categories(),
        criteria=engines.criteria(),
        now=now,
    )
    if not found:
        return Standing(False, False, ())
    naming = Naming(engines.criteria(), names_of_lots(demand), current_language())
    match, near_miss = found[0].match, found[0].near_miss
    told = tuple(sentence_to_supplier(reason, naming) for reason in (match or near_miss).reasons)
    return Standing(match is not None, near_miss is not None, told, match)


def answering_organisations(session: Session, person: User, demand: Demand) -> list[Organisation]:
    """Those in whose name the person may answer: active, of a kind that supplies, and not the buyer itself."""
    if not person.is_authenticated:
        return []
    return [
        one
        for one in active_organisations_of_editor(session, person.id)
        if one.id != demand.organisation_id and may_supply(one.kind_codes)
    ]


def criteria_asked(demand: Demand) -> dict[str, frozenset[str]]:
    """Each criterion that is asked with the proofs that count for it: those a must accepts, or any that is worth something."""
    profile = Profile.PUBLIC if demand.type in PUBLIC_TYPES else Profile.COMMUNITY
    worth = EVIDENCE_VALUES[profile]
    asked = {must["criterion"]: frozenset(must["proofs"]) for must in demand.required}
    for wish in demand.preferred:
        criterion = engines.criteria().get(wish["criterion"])
        if criterion is not None and criterion.code not in asked:
            asked[criterion.code] = frozenset(proof for proof in criterion.proofs if worth[proof] > 0)
    return asked


def claims_to_show(session: Session, demand: Demand, organisation_id: int, now: datetime) -> Sequence[Claim]:
    """The organisation's claims that count for what is asked: not expired, not refused, with a proof that is accepted.

    What nobody has verified counts as declared whatever its proof (MATCHING).
    """
    asked = criteria_asked(demand)
    if not asked:
        return []
    claims = session.scalars(
        sa.select(Claim)
        .outerjoin(Offer, Offer.id == Claim.offer_id)
        .where(
            Claim.organisation_id == organisation_id,
            Claim.criterion.in_(list(asked)),
            sa.or_(Claim.expires.is_(None), Claim.expires >= rome_day(now)),
            sa.or_(Claim.offer_id.is_(None), Offer.status == OfferStatus.PUBLISHED),
            sa.not_(rejected()),
        )
        .order_by(Claim.criterion, Claim.id)
    ).all()
    return [claim for claim in claims if _counted(claim) in asked[claim.criterion]]


def _counted(claim: Claim) -> str:
    return claim.proof if claim.verified_at is not None else Proof.DECLARED


def frozen_proof(claim: Claim) -> dict:
    """A claim as a proposal keeps it, whatever becomes of it afterwards."""
    return {
        "criterion": claim.criterion,
        "proof": str(_counted(claim)),
        "details": dict(claim.details),
        "link": claim.link,
        "expires": claim.expires.isoformat() if claim.expires else None,
        "claim_id": claim.id,
        "organisation_id": claim.organisation_id,
    }
