"""Telling groups that their needs add up, once, and asking them to agree to a common one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer
from marketplace.db import writing
from marketplace.demands.models import Demand
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from marketplace.page_address import whole_address
from marketplace.pooling.adding_up import Pool
from marketplace.pooling.models import PooledNeed, PoolNotice
from marketplace.pooling.queries import open_pools


def tell_of_pools(session: Session, now: datetime) -> int:
    """Tell the groups whose needs together reach a minimum, each need once for each offer; how many needs."""
    news = _untold(session, open_pools(session, now))
    # a round that finds nothing takes no write lock
    session.rollback()
    if not news:
        return 0
    with writing():
        news = _untold(session, open_pools(session, now))
        for pool, demand_id in news:
            session.add(
                PoolNotice(
                    demand_id=demand_id,
                    category=pool.supply.category,
                    offer_id=pool.supply.offer_id,
                    told_at=now,
                )
            )
            offer = session.get_one(Offer, pool.supply.offer_id)
            _write(session, session.get_one(Demand, demand_id), now, offer=offer, pool=pool)
        session.commit()
    return len(news)


def ask_to_agree(session: Session, common: Demand, now: datetime) -> None:
    """Ask the groups that have not agreed yet; in the running transaction."""
    for demand in session.scalars(
        sa.select(Demand)
        .join(PooledNeed, PooledNeed.demand_id == Demand.id)
        .where(PooledNeed.common_id == common.id, PooledNeed.agreed_at.is_(None))
    ).all():
        _write(session, demand, now, common=common)


def _untold(session: Session, pools: Iterable[Pool]) -> list[tuple[Pool, int]]:
    told = {
        (demand_id, offer_id)
        for demand_id, offer_id in session.execute(sa.select(PoolNotice.demand_id, PoolNotice.offer_id))
    }
    return [
        (pool, demand_id)
        for pool in pools
        for demand_id in sorted(pool.demand_ids)
        if (demand_id, pool.supply.offer_id) not in told
    ]


def _write(session: Session, demand: Demand, now: datetime, **values) -> None:
    for person in _editors(session, demand.organisation_id):
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.POOLING,
                subject=_("“%(title)s”: together it is enough", title=demand.title),
                template="emails/pool.txt",
                now=now,
                demand=demand,
                link=whole_address("pooling.of_demand", demand_id=demand.id),
                **values,
            )


def _editors(session: Session, organisation_id: int) -> Sequence[User]:
    return session.scalars(
        sa.select(User)
        .join(Membership, Membership.person_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_([MemberRole.OWNER, MemberRole.EDITOR]),
            Organisation.status == Status.ACTIVE,
        )
        .order_by(User.id)
    ).all()
