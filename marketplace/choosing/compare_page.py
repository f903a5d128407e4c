"""The comparison of the answers to a demand, with how each supplier suits it and what proves it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.accounts.models import User
from marketplace.catalogue.documents import supplier_documents
from marketplace.choosing.comparing import AskedLot, Comparison, compare
from marketplace.demands.models import Demand
from marketplace.demands.naming import lot_names
from marketplace.demands.values import matchable
from marketplace.explore.queries import claims_of
from marketplace.i18n import current_language
from marketplace.matches.sentences import Naming, sentence
from marketplace.organisations.facts import Fact, facts
from marketplace.proposals.queries import opened
from search.answer import Answer
from search.criteria import Profile
from search.judging import rome_day
from search.memory import World


@dataclass(frozen=True, slots=True)
class ComparePage:
    """``missing`` holds sentences, ``facts`` what proves characteristics, both by supplier id."""

    comparison: Comparison
    answer: Answer
    is_public: bool
    missing: dict[int, list[str]]
    facts: dict[int, list[Fact]]


def compare_page(session: Session, person: User, demand: Demand, now: datetime) -> ComparePage:
    """For the buyer, once the answers may be opened; raises as :func:`marketplace.proposals.queries.opened` does.

    The score is worked out from the suppliers' catalogue, as everywhere; a dozen queries, however many answers.
    """
    proposals = opened(session, person, demand, now)
    asked, language = matchable(demand), current_language()
    names = lot_names(asked.lots, engines.categories(), engines.cpv_labels(language), language)
    suppliers = [proposal.organisation_id for proposal in proposals]
    answer = World(supplier_documents(session, suppliers), engines.categories(), engines.criteria()).match(
        asked, now
    )
    is_public = asked.profile is Profile.PUBLIC
    comparison = compare(
        [
            AskedLot(lot.id, name, lot.quantity, lot.unit)
            for lot, name in zip(demand.lots, names, strict=True)
        ],
        proposals,
        compare_with_vat=not is_public,
        matches={match.supplier_id: match for match in answer.matches},
        near_misses={near_miss.supplier_id: near_miss for near_miss in answer.near_misses},
    )
    naming = Naming(engines.criteria(), names, language)
    return ComparePage(
        comparison=comparison,
        answer=answer,
        is_public=is_public,
        missing={
            near_miss.supplier_id: [sentence(reason, naming) for reason in near_miss.reasons]
            for near_miss in answer.near_misses
        },
        facts=_facts(session, demand, suppliers, now, language),
    )


def _facts(
    session: Session, demand: Demand, suppliers: list[int], now: datetime, language: str
) -> dict[int, list[Fact]]:
    """What the suppliers' own claims say of the criteria asked."""
    asked = {one["criterion"] for one in (*demand.required, *demand.preferred)}
    claims = claims_of(session, suppliers)
    place = matchable(demand).place
    return {
        supplier: [
            fact
            for fact in facts(
                claims.get((supplier, None), ()), engines.criteria(), rome_day(now), language, at=place
            )
            if fact.criterion in asked
        ]
        for supplier in suppliers
    }
