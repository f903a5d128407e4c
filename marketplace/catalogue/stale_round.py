"""Reminding producers of what nobody has confirmed for a long time: one mail for all of it, once."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.staleness import stale_before
from marketplace.due_work import do_what_is_due
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.organisations.letters import owners_of
from marketplace.organisations.models import Organisation, Status
from marketplace.page_address import whole_address

VERB = "offer.reminded"
#: Organisations written to in one round: the others have theirs in the next.
AT_ONCE = 50
#: Products that a mail names.
NAMED = 20


def remind_of_stale_offers(session: Session, now: datetime) -> int:
    """Write to the owners of offers that are not up to date and of which they have not heard; how many offers.

    That they have heard is an audit event after the last confirmation, written with the mail in one transaction:
    an offer that is confirmed and grows old again is spoken of again.
    """
    reminded = do_what_is_due(session, lambda: _due(session, now), lambda due: _remind(session, due, now))
    return sum(len(offers) for offers in (reminded or {}).values())


def _remind(session: Session, due: Mapping[int, list[Offer]], now: datetime) -> None:
    for organisation_id, offers in due.items():
        organisation = session.get(Organisation, organisation_id)
        for owner in owners_of(session, organisation_id):
            _write_to(session, owner, organisation, offers, now)
        for offer in offers:
            audit.record(session, now=now, actor_id=None, verb=VERB, subject=offer)


def _due(session: Session, now: datetime) -> dict[int, list[Offer]]:
    """Offers that nobody was reminded of since they were last confirmed, by organisation."""
    heard = sa.exists().where(
        audit.AuditEvent.subject == Offer.__tablename__,
        audit.AuditEvent.subject_id == Offer.id,
        audit.AuditEvent.verb == VERB,
        audit.AuditEvent.at >= Offer.confirmed_at,
    )
    where = (
        Offer.status == OfferStatus.PUBLISHED,
        Offer.confirmed_at < stale_before(now),
        Organisation.status == Status.ACTIVE,
        ~heard,
    )
    first = (
        sa.select(Offer.organisation_id)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(*where)
        .distinct()
        .order_by(Offer.organisation_id)
        .limit(AT_ONCE)
    )
    ids = session.scalars(first).all()
    found = defaultdict(list)
    if ids:
        for offer in session.scalars(
            sa.select(Offer)
            .join(Organisation, Organisation.id == Offer.organisation_id)
            .where(Offer.organisation_id.in_(ids), *where)
            .order_by(Offer.organisation_id, Offer.title, Offer.id)
        ):
            found[offer.organisation_id].append(offer)
    return found


def _write_to(
    session: Session, owner: User, organisation: Organisation, offers: list[Offer], now: datetime
) -> None:
    with speaking(owner.locale):
        post_notice(
            session,
            owner,
            MailKind.REMINDERS,
            subject=ngettext(
                "Is %(num)s product of %(name)s still as you wrote it?",
                "Are %(num)s products of %(name)s still as you wrote them?",
                len(offers),
                name=organisation.name,
            ),
            template="emails/stale_offers.txt",
            now=now,
            organisation=organisation,
            offers=offers[:NAMED],
            more=max(0, len(offers) - NAMED),
            link=whole_address("catalogue.table", slug=organisation.slug, show="stale"),
        )
