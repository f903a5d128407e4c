"""Changes to the catalogue: each authorises, changes, records, tells the index and commits."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from marketplace import audit, outbox, words
from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.organic_words import organic_words
from marketplace.errors import Conflict, Invalid
from marketplace.organisations.models import Claim, MemberRole, Organisation
from marketplace.permissions import require_role
from search.judging import rome_day


@dataclass(frozen=True, slots=True)
class OfferValues:
    """What an editor writes of an offer; units as in :class:`~marketplace.catalogue.models.Offer`."""

    title: str
    category: str
    description: str
    unit: str
    price: int | None
    vat_treatment: str
    box_size: int | None
    available: int | None
    months: frozenset[int]
    lead_time_days: int | None


def publish_offer(
    session: Session, actor: User, organisation: Organisation, values: OfferValues, *, now: datetime
) -> Offer:
    """A new offer, public at once. Raises :class:`Invalid` where the words claim what is not certified."""
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    _refuse_uncertified_words(session, organisation.id, None, values, now)
    offer = Offer(
        organisation_id=organisation.id,
        status=OfferStatus.PUBLISHED,
        confirmed_at=now,
        created_at=now,
        updated_at=now,
    )
    _write(offer, values)
    session.add(offer)
    session.flush()
    _tell(session, actor, offer, "offer.published", now)
    session.commit()
    return offer


def change_offer(
    session: Session, actor: User, offer: Offer, values: OfferValues, *, version: int, now: datetime
) -> None:
    """Change an offer that was opened at ``version``. Raises :class:`Conflict` if somebody saved since."""
    require_role(session, actor, offer.organisation_id, at_least=MemberRole.EDITOR)
    if offer.version != version:
        raise Conflict(code="changed_meanwhile")
    _refuse_uncertified_words(session, offer.organisation_id, offer.id, values, now)
    _write(offer, values)
    offer.confirmed_at = offer.updated_at = now
    try:
        session.flush()
    except StaleDataError:
        # saved by somebody else since this transaction read it
        session.rollback()
        raise Conflict(code="changed_meanwhile") from None
    _tell(session, actor, offer, "offer.changed", now)
    session.commit()


def withdraw_offer(session: Session, actor: User, offer: Offer, *, now: datetime) -> None:
    """Take an offer out of the catalogue; its page goes, its history stays."""
    _set_status(session, actor, offer, OfferStatus.WITHDRAWN, "offer.withdrawn", now)


def republish_offer(session: Session, actor: User, offer: Offer, *, now: datetime) -> None:
    """Put a withdrawn offer back."""
    _set_status(session, actor, offer, OfferStatus.PUBLISHED, "offer.republished", now)


def _set_status(
    session: Session, actor: User, offer: Offer, status: OfferStatus, verb: str, now: datetime
) -> None:
    require_role(session, actor, offer.organisation_id, at_least=MemberRole.EDITOR)
    if offer.status == status:
        return
    offer.status = status
    offer.updated_at = now
    _tell(session, actor, offer, verb, now)
    session.commit()


def _tell(session: Session, actor: User, offer: Offer, verb: str, now: datetime) -> None:
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=offer)
    outbox.announce_supplier(session, offer.organisation_id, now)


def _write(offer: Offer, values: OfferValues) -> None:
    for name in OfferValues.__slots__:
        setattr(offer, name, getattr(values, name))
    offer.vat_rate = words.VAT_TREATMENTS[values.vat_treatment][1]


def _refuse_uncertified_words(
    session: Session, organisation_id: int, offer_id: int | None, values: OfferValues, now: datetime
) -> None:
    for field in ("title", "description"):
        found = organic_words(getattr(values, field))
        if found and not _is_certified_organic(session, organisation_id, offer_id, now):
            raise Invalid(
                _(
                    "“%(word)s” may be written only of a product with an organic certificate (D.Lgs. 148/2023,"
                    " art. 23). Without one you can say “agroecological” or “without pesticides (declared)”.",
                    word=found[0],
                ),
                code="organic_without_certificate",
                field=field,
            )


def _is_certified_organic(
    session: Session, organisation_id: int, offer_id: int | None, now: datetime
) -> bool:
    """An unexpired organic claim of the organisation, or of this offer; whoever checks it, checks it later."""
    return session.scalar(
        sa.select(
            sa.exists().where(
                Claim.organisation_id == organisation_id,
                sa.or_(Claim.offer_id.is_(None), Claim.offer_id == offer_id),
                Claim.criterion == "organic",
                Claim.proof == "certified",
                sa.or_(Claim.expires.is_(None), Claim.expires >= rome_day(now)),
            )
        )
    )
