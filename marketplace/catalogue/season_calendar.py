"""What there is in which month: of one producer by product, of the district by category."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.food_sheet import FOOD
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.organisations.models import Organisation, Status
from search.taxonomy import CategoryTree

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """A line of the calendar: in each month, January first, how many have it. ``key`` is what the name links to."""

    name: str
    key: int | str
    counts: tuple[int, ...]


def calendar_of(session: Session, organisation_id: int) -> list[SeasonRow]:
    """The published products of an organisation that have a season, by name."""
    rows = session.execute(
        sa.select(Offer.id, Offer.title, Offer.months)
        .where(Offer.organisation_id == organisation_id, Offer.status == OfferStatus.PUBLISHED)
        .order_by(Offer.title, Offer.id)
    )
    return [
        SeasonRow(row.title, row.id, tuple(int(month in row.months) for month in MONTHS))
        for row in rows
        if row.months
    ]


def district_calendar(
    session: Session, tree: CategoryTree, language: str
) -> list[tuple[str, Sequence[SeasonRow]]]:
    """Food with a season, by branch and category in the order of the tree; counts are of producers."""
    rows = session.execute(
        sa.select(Offer.category, Offer.organisation_id, Offer.months)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(
            Offer.status == OfferStatus.PUBLISHED,
            Organisation.status == Status.ACTIVE,
            Offer.category.startswith(f"{FOOD}."),
        )
        .distinct()
    )
    who: dict[str, list[set[int]]] = defaultdict(lambda: [set() for _month in MONTHS])
    for category, organisation_id, months in rows:
        for month in months:
            who[category][month - 1].add(organisation_id)
    branches: dict[str, list[SeasonRow]] = defaultdict(list)
    for node in tree:
        if node.code in who:
            above = tree.ancestors(node.code)
            branch = above[-2] if len(above) > 1 else node.code
            counts = tuple(len(producers) for producers in who[node.code])
            branches[branch].append(SeasonRow(node.label(language), node.code, counts))
    return [(tree[branch].label(language), rows) for branch, rows in branches.items()]
