"""Whose offers may bear which reserved words: by characteristics that stand today, of the whole or of one offer."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.reserved_words import ORGANIC, RESERVED
from marketplace.evidence import chain
from marketplace.organisations.models import Claim
from marketplace.organisations.standing_claims import rejected
from search.criteria import Proof
from search.judging import rome_day


@dataclass(frozen=True, slots=True)
class ProvenWords:
    """Criteria that stand: for everything that the organisation offers, and by offer."""

    everywhere: frozenset[str]
    by_offer: Mapping[int, frozenset[str]]

    def of(self, offer_id: int | None) -> frozenset[str]:
        """For one offer, or for one that is not written yet."""
        return self.everywhere | self.by_offer.get(offer_id, frozenset())

    def anywhere(self) -> frozenset[str]:
        """For what is said of the organisation: of anything that it offers."""
        return self.everywhere.union(*self.by_offer.values())


def proven_words(
    session: Session, organisation_id: int, now: datetime, *, without: Collection[int] = ()
) -> ProvenWords:
    """What stands on the day of ``now``; as if the claims ``without`` were not there.

    A certificate that nobody has checked yet counts: whoever checks it, checks it later. The words of the short
    chain need what L. 61/2022 asks of the places that the claim carries.
    """
    today = rome_day(now)
    everywhere, by_offer = set(), defaultdict(set)
    for claim in session.scalars(
        sa.select(Claim).where(
            Claim.organisation_id == organisation_id, Claim.id.not_in(without), *standing(now)
        )
    ):
        if claim.criterion != ORGANIC:
            places = chain.places_in_words(claim.details)
            if not chain.may_be_said(claim.criterion, places, claim.details, None, None, today):
                continue
        (everywhere if claim.offer_id is None else by_offer[claim.offer_id]).add(claim.criterion)
    return ProvenWords(
        frozenset(everywhere), {offer: frozenset(criteria) for offer, criteria in by_offer.items()}
    )


def standing(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """SQL: the claim is one of a reserved word, has not expired and was not refused."""
    return (
        Claim.criterion.in_(RESERVED),
        sa.or_(Claim.criterion != ORGANIC, Claim.proof == Proof.CERTIFIED),
        sa.or_(Claim.expires.is_(None), Claim.expires >= rome_day(now)),
        ~rejected(),
    )
