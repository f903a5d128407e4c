"""Opening a common need out of those of several groups, each of which agrees by itself.

The common need is an ordinary one, posted by the group that coordinates it; those that are joined stay their groups'
own. Public bodies have no part in it: for them to add needs up adds up values towards thresholds. An order cycle for
several groups begins from :func:`open_common_need`'s demand and its :class:`PooledNeed` rows.
"""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, engines, outbox
from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer
from marketplace.demands.access import state_of
from marketplace.demands.models import Demand, DemandType, Lot
from marketplace.errors import Conflict, NotFound
from marketplace.permissions import require_role
from marketplace.pooling.adding_up import Pool
from marketplace.pooling.letters import ask_to_agree
from marketplace.pooling.models import PooledNeed
from marketplace.pooling.queries import open_pools


def open_common_need(
    session: Session, actor: User, demand_id: int, offer_id: int, *, now: datetime
) -> Demand:
    """One click: what adds up for the offer becomes a need of the group of ``demand_id``, with the others asked.

    It holds that group's own quantity until others agree. Raises :class:`NotFound`, :class:`NotAllowed`, and
    :class:`Conflict` where it does not add up any more.
    """
    own = _own_need(session, actor, demand_id)
    pool = next(
        (
            pool
            for pool in open_pools(session, now)
            if pool.supply.offer_id == offer_id and demand_id in pool.demand_ids
        ),
        None,
    )
    if pool is None:
        raise Conflict(_("These needs do not add up any more: look again."), code="no_pool")
    common = _common(session, actor, own, pool, now)
    session.add(common)
    session.flush()
    for id_ in sorted(pool.demand_ids):
        mine = id_ == own.id
        session.add(
            PooledNeed(
                common_id=common.id,
                demand_id=id_,
                agreed_by_id=actor.id if mine else None,
                agreed_at=now if mine else None,
            )
        )
    session.flush()
    _add_up(session, common)
    audit.record(session, now=now, actor_id=actor.id, verb="common_need.opened", subject=common)
    outbox.announce_demand(session, common.id, now)
    ask_to_agree(session, common, now)
    session.commit()
    return common


def agree(session: Session, actor: User, common_id: int, demand_id: int, *, now: datetime) -> None:
    """The group of ``demand_id`` takes part: its quantity is added. Doing it twice changes nothing."""
    part, common = _part(session, actor, common_id, demand_id)
    if not state_of(session, common, now).takes_answers:
        raise Conflict(_("The common need takes no more answers."), code="closed")
    if part.agreed_at is None:
        part.agreed_by_id, part.agreed_at = actor.id, now
        _changed(session, actor, common, "common_need.agreed", demand_id, now)
    session.commit()


def leave(session: Session, actor: User, common_id: int, demand_id: int, *, now: datetime) -> None:
    """The group takes no part any more, while answers are still taken; its quantity is taken out."""
    part, common = _part(session, actor, common_id, demand_id)
    if part.agreed_at is None:
        return
    demand = session.get_one(Demand, demand_id)
    if demand.organisation_id == common.organisation_id:
        raise Conflict(_("Who coordinates the common need withdraws it instead."), code="coordinator")
    if not state_of(session, common, now).takes_answers:
        raise Conflict(_("The common need takes no more answers."), code="closed")
    part.agreed_by_id = part.agreed_at = None
    _changed(session, actor, common, "common_need.left", demand_id, now)
    session.commit()


def _own_need(session: Session, actor: User, demand_id: int) -> Demand:
    demand = session.get(Demand, demand_id)
    if demand is None or demand.type != DemandType.NEED:
        raise NotFound
    require_role(session, actor, demand.organisation_id)
    return demand


def _part(session: Session, actor: User, common_id: int, demand_id: int) -> tuple[PooledNeed, Demand]:
    _own_need(session, actor, demand_id)
    # held, so that of two groups who agree at once none's quantity is lost
    common = session.scalar(sa.select(Demand).where(Demand.id == common_id).with_for_update())
    part = session.get(PooledNeed, (common_id, demand_id))
    if common is None or part is None:
        raise NotFound
    return part, common


def _common(session: Session, actor: User, own: Demand, pool: Pool, now: datetime) -> Demand:
    offer = session.get_one(Offer, pool.supply.offer_id)
    return Demand(
        organisation_id=own.organisation_id,
        author_id=actor.id,
        type=DemandType.NEED,
        title=_("Together: %(title)s", title=offer.title)[:160],
        description="",
        place_label=own.place_label,
        comune=own.comune,
        province=own.province,
        lat=own.lat,
        lon=own.lon,
        mode=own.mode,
        max_distance_m=own.max_distance_m,
        half_life_m=own.half_life_m,
        required=list(own.required),
        preferred=list(own.preferred),
        qualifications=list(own.qualifications),
        months=own.months,
        weights=dict(own.weights),
        budget_with_vat=own.budget_with_vat,
        period_from=own.period_from,
        period_until=own.period_until,
        closes_at=own.closes_at,
        demo=own.demo,
        created_at=now,
        published_at=now,
        lots=[Lot(position=1, category=offer.category, unit=offer.unit, text="", splittable=True)],
    )


def _changed(session: Session, actor: User, common: Demand, verb: str, demand_id: int, now: datetime) -> None:
    session.flush()
    _add_up(session, common)
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=common, demand=demand_id)


def _add_up(session: Session, common: Demand) -> None:
    """The common quantity is exactly the sum of what the groups that agreed need of it."""
    (lot,) = common.lots
    tree = engines.categories()
    above = [lot.category, *(tree.ancestors(lot.category) if lot.category in tree else ())]
    lot.quantity = session.scalar(
        sa.select(sa.func.sum(Lot.quantity))
        .join(PooledNeed, PooledNeed.demand_id == Lot.demand_id)
        .where(
            PooledNeed.common_id == common.id,
            PooledNeed.agreed_at.is_not(None),
            Lot.unit == lot.unit,
            Lot.category.in_(above),
        )
    )
