"""The worker's part of alerts: whom a new demand concerns, and the mails that are due.

A demand announces itself in the outbox when it is posted; one match of it tells all the suppliers, so that a
thousand alerts cost no more than one. What an alert has heard of is kept, so that it hears of nothing twice.
"""

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.accounts.models import User
from marketplace.db import writing
from marketplace.demands.models import Demand
from marketplace.demands.queries import public_demand
from marketplace.demands.types import RANKED_TYPES
from marketplace.demands.values import readable
from marketplace.i18n import speaking
from marketplace.matches.alert_operations import stop_token
from marketplace.matches.alerting import is_due, is_wanted
from marketplace.matches.models import AlertedDemand, DemandAlert, Frequency
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.organisations.models import Membership, Organisation, Status
from marketplace.outbox import OutboxEntry, Topic
from marketplace.page_address import whole_address
from search.demand import Demand as DemandValue

#: Demands named in one mail; the page has them all.
MAX_NAMED = 20


def tell_of_demands(session: Session, now: datetime) -> int:
    """Note whom new demands concern and write the mails that are due; how many mails."""
    entries = session.execute(
        sa.select(OutboxEntry.id, OutboxEntry.payload).where(
            OutboxEntry.topic == Topic.DEMAND, OutboxEntry.not_before <= now
        )
    ).all()
    found = {entry.id: concerned(session, entry.payload["id"], now) for entry in entries}
    waiting = _has_waiting(session)
    session.rollback()
    if not entries and not waiting:
        return 0
    with writing():
        for entry in entries:
            session.execute(sa.delete(OutboxEntry).where(OutboxEntry.id == entry.id))
            for alert_id in found[entry.id]:
                key = (alert_id, entry.payload["id"])
                if session.get(AlertedDemand, key) is None:
                    session.add(AlertedDemand(alert_id=key[0], demand_id=key[1], found_at=now))
        session.flush()
        sent = _write_due_mails(session, now)
        session.commit()
    return sent


def concerned(session: Session, demand_id: int, now: datetime) -> list[int]:
    """Ids of the alerts that want to hear of a demand: it is public, they match it and their filters let it pass.

    Of one that cannot be read nobody hears, and the others are told all the same.
    """
    demand = public_demand(session, demand_id, now)
    if demand is None or demand.type not in RANKED_TYPES:
        return []
    asked = readable([demand])
    if not asked:
        return []
    ((_demand, value),) = asked
    answer = engines.search_engine().match(value, now, limit=None, near_miss_limit=0)
    distances = {match.supplier_id: match.distance_km for match in answer.matches}
    alerts = session.execute(
        sa.select(DemandAlert)
        .join(
            Membership,
            sa.and_(
                Membership.person_id == DemandAlert.person_id,
                Membership.organisation_id == DemandAlert.organisation_id,
            ),
        )
        .where(DemandAlert.frequency != Frequency.NEVER)
    ).scalars()
    return [
        alert.id
        for alert in alerts
        if alert.organisation_id in distances
        and alert.organisation_id != demand.organisation_id
        and _lets_pass(alert, value, distances[alert.organisation_id])
    ]


def _lets_pass(alert: DemandAlert, demand: DemandValue, distance_km: float) -> bool:
    return is_wanted(
        demand,
        distance_km,
        categories=alert.categories,
        within_km=alert.within_m / 1000 if alert.within_m is not None else None,
        tree=engines.categories(),
    )


def _waiting():
    return (
        sa.select(AlertedDemand, DemandAlert)
        .join(DemandAlert, DemandAlert.id == AlertedDemand.alert_id)
        .where(AlertedDemand.sent_at.is_(None), DemandAlert.frequency != Frequency.NEVER)
    )


def _has_waiting(session: Session) -> bool:
    return session.execute(_waiting().limit(1)).first() is not None


def _write_due_mails(session: Session, now: datetime) -> int:
    by_alert: dict[DemandAlert, list[AlertedDemand]] = defaultdict(list)
    for news, alert in session.execute(_waiting().order_by(AlertedDemand.alert_id, AlertedDemand.demand_id)):
        if is_due(alert.frequency, alert.last_sent_at, now):
            by_alert[alert].append(news)
    for alert, news in by_alert.items():
        # a demand that was withdrawn or has closed meanwhile is no news any more
        demands = [public_demand(session, item.demand_id, now) for item in news]
        demands = [
            demand for demand in demands if demand and not (demand.closes_at and demand.closes_at <= now)
        ]
        for item in news:
            item.sent_at = now
        alert.last_sent_at = now
        if demands:
            _write_mail(session, alert, demands, now)
    return len(by_alert)


def _write_mail(session: Session, alert: DemandAlert, demands: list[Demand], now: datetime) -> None:
    person = session.get(User, alert.person_id)
    organisation = session.get(Organisation, alert.organisation_id)
    if person is None or organisation.status != Status.ACTIVE:
        return
    stop = whole_address("matches.stop", token=stop_token(alert.id))
    with speaking(person.locale):
        subject = ngettext(
            "Somebody is looking for what %(name)s offers",
            "%(num)s new requests that %(name)s could answer",
            len(demands),
            name=organisation.name,
        )
        post_notice(
            session,
            person,
            MailKind.DEMAND_ALERTS,
            subject=subject,
            template="emails/demand_alert.txt",
            now=now,
            organisation=organisation,
            demands=demands[:MAX_NAMED],
            more=max(0, len(demands) - MAX_NAMED),
            stop=stop,
        )
