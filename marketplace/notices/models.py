"""Saved searches with their news, and what each person wants by mail."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class SavedSearch(Model):
    """A search of the catalogue that a person keeps; ``query`` holds the parameters of the search page, as text.

    ``frequency`` as of :class:`marketplace.matches.models.Frequency`. New offers are matched against all saved
    searches in reverse (marketplace.notices.reverse), never by running every search.
    """

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    query: Mapped[dict] = mapped_column(sa.JSON)
    frequency: Mapped[str] = mapped_column(sa.String(8))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SearchNews(Model):
    """An offer that a saved search has told of, or will tell of with the next mail (``sent_at`` still ``None``)."""

    __tablename__ = "search_news"

    search_id: Mapped[int] = mapped_column(
        sa.ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    offer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MailPreference(Model):
    """What a person decided for one kind of mail (marketplace.notices.mail_kinds); no row means the kind's default."""

    __tablename__ = "mail_preference"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    wanted: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
