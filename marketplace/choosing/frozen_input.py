"""What a list of today would be frozen from: the suppliers of the database, not of the index, which may lag behind."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.accounts.models import User
from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.choosing.comparing import answering
from marketplace.choosing.freezing import Frame, answering_categories, freeze
from marketplace.choosing.frozen_joint import JointAnswer
from marketplace.choosing.joint_scores import brought_by
from marketplace.demands.access import state_of
from marketplace.demands.models import Demand
from marketplace.demands.values import matchable
from marketplace.organisations.models import Organisation, Status
from marketplace.proposals.queries import opened
from marketplace.proposals.rules import may_open
from search.demand import Demand as DemandValue


def content_of_today(session: Session, buyer: User, demand: Demand, now: datetime) -> dict:
    """The content of a list of this demand frozen by its buyer at ``now``. Two dozen queries, however many suppliers."""
    asked = matchable(demand)
    documents = list(supplier_documents(session, _in_category(session, asked)))
    return freeze(
        Frame(demand.id, demand.type, demand.title, buyer.id),
        asked,
        documents,
        considered=_considered(session),
        tree=engines.categories(),
        criteria=engines.criteria(),
        now=now,
        versions=_versions(session, [offer.id for document in documents for offer in document.offers]),
        joint_answers=_joint_answers(session, buyer, demand, now),
    )


def _joint_answers(session: Session, buyer: User, demand: Demand, now: datetime) -> list[JointAnswer]:
    """Those that are opened: a list that is frozen before the deadline breaks no seal."""
    if not may_open(demand, state_of(session, demand, now)):
        return []
    numbers = {lot.id: number for number, lot in enumerate(demand.lots)}
    return [
        JointAnswer(
            proposal.id,
            tuple((id_, name) for id_, _slug, name in answering(proposal)),
            tuple(brought_by(proposal.lines, numbers)),
        )
        for proposal in opened(session, buyer, demand, now)
        if len(answering(proposal)) > 1
    ]


def _in_category(session: Session, asked: DemandValue) -> list[int]:
    categories = answering_categories(asked, engines.categories())
    return list(
        session.scalars(
            sa.select(Offer.organisation_id)
            .where(Offer.status == OfferStatus.PUBLISHED, Offer.category.in_(categories))
            .distinct()
        )
    )


def _considered(session: Session) -> int:
    """Placed, active suppliers with a published offer (MATCHING, What an answer carries)."""
    published = sa.exists().where(
        Offer.organisation_id == Organisation.id, Offer.status == OfferStatus.PUBLISHED
    )
    return session.scalar(
        sa.select(sa.func.count(Organisation.id)).where(
            Organisation.status == Status.ACTIVE, Organisation.lat.is_not(None), published
        )
    )


def _versions(session: Session, offer_ids: list[int]) -> dict[int, int]:
    rows = session.execute(sa.select(Offer.id, Offer.version).where(Offer.id.in_(offer_ids)))
    return {row.id: row.version for row in rows}
