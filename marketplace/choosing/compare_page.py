"""The comparison of the answers to a demand, with how each supplier suits it and what proves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.accounts.models import User
from marketplace.catalogue.documents import supplier_documents
from marketplace.choosing.comparing import AskedLot, Comparison, answering, compare
from marketplace.choosing.joint_scores import brought_by, joint_scores
from marketplace.choosing.joint_words import joint_sentences
from marketplace.demands.models import Demand
from marketplace.demands.naming import lot_names
from marketplace.demands.values import matchable
from marketplace.explore.queries import claims_of
from marketplace.i18n import current_language
from marketplace.matches.sentences import Naming, sentence
from marketplace.organisations.facts import Fact, facts
from marketplace.proposals.queries import ProposalRow, opened
from search.answer import Answer
from search.criteria import Profile
from search.documents import SupplierDocument
from search.judging import rome_day
from search.memory import World


@dataclass(frozen=True, slots=True)
class ComparePage:
    """``missing`` holds sentences, ``facts`` what proves characteristics, both by supplier id.

    ``joint_sentences`` tell of joint answers, by the id of the proposal, how they come by their points.
    """

    comparison: Comparison
    answer: Answer
    is_public: bool
    missing: dict[int, list[str]]
    facts: dict[int, list[Fact]]
    joint_sentences: dict[int, list[str]]


def compare_page(session: Session, person: User, demand: Demand, now: datetime) -> ComparePage:
    """For the buyer, once the answers may be opened; raises as :func:`marketplace.proposals.queries.opened` does.

    The score is worked out from the suppliers' catalogue, as everywhere; a dozen queries, however many answers.
    """
    proposals = opened(session, person, demand, now)
    asked, language = matchable(demand), current_language()
    names = lot_names(asked.lots, engines.categories(), engines.cpv_labels(language), language)
    suppliers = list(
        dict.fromkeys(id_ for proposal in proposals for id_, _slug, _name in answering(proposal))
    )
    documents = list(supplier_documents(session, suppliers))
    world = World(documents, engines.categories(), engines.criteria())
    answer = world.match(asked, now)
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
        joints=joint_scores(
            asked,
            {
                proposal.id: brought_by(
                    proposal.lines, {lot.id: number for number, lot in enumerate(demand.lots)}
                )
                for proposal in proposals
                if len(answering(proposal)) > 1
            },
            lambda part: world.match(part, now),
        ),
    )
    naming = Naming(engines.criteria(), names, language)
    missing = {
        near_miss.supplier_id: [sentence(reason, naming) for reason in near_miss.reasons]
        for near_miss in answer.near_misses
    }
    return ComparePage(
        comparison=comparison,
        answer=answer,
        is_public=is_public,
        missing=missing,
        joint_sentences={
            column.proposal.id: joint_sentences(
                column.joint, {part.organisation_id: part.name for part in column.parts}, names, missing
            )
            for column in comparison.columns
            if column.joint is not None
        },
        facts=_facts(session, demand, documents, _offers(demand, proposals, answer), now, language),
    )


def _offers(demand: Demand, proposals: Sequence[ProposalRow], answer: Answer) -> set[int]:
    """The offers that answer: those that the lines name, else those that cover the lot in the match."""
    covering = {
        (match.supplier_id, demand.lots[cover.lot].id): cover.offer_ids
        for match in answer.matches
        for cover in match.lots
    }
    return {
        offer_id
        for proposal in proposals
        for lines in proposal.lines.values()
        for line in lines
        for offer_id in (
            [line.offer_id] if line.offer_id else covering.get((line.organisation_id, line.lot_id), ())
        )
    }


def _facts(
    session: Session,
    demand: Demand,
    documents: Sequence[SupplierDocument],
    offers: set[int],
    now: datetime,
    language: str,
) -> dict[int, list[Fact]]:
    """What proves the criteria asked: claims of the suppliers, and of the single offers that answer."""
    asked = {one["criterion"] for one in (*demand.required, *demand.preferred)}
    titles = {offer.id: offer.title for document in documents for offer in document.offers}
    claims = claims_of(session, [document.id for document in documents], offers)
    place = matchable(demand).place
    found: dict[int, list[Fact]] = {}
    for document in documents:
        own = (offer.id for offer in document.offers if offer.id in offers)
        held = [claim for offer_id in (None, *own) for claim in claims.get((document.id, offer_id), ())]
        told = facts(held, engines.criteria(), rome_day(now), language, titles, at=place)
        found[document.id] = [fact for fact in told if fact.criterion in asked]
    return found
