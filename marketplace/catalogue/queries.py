"""What the pages of an organisation's editors read of its catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.staleness import stale_before

#: Rows of the table on one page.
ROWS = 500
STALE = "stale"
SHOWN = (*OfferStatus, STALE)


@dataclass(frozen=True, slots=True)
class OwnCatalogue:
    """A page of the organisation's offers, and how many there are of each kind."""

    offers: Sequence[Offer]
    total: int
    counts: dict[str, int]


def own_catalogue(
    session: Session, organisation_id: int, *, shown: str | None, page: int, now: datetime
) -> OwnCatalogue:
    """Offers by name; ``shown`` narrows to a status or to those that are not up to date. Three queries."""
    own = Offer.organisation_id == organisation_id
    stale = sa.and_(Offer.status == OfferStatus.PUBLISHED, Offer.confirmed_at < stale_before(now))
    counts = {
        str(status): count
        for status, count in session.execute(
            sa.select(Offer.status, sa.func.count()).where(own).group_by(Offer.status)
        )
    }
    counts[STALE] = session.scalar(sa.select(sa.func.count()).where(own, stale))
    where = [own] if shown is None else [own, stale if shown == STALE else Offer.status == shown]
    offers = session.scalars(
        sa.select(Offer)
        .where(*where)
        .order_by(Offer.status == OfferStatus.WITHDRAWN, Offer.title, Offer.id)
        .limit(ROWS)
        .offset((page - 1) * ROWS)
    ).all()
    total = counts.get(shown, 0) if shown else sum(counts.values()) - counts[STALE]
    return OwnCatalogue(offers, total, counts)


def offers_by_id(session: Session, organisation_id: int, ids: Sequence[int]) -> Sequence[Offer]:
    """Those of the ids that are the organisation's, by name as above."""
    return session.scalars(
        sa.select(Offer)
        .where(Offer.organisation_id == organisation_id, Offer.id.in_(ids))
        .order_by(Offer.status == OfferStatus.WITHDRAWN, Offer.title, Offer.id)
    ).all()
