"""The photos of offers, for pages: in few queries, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.detail_models import OfferPhoto
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.pictures import widths_of
from marketplace.organisations.models import Organisation, Status


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One photo; ``width`` and ``height`` are of its largest, ``mark`` changes with its content."""

    id: int
    description: str
    width: int
    height: int
    mark: str

    @property
    def widths(self) -> tuple[int, ...]:
        return widths_of(self.width)


def photos_of(session: Session, offer_ids: Collection[int]) -> Mapping[int, list[PhotoRow]]:
    """All photos by offer, in their order."""
    found = defaultdict(list)
    if offer_ids:
        for photo in session.execute(_PHOTOS, {"offers": list(offer_ids)}):
            found[photo.offer_id].append(row_of(photo))
    return found


def first_photos(session: Session, offer_ids: Collection[int]) -> dict[int, PhotoRow]:
    """The photo that stands for each offer that has one."""
    return {offer_id: photos[0] for offer_id, photos in photos_of(session, offer_ids).items()}


def public_photo(session: Session, photo_id: int) -> OfferPhoto | None:
    """The photo if its offer, and the organisation, may be shown to anybody."""
    return session.scalar(
        sa.select(OfferPhoto)
        .join(Offer, Offer.id == OfferPhoto.offer_id)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(
            OfferPhoto.id == photo_id,
            Offer.status == OfferStatus.PUBLISHED,
            Organisation.status == Status.ACTIVE,
        )
    )


def row_of(photo: OfferPhoto | sa.Row) -> PhotoRow:
    return PhotoRow(photo.id, photo.description, photo.width, photo.height, photo.stored_as[-64:][:8])


_photo = OfferPhoto.__table__.c
_PHOTOS = (
    sa.select(_photo.id, _photo.offer_id, _photo.description, _photo.width, _photo.height, _photo.stored_as)
    .where(_photo.offer_id.in_(sa.bindparam("offers", expanding=True)))
    .order_by(_photo.offer_id, _photo.position, _photo.id)
)
