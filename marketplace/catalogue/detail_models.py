"""What belongs to an offer beside its line: photos, variants, and every version that was public."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class OfferPhoto(Model):
    """A picture, re-encoded without its EXIF data, in several widths under ``stored_as`` in ``uploads``."""

    __tablename__ = "offer_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    description: Mapped[str] = mapped_column(sa.String(160), default="")
    stored_as: Mapped[str] = mapped_column(sa.String(80))
    width: Mapped[int]
    height: Mapped[int]


class OfferVariant(Model):
    """A size or kind of the same offer with a price of its own; units as in Offer."""

    __tablename__ = "offer_variant"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(80))
    price: Mapped[int | None] = mapped_column(sa.BigInteger)
    available: Mapped[int | None] = mapped_column(sa.BigInteger)


class OfferVersion(Model):
    """An offer as it was published at one time; ``content`` is plain values by field name."""

    __tablename__ = "offer_version"

    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict] = mapped_column(sa.JSON)
    actor_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
