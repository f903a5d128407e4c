"""Opening a cycle: a draft from one or more suppliers, its products and costs, and the confirmation that freezes prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid
from marketplace.households.operations import is_group
from marketplace.orders import letters, sources
from marketplace.orders.common_needs import common_need, people_who_agreed
from marketplace.orders.lifecycle import State, moments_in_order, state
from marketplace.orders.models import (
    CycleGroup,
    CycleProduct,
    OrderCycle,
    OrderSeries,
    PickupPlace,
)
from marketplace.orders.recurrence import MOMENTS, pattern_of
from marketplace.orders.sources import SourceKey
from marketplace.organisations.models import Organisation
from marketplace.permissions import require_role
from marketplace.rome_time import ROME

#: More than any price list that is handed round in a garage; beyond, one page of products is no page any more.
MAX_PRODUCTS = 1000
#: The same form within so long was sent twice; a draft that is the same in everything later is meant.
SENT_TWICE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    address: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CycleValues:
    """What a referente says of a cycle. Amounts in cents."""

    title: str
    opens_at: datetime
    closes_at: datetime
    completion_until: datetime | None = None
    delivery_from: datetime | None = None
    delivery_until: datetime | None = None
    note: str = ""
    minimum_total: int | None = None
    maximum_total: int | None = None
    open_to_groups: bool = False


@dataclass(frozen=True, slots=True)
class ProductValues:
    """What a referente may set for one product of a draft; ``kept`` of ``False`` leaves it out."""

    kept: bool = True
    available: int | None = None
    maximum: int | None = None
    piece_weight: int | None = None
    deposit: int | None = None


def draft_cycle(
    session: Session,
    actor: User,
    organisation: Organisation,
    values: CycleValues,
    keys: Sequence[SourceKey],
    places: Sequence[Place],
    *,
    every_weeks: int | None = None,
    demand_id: int | None = None,
    now: datetime,
) -> OrderCycle:
    """A draft by an editor of a group, with everything that its suppliers have a price for.

    With ``every_weeks`` it is the first of a series; with ``demand_id`` it is for a common need that the group coordinates.
    The same form sent twice makes one draft.
    """
    require_role(session, actor, organisation.id)
    if demand_id is not None:
        common_need(session, organisation.id, demand_id)
    if not is_group(organisation):
        raise Conflict(_("Only purchasing groups and consumer co-ops have households."), code="no_group")
    if not keys:
        raise Invalid(_("Choose a supplier or a list."), code="missing", field="sources")
    _refuse_moments(values)
    if (
        made := _made_just_now(
            session, actor, organisation, values, keys, places, every_weeks, demand_id, now
        )
    ) is not None:
        return made
    cycle = OrderCycle(
        organisation_id=organisation.id,
        coordinator_id=actor.id,
        demand_id=demand_id,
        demo=organisation.demo,
        created_at=now,
        **{field: getattr(values, field) for field in CycleValues.__slots__},
        groups=[
            CycleGroup(
                organisation_id=organisation.id,
                referente_id=actor.id,
                asked_at=now,
                admitted_at=now,
                places=places_of(places),
            )
        ],
        sources=[sources.make_source(session, organisation.id, key) for key in dict.fromkeys(keys)],
    )
    if every_weeks:
        cycle.series_id = _series(session, organisation, values, every_weeks, now).id
    session.add(cycle)
    session.flush()
    lines = [(source, line) for source in cycle.sources for line in sources.lines_of(session, source)]
    if not lines:
        raise Invalid(_("This supplier has nothing with a price."), code="no_products", field="sources")
    if len(lines) > MAX_PRODUCTS:
        raise Invalid(
            _("These are %(number)s products; at most %(most)s.", number=len(lines), most=MAX_PRODUCTS),
            code="too_many",
            field="sources",
        )
    session.add_all(
        CycleProduct(cycle_id=cycle.id, source_id=source.id, position=position, **line.columns())
        for position, (source, line) in enumerate(lines)
    )
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.drafted", subject=cycle)
    session.commit()
    return cycle


def _made_just_now(
    session: Session,
    actor: User,
    organisation: Organisation,
    values: CycleValues,
    keys: Sequence[SourceKey],
    places: Sequence[Place],
    every_weeks: int | None,
    demand_id: int | None,
    now: datetime,
) -> OrderCycle | None:
    # of two forms at once the second waits here until the first has made its draft
    session.scalar(
        sa.select(Organisation.id).where(Organisation.id == organisation.id).with_for_update(key_share=True)
    )
    said = (getattr(OrderCycle, field) == getattr(values, field) for field in CycleValues.__slots__)
    candidates = sa.select(OrderCycle).where(
        OrderCycle.organisation_id == organisation.id, OrderCycle.coordinator_id == actor.id,
        OrderCycle.confirmed_at.is_(None), OrderCycle.created_at > now - SENT_TWICE,
        OrderCycle.demand_id == demand_id, *said,
    )  # fmt: skip
    for cycle in session.scalars(candidates.order_by(OrderCycle.id)):
        from_same = {SourceKey(one.organisation_id, one.private_list_id) for one in cycle.sources} == set(
            keys
        )
        there = [Place(one.name, one.address, one.starts_at, one.ends_at) for one in cycle.groups[0].places]
        series = session.get(OrderSeries, cycle.series_id) if cycle.series_id else None
        if from_same and there == list(places) and (series and series.every_weeks) == (every_weeks or None):
            return cycle
    return None


def edit_cycle(
    session: Session,
    actor: User,
    cycle: OrderCycle,
    values: CycleValues,
    places: Sequence[Place],
    version: int,
    *,
    now: datetime,
) -> None:
    """While it is a draft. Raises :class:`Conflict` where it is none, or somebody else has changed it since ``version``."""
    _require_draft(session, actor, cycle, now)
    if cycle.version != version:
        raise Conflict(_("Somebody else has changed this in the meantime."), code="changed_meanwhile")
    _refuse_moments(values)
    for field in CycleValues.__slots__:
        setattr(cycle, field, getattr(values, field))
    own = _own_group(session, cycle)
    own.places = places_of(places)
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.changed", subject=cycle)
    session.commit()


def choose_products(
    session: Session, actor: User, cycle: OrderCycle, chosen: Mapping[int, ProductValues], *, now: datetime
) -> None:
    """Which products the draft has, and what is set for each; those not named stay as they are. One at least stays."""
    _require_draft(session, actor, cycle, now)
    for product in list(cycle.products):
        values = chosen.get(product.id)
        if values is None:
            continue
        if not values.kept:
            cycle.products.remove(product)
            continue
        for field in ("available", "maximum", "piece_weight", "deposit"):
            setattr(product, field, getattr(values, field))
    if not cycle.products:
        raise Invalid(_("Keep one product at least."), code="no_products")
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.products_chosen", subject=cycle)
    session.commit()


def confirm_cycle(session: Session, actor: User, cycle: OrderCycle, *, now: datetime) -> None:
    """From now on it opens by itself, and its prices stay whatever the catalogue does.

    Raises :class:`Conflict` ``prices_changed`` where the catalogue has changed since the draft was made: the draft then
    has today's prices, and whoever confirms again has seen them.
    """
    _require_draft(session, actor, cycle, now)
    if cycle.closes_at <= now:
        raise Conflict(_("The closing has passed: choose another moment first."), code="deadline_passed")
    if not cycle.products:
        raise Conflict(_("Choose the products first."), code="no_products")
    if not _own_group(session, cycle).places:
        raise Conflict(_("Say where households collect."), code="no_places")
    changed = [
        product for source in cycle.sources for product in sources.refresh(session, source, cycle.products)
    ]
    gone = [product for product in changed if not _still_there(session, cycle, product)]
    for product in gone:
        cycle.products.remove(product)
    if changed:
        session.commit()
        raise Conflict(
            _(
                "Prices or products have changed since the draft was made: %(titles)s. Look at them and confirm again.",
                titles=", ".join(product.title for product in changed[:5]),
            ),
            code="prices_changed",
        )
    cycle.confirmed_at = now
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.confirmed", subject=cycle)
    if cycle.demand_id is not None and cycle.open_to_groups:
        own = session.get_one(Organisation, cycle.organisation_id)
        letters.common_need_ordered(session, cycle, own.name, people_who_agreed(session, cycle), now)
    session.commit()


def _still_there(session: Session, cycle: OrderCycle, product: CycleProduct) -> bool:
    source = next(source for source in cycle.sources if source.id == product.source_id)
    return any(
        line.identity == (product.offer_id, product.item_id, product.variant)
        for line in sources.lines_of(session, source)
    )


def _require_draft(session: Session, actor: User, cycle: OrderCycle, now: datetime) -> None:
    # two tabs that confirm and edit at once wait for each other
    session.refresh(cycle, with_for_update=True)
    require_role(session, actor, cycle.organisation_id)
    if state(cycle, now) is not State.DRAFT:
        raise Conflict(_("This order has been confirmed: its products and moments stay."), code="no_draft")


def _refuse_moments(values: CycleValues) -> None:
    field = moments_in_order(values, values.delivery_from, values.delivery_until)
    if field is not None:
        raise Invalid(_("The moments are not in order."), code="not_in_order", field=field)
    if (
        values.minimum_total is not None
        and values.maximum_total is not None
        and values.maximum_total < values.minimum_total
    ):
        raise Invalid(_("The maximum is below the minimum."), code="invalid", field="maximum_total")


def places_of(places: Sequence[Place]) -> list[PickupPlace]:
    return [
        PickupPlace(
            position=position,
            name=place.name,
            address=place.address,
            starts_at=place.starts_at,
            ends_at=place.ends_at,
        )
        for position, place in enumerate(places)
    ]


def _own_group(session: Session, cycle: OrderCycle) -> CycleGroup:
    return session.scalar(
        sa.select(CycleGroup).where(
            CycleGroup.cycle_id == cycle.id, CycleGroup.organisation_id == cycle.organisation_id
        )
    )


def _series(
    session: Session, organisation: Organisation, values: CycleValues, every_weeks: int, now: datetime
) -> OrderSeries:
    day: date = (values.delivery_from or values.closes_at).astimezone(ROME).date()
    series = OrderSeries(
        organisation_id=organisation.id,
        every_weeks=every_weeks,
        starts_on=day,
        last_made_for=day,
        pattern=pattern_of(day, {name: getattr(values, name) for name in MOMENTS}),
        created_at=now,
    )
    session.add(series)
    session.flush()
    return series
