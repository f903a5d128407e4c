"""From whom a group can order: its private lists, and suppliers who publish prices."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.distance import haversine_km
from geo.points import Point
from marketplace.catalogue.import_models import PrivateList, PrivateListItem
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.orders.sources import SourceKey, make_source
from marketplace.organisations.models import Organisation, Status

SHOWN = 30


def private_lists(session: Session, group: Organisation) -> Sequence[tuple[PrivateList, int]]:
    """The group's lists by name, with how many of their lines have a price."""
    return session.execute(
        sa.select(PrivateList, sa.func.count(PrivateListItem.id))
        .join(PrivateListItem, PrivateListItem.list_id == PrivateList.id)
        .where(
            PrivateList.organisation_id == group.id,
            PrivateListItem.active,
            PrivateListItem.price.is_not(None),
        )
        .group_by(PrivateList.id)
        .order_by(PrivateList.supplier_name, PrivateList.id)
    ).all()


def suppliers(
    session: Session, group: Organisation, text: str = ""
) -> list[tuple[Organisation, int, float | None]]:
    """Suppliers with prices, the nearest first, with the number of their products and kilometres; by a part of the name."""
    query = (
        sa.select(Organisation, sa.func.count(Offer.id))
        .join(Offer, Offer.organisation_id == Organisation.id)
        .where(
            Organisation.status == Status.ACTIVE,
            Organisation.id != group.id,
            Offer.status == OfferStatus.PUBLISHED,
            Offer.price.is_not(None),
        )
        .group_by(Organisation.id)
    )
    if text.strip():
        query = query.where(Organisation.name.icontains(text.strip(), autoescape=True))
    rows = [(supplier, count, _km(group, supplier)) for supplier, count in session.execute(query)]
    rows.sort(key=lambda row: (row[2] is None, row[2] or 0.0, row[0].name))
    return rows[:SHOWN]


def source_names(session: Session, group: Organisation, keys: Sequence[SourceKey]) -> list[str]:
    return [make_source(session, group.id, key).name for key in keys]


def _km(one: Organisation, other: Organisation) -> float | None:
    if one.lat is None or other.lat is None:
        return None
    return haversine_km(Point(one.lat, one.lon), Point(other.lat, other.lon))
