"""Every version of an offer that was public, as plain values, and what differs between two."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.detail_models import OfferVariant, OfferVersion
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.offer_values import COLUMNS, OfferValues, VariantValues


def variants_by_offer(session: Session, offer_ids: Sequence[int]) -> Mapping[int, tuple[VariantValues, ...]]:
    """The variants of offers, in their order; none where an offer has none."""
    found: dict[int, tuple[VariantValues, ...]] = defaultdict(tuple)
    rows = session.execute(
        sa.select(OfferVariant.offer_id, OfferVariant.name, OfferVariant.price, OfferVariant.available)
        .where(OfferVariant.offer_id.in_(offer_ids))
        .order_by(OfferVariant.position, OfferVariant.id)
    )
    for offer_id, *values in rows:
        found[offer_id] += (VariantValues(*values),)
    return found


def values_of(session: Session, offer: Offer) -> OfferValues:
    """What is stored, as an editor would have written it."""
    return _values(offer, variants_by_offer(session, [offer.id])[offer.id])


def values_by_offer(session: Session, offers: Sequence[Offer]) -> dict[int, OfferValues]:
    """The same for many, in one query."""
    variants = variants_by_offer(session, [offer.id for offer in offers])
    return {offer.id: _values(offer, variants[offer.id]) for offer in offers}


def _values(offer: Offer, variants: tuple[VariantValues, ...]) -> OfferValues:
    return OfferValues(**{name: getattr(offer, name) for name in COLUMNS}, variants=variants)


def content_of(values: OfferValues) -> dict[str, Any]:
    """The values as JSON keeps them: sets as sorted lists. Photos are not among them, nor is the status."""
    content = asdict(values)
    content["months"] = sorted(values.months)
    content["variants"] = [asdict(variant) for variant in values.variants]
    return content


def keep_versions(session: Session, offers: Sequence[Offer], *, actor_id: int | None, at: datetime) -> None:
    """Keep those of the offers that are published as they are now, under their versions; flush them before.

    Once is enough, twice does no harm.
    """
    session.add_all(_not_kept_yet(session, offers, actor_id, at))


def loaded_versions(session: Session, offers: Sequence[Offer]) -> list[OfferVersion]:
    """The versions of offers that came with a dataset or an import and were published without us keeping them.

    Ask before a change and add them to the session once it has been flushed: of two who change the same offer at
    once only the one whose change holds may add them.
    """
    return _not_kept_yet(session, offers, None, None)


def _not_kept_yet(
    session: Session, offers: Sequence[Offer], actor_id: int | None, at: datetime | None
) -> list[OfferVersion]:
    public = [offer for offer in offers if offer.status == OfferStatus.PUBLISHED]
    ids = [offer.id for offer in public]
    kept = {
        (offer_id, version)
        for offer_id, version in session.execute(
            sa.select(OfferVersion.offer_id, OfferVersion.version)
            .join(Offer, (Offer.id == OfferVersion.offer_id) & (Offer.version == OfferVersion.version))
            .where(OfferVersion.offer_id.in_(ids))
        )
    }
    variants = variants_by_offer(session, ids)
    return [
        OfferVersion(
            offer_id=offer.id,
            version=offer.version,
            content=content_of(_values(offer, variants[offer.id])),
            actor_id=actor_id,
            at=at or offer.updated_at,
        )
        for offer in public
        if (offer.id, offer.version) not in kept
    ]


def versions_of(session: Session, offer: Offer) -> Sequence[OfferVersion]:
    """The newest first."""
    return session.scalars(
        sa.select(OfferVersion).where(OfferVersion.offer_id == offer.id).order_by(OfferVersion.version.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value is not the same."""

    field: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Field by field, in the order of the form; a field that one of them does not know is ``None`` there."""
    names = (*COLUMNS, "variants")
    return tuple(
        Difference(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )
