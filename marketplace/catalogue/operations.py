"""Changes to the catalogue: each authorises, changes, records, tells the index and commits."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from marketplace import audit, outbox, words
from marketplace.accounts.models import User
from marketplace.catalogue.detail_models import OfferVariant
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.offer_areas import require_own_areas
from marketplace.catalogue.offer_values import COLUMNS, OfferValues, VariantValues
from marketplace.catalogue.reserved_check import refuse_unproven_words, texts_of
from marketplace.catalogue.staleness import stale_before
from marketplace.catalogue.versions import (
    content_of,
    differences,
    keep_versions,
    loaded_versions,
    values_of,
)
from marketplace.errors import Conflict
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import require_role


def publish_offer(
    session: Session,
    actor: User,
    organisation: Organisation,
    values: OfferValues,
    *,
    now: datetime,
    status: OfferStatus = OfferStatus.PUBLISHED,
) -> Offer:
    """A new offer, public at once unless it is a draft.

    Raises :class:`Invalid` where the words claim what is not proven.
    """
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    refuse_unproven_words(session, organisation.id, None, texts_of(values), now)
    require_own_areas(session, organisation.id, values.area_ids)
    offer = Offer(
        organisation_id=organisation.id,
        status=status,
        confirmed_at=now,
        created_at=now,
        updated_at=now,
    )
    write_values(offer, values)
    session.add(offer)
    session.flush()
    write_variants(session, offer, values.variants)
    tell(
        session, actor, offer, "offer.published" if status == OfferStatus.PUBLISHED else "offer.drafted", now
    )
    session.commit()
    return offer


def change_offer(
    session: Session,
    actor: User,
    offer: Offer,
    values: OfferValues,
    *,
    version: int,
    now: datetime,
    status: OfferStatus | None = None,
) -> None:
    """Change an offer that was opened at ``version``, and where ``status`` is given its state with it.

    Raises :class:`Conflict` if somebody saved since.
    """
    require_role(session, actor, offer.organisation_id, at_least=MemberRole.EDITOR)
    if offer.version != version:
        raise Conflict(code="changed_meanwhile")
    refuse_unproven_words(session, offer.organisation_id, offer.id, texts_of(values), now)
    require_own_areas(session, offer.organisation_id, values.area_ids)
    loaded = loaded_versions(session, [offer])
    changed = [
        difference.field
        for difference in differences(content_of(values_of(session, offer)), content_of(values))
    ]
    write_values(offer, values)
    offer.status = status or offer.status
    offer.confirmed_at = offer.updated_at = now
    try:
        session.flush()
    except StaleDataError:
        # saved by somebody else since this transaction read it
        session.rollback()
        raise Conflict(code="changed_meanwhile") from None
    session.add_all(loaded)
    if "variants" in changed:
        write_variants(session, offer, values.variants)
    tell(session, actor, offer, "offer.changed", now, fields=changed, status=str(offer.status))
    session.commit()


def withdraw_offer(session: Session, actor: User, offer: Offer, *, now: datetime) -> None:
    """Take an offer out of the catalogue; its page goes, its history stays."""
    _set_status(session, actor, offer, OfferStatus.WITHDRAWN, "offer.withdrawn", now)


def republish_offer(session: Session, actor: User, offer: Offer, *, now: datetime) -> None:
    """Put a withdrawn offer, or a draft, into the catalogue; what it says must still be proven."""
    require_role(session, actor, offer.organisation_id, at_least=MemberRole.EDITOR)
    texts = texts_of(values_of(session, offer))
    refuse_unproven_words(session, offer.organisation_id, offer.id, texts, now)
    if offer.status != OfferStatus.PUBLISHED:
        offer.confirmed_at = now
    _set_status(session, actor, offer, OfferStatus.PUBLISHED, "offer.republished", now)


def confirm_stale_offers(session: Session, actor: User, organisation: Organisation, *, now: datetime) -> int:
    """Say of all published offers that are not up to date that they still hold; how many there were.

    Their versions stay: nothing that anybody could be editing has changed.
    """
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    stale = (
        Offer.organisation_id == organisation.id,
        Offer.status == OfferStatus.PUBLISHED,
        Offer.confirmed_at < stale_before(now),
    )
    ids = session.scalars(sa.select(Offer.id).where(*stale).order_by(Offer.id)).all()
    if ids:
        session.execute(sa.update(Offer).where(Offer.id.in_(ids)).values(confirmed_at=now))
        audit.record(
            session,
            now=now,
            actor_id=actor.id,
            verb="catalogue.confirmed",
            subject=organisation,
            offers=list(ids),
        )
        outbox.announce_supplier(session, organisation.id, now)
    session.commit()
    return len(ids)


def write_values(offer: Offer, values: OfferValues) -> None:
    """Everything but the variants, which need the offer's id."""
    for name in COLUMNS:
        setattr(offer, name, getattr(values, name))
    offer.vat_rate = words.VAT_TREATMENTS[values.vat_treatment][1]


def write_variants(session: Session, offer: Offer, variants: Sequence[VariantValues]) -> None:
    """The variants instead of those that there are; one whose name stays keeps its id."""
    known = {
        row.name: row
        for row in session.scalars(sa.select(OfferVariant).where(OfferVariant.offer_id == offer.id))
    }
    for position, variant in enumerate(variants):
        row = known.pop(variant.name, None) or OfferVariant(offer_id=offer.id, name=variant.name)
        row.position, row.price, row.available = position, variant.price, variant.available
        session.add(row)
    for gone in known.values():
        session.delete(gone)
    session.flush()


def tell(session: Session, actor: User, offer: Offer, verb: str, now: datetime, **details) -> None:
    """The trace of a change that has been flushed: its version where it is public, who did it, and the index."""
    keep_versions(session, [offer], actor_id=actor.id, at=now)
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=offer, **details)
    outbox.announce_supplier(session, offer.organisation_id, now)


def _set_status(
    session: Session, actor: User, offer: Offer, status: OfferStatus, verb: str, now: datetime
) -> None:
    require_role(session, actor, offer.organisation_id, at_least=MemberRole.EDITOR)
    if offer.status == status:
        return
    loaded = loaded_versions(session, [offer])
    offer.status = status
    offer.updated_at = now
    session.flush()
    session.add_all(loaded)
    tell(session, actor, offer, verb, now)
    session.commit()
