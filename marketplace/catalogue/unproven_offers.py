"""Published offers whose texts bear reserved words that nothing proves (any more), and taking them back to drafts.

A certificate that expires, is refused or is withdrawn leaves the words behind: what the law keeps must then be
written otherwise, or not be public.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.catalogue.detail_models import OfferVariant
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.proven_words import proven_words
from marketplace.catalogue.reserved_check import texts_of
from marketplace.catalogue.reserved_words import PIECES, ReservedWord, unproven_word
from marketplace.catalogue.versions import keep_versions, loaded_versions, values_by_offer, values_of
from marketplace.errors import Conflict
from marketplace.organisations.models import MemberRole, Organisation, Status
from marketplace.permissions import require_role


@dataclass(frozen=True, slots=True)
class UnprovenOffer:
    """A published offer, with the first word that nothing proves."""

    offer: Offer
    found: ReservedWord


def unproven_offers(
    session: Session, now: datetime, organisation_id: int | None = None, *, without: Collection[int] = ()
) -> list[UnprovenOffer]:
    """Those of one organisation, or of all active ones; as if the claims ``without`` were not there."""
    query = (
        sa.select(Offer)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(
            Offer.status == OfferStatus.PUBLISHED,
            Organisation.status == Status.ACTIVE,
            sa.or_(*(_holds(piece) for piece in PIECES)),
        )
        .order_by(Offer.organisation_id, Offer.title, Offer.id)
    )
    if organisation_id is not None:
        query = query.where(Offer.organisation_id == organisation_id)
    offers = session.scalars(query).all()
    values = values_by_offer(session, offers)
    proven = {
        id_: proven_words(session, id_, now, without=without)
        for id_ in {offer.organisation_id for offer in offers}
    }
    found = []
    for offer in offers:
        text = "\n".join(texts_of(values[offer.id]).values())
        if word := unproven_word(text, proven[offer.organisation_id].of(offer.id)):
            found.append(UnprovenOffer(offer, word))
    return found


def unproven_word_of(session: Session, offer: Offer, now: datetime) -> ReservedWord | None:
    """The first reserved word of one offer that nothing proves today."""
    text = "\n".join(texts_of(values_of(session, offer)).values())
    if unproven_word(text, ()) is None:
        return None
    return unproven_word(text, proven_words(session, offer.organisation_id, now).of(offer.id))


def draft_unproven_offers(
    session: Session, actor: User, organisation: Organisation, *, now: datetime
) -> Sequence[Offer]:
    """Take all of them out of the catalogue, to be written otherwise; which ones."""
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    offers = [row.offer for row in unproven_offers(session, now, organisation.id)]
    set_aside(session, actor, offers, now)
    session.commit()
    return offers


def set_aside(session: Session, actor: User, offers: Sequence[Offer], now: datetime) -> None:
    """Make drafts of published offers of one organisation, within the transaction of whoever asks and commits."""
    if not offers:
        return
    loaded = loaded_versions(session, offers)
    for offer in offers:
        offer.status, offer.updated_at = OfferStatus.DRAFT, now
    try:
        session.flush()
    except StaleDataError:
        session.rollback()
        raise Conflict(
            _("Somebody saved one of these products meanwhile: look again."), code="changed_meanwhile"
        ) from None
    session.add_all(loaded)
    keep_versions(session, offers, actor_id=actor.id, at=now)
    for offer in offers:
        audit.record(
            session, now=now, actor_id=actor.id, verb="offer.drafted", subject=offer, because="unproven_words"
        )
    outbox.announce_supplier(session, offers[0].organisation_id, now)


def _holds(piece: str) -> sa.ColumnElement[bool]:
    """The piece stands somewhere in the offer's texts; letters of words with accents are none of these."""
    pattern = f"%{piece}%"
    variant = sa.exists().where(OfferVariant.offer_id == Offer.id, OfferVariant.name.ilike(pattern))
    food = sa.cast(Offer.food, sa.Text).ilike(pattern)
    return sa.or_(Offer.title.ilike(pattern), Offer.description.ilike(pattern), food, variant)
