"""Where an organisation delivers: areas added, changed and removed."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer
from marketplace.catalogue.offer_areas import offers_naming
from marketplace.catalogue.versions import keep_versions, loaded_versions
from marketplace.errors import Conflict, Invalid
from marketplace.organisations.models import AreaKind, DeliveryArea, Organisation
from marketplace.organisations.profile_operations import require_editable

MAX_AREAS = 30


@dataclass(frozen=True, slots=True)
class AreaValues:
    """One area; of ``radius_m``, ``codes`` and ``polygon`` the one that its kind uses is given."""

    kind: AreaKind
    radius_m: int | None
    codes: list[str] | None
    polygon: dict | None
    minimum_cents: int | None
    days: list[int]


def add_area(
    session: Session, actor: User, organisation: Organisation, values: AreaValues, *, now: datetime
) -> DeliveryArea:
    require_editable(session, actor, organisation)
    count = session.scalar(
        sa.select(sa.func.count())
        .select_from(DeliveryArea)
        .where(DeliveryArea.organisation_id == organisation.id)
    )
    if count >= MAX_AREAS:
        raise Invalid(_("At most %(n)s areas.", n=MAX_AREAS), code="too_many")
    area = DeliveryArea(organisation_id=organisation.id, kind=values.kind)
    _write(area, values)
    session.add(area)
    session.flush()
    _tell(session, actor, organisation, "area.added", area, now)
    return area


def change_area(
    session: Session,
    actor: User,
    organisation: Organisation,
    area: DeliveryArea,
    values: AreaValues,
    *,
    now: datetime,
) -> None:
    """A circle that was drawn around a point of its own keeps that point."""
    require_editable(session, actor, organisation)
    _write(area, values)
    _tell(session, actor, organisation, "area.changed", area, now)


def remove_area(
    session: Session, actor: User, organisation: Organisation, area: DeliveryArea, *, now: datetime
) -> list[Offer]:
    """Offers that go to several areas lose this one, and are given back.

    Raises :class:`Invalid` while an offer goes to this one only: whether it then goes everywhere or nowhere,
    only a person can say. Raises :class:`Conflict` if one of them was saved meanwhile.
    """
    require_editable(session, actor, organisation)
    session.execute(sa.select(DeliveryArea.id).where(DeliveryArea.id == area.id).with_for_update())
    offers = offers_naming(session, organisation.id, area.id)
    if only := [offer.title for offer in offers if offer.area_ids == [area.id]]:
        raise Invalid(
            _(
                "“%(title)s” goes to this area only: first say where else it goes, or that it goes everywhere.",
                title=only[0],
            ),
            code="area_in_use",
        )
    loaded = loaded_versions(session, offers)
    for offer in offers:
        offer.area_ids = [id_ for id_ in offer.area_ids if id_ != area.id]
        offer.updated_at = now
    try:
        session.flush()
    except StaleDataError:
        session.rollback()
        raise Conflict(code="changed_meanwhile") from None
    session.add_all(loaded)
    keep_versions(session, offers, actor_id=actor.id, at=now)
    _tell_only(session, actor, organisation, "area.removed", area, now, offers=[offer.id for offer in offers])
    session.delete(area)
    session.commit()
    return offers


def _write(area: DeliveryArea, values: AreaValues) -> None:
    if values.kind != AreaKind.RADIUS:
        area.lat = area.lon = None
    for name in AreaValues.__slots__:
        setattr(area, name, getattr(values, name))


def _tell(
    session: Session, actor: User, organisation: Organisation, verb: str, area: DeliveryArea, now: datetime
) -> None:
    _tell_only(session, actor, organisation, verb, area, now)
    session.commit()


def _tell_only(
    session: Session,
    actor: User,
    organisation: Organisation,
    verb: str,
    area: DeliveryArea,
    now: datetime,
    **details,
) -> None:
    organisation.updated_at = now
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=area, **details)
    outbox.announce_supplier(session, organisation.id, now)
