"""Adding, describing, ordering and removing the photos of an offer.

They are shown as they are now: the versions of an offer do not hold them, so a photo added in another window is
no conflict for whoever is writing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, uploads
from marketplace.accounts.models import User
from marketplace.catalogue.detail_models import OfferPhoto
from marketplace.catalogue.models import Offer
from marketplace.catalogue.pictures import bundle, shown_in_widths
from marketplace.errors import Conflict, Invalid
from marketplace.organisations.models import MemberRole
from marketplace.permissions import require_role
from marketplace.upload_content import Fault, Refused

MAX_PHOTOS = 8


@dataclass(frozen=True, slots=True)
class PhotoChange:
    """What becomes of one photo: its text for who does not see it, its place in the row, or that it goes."""

    description: str
    position: int
    remove: bool = False


def add_photo(
    session: Session, actor: User, offer: Offer, content: bytes, description: str, *, now: datetime
) -> OfferPhoto:
    """Raises :class:`Invalid` for what is no photo, :class:`Conflict` where there are enough."""
    require_role(session, actor, offer.organisation_id, at_least=MemberRole.EDITOR)
    count = session.scalar(
        sa.select(sa.func.count()).select_from(OfferPhoto).where(OfferPhoto.offer_id == offer.id)
    )
    if count >= MAX_PHOTOS:
        raise Conflict(
            _("There are %(most)s photos already: remove one first.", most=MAX_PHOTOS), code="enough"
        )
    try:
        widths = shown_in_widths(content)
    except Refused as refused:
        raise Invalid(_reason(refused.fault), code=refused.fault.value, field="photo") from None
    widest = max(widths)
    photo = OfferPhoto(
        offer_id=offer.id,
        position=count,
        description=description,
        stored_as=uploads.save(bundle(widths)),
        width=widest,
        height=widths[widest][1],
    )
    session.add(photo)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="offer.photo_added", subject=offer, photo=photo.id)
    session.commit()
    return photo


def change_photos(
    session: Session, actor: User, offer: Offer, changes: Mapping[int, PhotoChange], *, now: datetime
) -> None:
    """Change the offer's photos by id; ids that are none of this offer's are passed over."""
    require_role(session, actor, offer.organisation_id, at_least=MemberRole.EDITOR)
    photos = session.scalars(
        sa.select(OfferPhoto)
        .where(OfferPhoto.offer_id == offer.id)
        .order_by(OfferPhoto.position, OfferPhoto.id)
    ).all()
    gone = [photo for photo in photos if photo.id in changes and changes[photo.id].remove]
    kept = [photo for photo in photos if photo not in gone]
    kept.sort(key=lambda photo: _place(photos.index(photo) + 1, changes.get(photo.id)))
    for position, photo in enumerate(kept):
        photo.position = position
        if photo.id in changes:
            photo.description = changes[photo.id].description
    for photo in gone:
        session.delete(photo)
    session.flush()
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="offer.photos_changed",
        subject=offer,
        removed=[photo.id for photo in gone],
    )
    names = [photo.stored_as for photo in gone]
    session.commit()
    # a copied offer may still show one
    uploads.forget(session, names)


def _place(now_at: int, change: PhotoChange | None) -> float:
    """Where the photo goes: one that moves forward goes before whoever stands there, one that moves back after."""
    if change is None or change.position == now_at:
        return now_at
    return change.position + (0.5 if change.position > now_at else -0.5)


def _reason(fault: Fault) -> str:
    return {
        Fault.EMPTY: _("Choose a photo first."),
        Fault.TOO_LARGE: _("This photo is too large: at most 10 MB."),
        Fault.OTHER_KIND: _("Only photos in JPEG or PNG."),
        Fault.DAMAGED: _("This file cannot be read as a photo: it may be damaged."),
    }[fault]
