"""What a list of today would be frozen from: the suppliers of the database, not of the index, which may lag behind."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.choosing.freezing import Frame, answering_categories, freeze
from marketplace.demands.models import Demand
from marketplace.demands.values import matchable
from marketplace.organisations.models import Organisation, Status
from search.demand import Demand as DemandValue


def content_of_today(session: Session, demand: Demand, actor_id: int | None, now: datetime) -> dict:
    """The content of a list of this demand frozen at ``now``. A dozen queries, however many suppliers."""
    asked = matchable(demand)
    documents = list(supplier_documents(session, _in_category(session, asked)))
    return freeze(
        Frame(demand.id, demand.type, demand.title, actor_id),
        asked,
        documents,
        considered=_considered(session),
        tree=engines.categories(),
        criteria=engines.criteria(),
        now=now,
        versions=_versions(session, [offer.id for document in documents for offer in document.offers]),
    )


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
