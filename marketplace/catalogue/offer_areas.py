"""To which of its organisation's delivery areas an offer goes, kept true while areas come and go.

``Offer.area_ids`` names areas; ``None`` is all of them, and what is added later too. An empty list is nowhere,
which a dataset can bring about and no page can.
"""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer
from marketplace.errors import NotFound
from marketplace.organisations.models import DeliveryArea


def require_own_areas(session: Session, organisation_id: int, area_ids: Collection[int] | None) -> None:
    """Raises :class:`NotFound` where one of them is not the organisation's; they stay until the end of the write."""
    if not area_ids:
        return
    own = sa.select(DeliveryArea.id).where(
        DeliveryArea.organisation_id == organisation_id, DeliveryArea.id.in_(area_ids)
    )
    if len(session.scalars(own.with_for_update()).all()) < len(set(area_ids)):
        raise NotFound


def chosen_areas(chosen: Iterable[int], all_areas: Collection[int]) -> list[int] | None:
    """What is stored of boxes that were ticked: all and none of them mean wherever the organisation goes."""
    named = sorted(set(chosen))
    return None if not named or set(named) == set(all_areas) else named


def areas_of_offer(offer: Offer) -> Sequence[DeliveryArea]:
    """The areas to which it goes."""
    areas = offer.organisation.areas
    return areas if offer.area_ids is None else [area for area in areas if area.id in offer.area_ids]


def offers_naming(session: Session, organisation_id: int, area_id: int) -> list[Offer]:
    """The offers of an organisation that name one of its areas, by name."""
    own = sa.select(Offer).where(Offer.organisation_id == organisation_id).order_by(Offer.title, Offer.id)
    # which list of JSON holds a number, each database says in its own way
    return [offer for offer in session.scalars(own) if area_id in (offer.area_ids or ())]
