"""Wishes of residents: written by a person, public once the district's desk has let them through."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.demands.draft_operations import take_draft
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.operations import check_deadlines, flushed_unless_sent, needed
from marketplace.demands.posting_models import DemandDraft
from marketplace.demands.sending import sent_before
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.page_address import whole_address
from marketplace.permissions import is_desk
from search import demand as matching

#: Wishes of one person within 24 hours.
MAX_WISHES_A_DAY = 5
#: The particular that keeps why the desk refused, for the author.
REFUSED_BECAUSE = "refused_because"


def post_wish(
    session: Session,
    actor: User,
    *,
    title: str,
    description: str,
    place_label: str,
    need: matching.Demand,
    closes_at: datetime | None,
    questions_until: datetime | None = None,
    period: tuple[date | None, date | None] = (None, None),
    particulars: Mapping[str, object] | None = None,
    notice_link: str = "",
    draft: DemandDraft | None = None,
    sending: str | None = None,
    now: datetime,
) -> Demand:
    """Hand a wish to the desk, which publishes it. ``need`` must be valid. Raises :class:`Invalid`.

    The same ``sending`` of the same person is one wish (:mod:`marketplace.demands.sending`).
    """
    if (before := sent_before(session, actor, sending)) is not None:
        return before
    check_deadlines(questions_until, closes_at, now)
    today = sa.select(sa.func.count(Demand.id)).where(
        Demand.organisation_id.is_(None),
        Demand.author_id == actor.id,
        Demand.created_at > now - timedelta(days=1),
    )
    if session.scalar(today) >= MAX_WISHES_A_DAY:
        raise Invalid(
            _(
                "You have written %(n)s wishes today: keep this one as a draft until tomorrow.",
                n=MAX_WISHES_A_DAY,
            ),
            code="too_many_today",
        )
    wish = Demand(
        author_id=actor.id,
        type=DemandType.WISH,
        title=title,
        description=description,
        period_from=period[0],
        period_until=period[1],
        particulars=dict(particulars or {}),
        notice_link=notice_link,
        sent_as=sending,
        created_at=now,
        questions_until=questions_until,
        closes_at=closes_at,
        **needed(need, place_label),
    )
    session.add(wish)
    if (before := flushed_unless_sent(session, actor, sending)) is not None:
        return before
    if draft is not None:
        take_draft(session, draft, wish)
    audit.record(session, now=now, actor_id=actor.id, verb="wish.handed_in", subject=wish)
    session.commit()
    return wish


def waiting_wish(session: Session, wish_id: int) -> Demand:
    """A wish on which the desk has not decided. Raises :class:`NotFound`."""
    wish = session.scalar(sa.select(Demand).where(Demand.id == wish_id, *waiting()))
    if wish is None:
        raise NotFound
    return wish


def waiting():
    """SQL for the wishes on which the desk has not decided."""
    return Demand.type == DemandType.WISH, Demand.published_at.is_(None), Demand.withdrawn_at.is_(None)


def decide_wish(
    session: Session, actor: User, wish: Demand, *, approved: bool, reason: str, now: datetime
) -> None:
    """The desk publishes a wish, or refuses it with a reason; its author is told. Raises NotFound, Invalid, Conflict."""
    if not is_desk(actor):
        raise NotFound
    if wish.published_at is not None or wish.withdrawn_at is not None:
        raise Conflict(_("This has been decided already."), code="decided")
    if not approved and not reason:
        raise Invalid(_("Write why: the author reads it."), code="missing", field="reason")
    if approved and wish.closes_at is not None and wish.closes_at <= now:
        raise Conflict(_("Its deadline has passed: it can only be refused."), code="deadline_passed")
    if approved:
        wish.published_at = now
        outbox.announce_demand(session, wish.id, now)
    else:
        wish.withdrawn_at = now
        wish.particulars = {**(wish.particulars or {}), REFUSED_BECAUSE: reason}
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="wish.published" if approved else "wish.refused",
        subject=wish,
    )
    author = session.get(User, wish.author_id) if wish.author_id else None
    if author is not None:
        with speaking(author.locale):
            post_notice(
                session,
                author,
                MailKind.MEMBERSHIP,
                subject=_("Your wish is public") if approved else _("Your wish was not published"),
                template="emails/wish_decided.txt",
                now=now,
                demand=wish,
                approved=approved,
                reason=reason,
                link=whole_address("demands.show", demand_id=wish.id),
            )
    session.commit()
