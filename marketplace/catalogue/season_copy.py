"""Last season's products again: withdrawn offers as new drafts."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.catalogue.detail_models import OfferPhoto, OfferVariant
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.offer_values import COLUMNS
from marketplace.errors import NotFound
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import require_role

#: What is said anew each season. The months stay: they are those of every year.
CLEARED = ("available", "capacity", "capacity_period")


def withdrawn_offers(session: Session, organisation_id: int) -> Sequence[Offer]:
    """Those that were taken out and have no draft of the same name, category and unit yet; the latest first."""
    draft = sa.orm.aliased(Offer)
    return session.scalars(
        sa.select(Offer)
        .where(
            Offer.organisation_id == organisation_id,
            Offer.status == OfferStatus.WITHDRAWN,
            ~sa.exists().where(
                draft.organisation_id == organisation_id,
                draft.status != OfferStatus.WITHDRAWN,
                draft.title == Offer.title,
                draft.category == Offer.category,
                draft.unit == Offer.unit,
            ),
        )
        .order_by(Offer.updated_at.desc(), Offer.id)
    ).all()


def copy_offers(
    session: Session,
    actor: User,
    organisation: Organisation,
    offer_ids: Collection[int],
    *,
    now: datetime,
) -> list[Offer]:
    """Copy withdrawn offers, with variants and photos, as drafts with their quantities cleared.

    Those that have been copied already are passed over, so doing it twice is doing it once. Raises
    :class:`NotFound` for an offer that is not the organisation's. Characteristics proved for the old offer
    are not copied: their proofs speak of that one.
    """
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    own = sa.select(sa.func.count()).where(Offer.organisation_id == organisation.id, Offer.id.in_(offer_ids))
    if session.scalar(own) < len(set(offer_ids)):
        raise NotFound
    originals = [offer for offer in withdrawn_offers(session, organisation.id) if offer.id in set(offer_ids)]
    copies = {}
    for offer in originals:
        kept = {name: getattr(offer, name) for name in COLUMNS if name not in CLEARED}
        copies[offer.id] = Offer(
            organisation_id=organisation.id,
            status=OfferStatus.DRAFT,
            vat_rate=offer.vat_rate,
            confirmed_at=now,
            created_at=now,
            updated_at=now,
            **kept,
        )
    session.add_all(copies.values())
    session.flush()
    _copy_rows(session, OfferVariant, {id_: copy.id for id_, copy in copies.items()}, without=("available",))
    _copy_rows(session, OfferPhoto, {id_: copy.id for id_, copy in copies.items()})
    for id_, copy in copies.items():
        audit.record(session, now=now, actor_id=actor.id, verb="offer.copied", subject=copy, original=id_)
    session.commit()
    return list(copies.values())


def _copy_rows(
    session: Session, model: type, copies: dict[int, int], *, without: Collection[str] = ()
) -> None:
    names = [
        column.key
        for column in sa.inspect(model).column_attrs
        if column.key not in {"id", "offer_id", *without}
    ]
    for row in session.scalars(sa.select(model).where(model.offer_id.in_(copies)).order_by(model.id)).all():
        session.add(model(offer_id=copies[row.offer_id], **{name: getattr(row, name) for name in names}))
