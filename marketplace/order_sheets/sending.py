"""The order goes to its suppliers: once, as a mail with its files, or handed over by whoever coordinates."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.catalogue.import_models import PrivateList
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.order_sheets import letters
from marketplace.order_sheets.access import has_account, source_of_token
from marketplace.order_sheets.queries import sheet_of
from marketplace.orders.models import CycleSource, OrderCycle
from marketplace.orders.operations import held
from marketplace.organisations.invitations import hash_of
from marketplace.permissions import require_role

#: Mails to one supplier about one order, sent again by hand; a mail is not for wearing people out.
MAX_SENT_AGAIN = 5
#: In ``PrivateList.contacts``: the supplier wants no orders by mail.
NO_MAILS = "no_orders_by_mail"
SENT_AGAIN = "cycle.sent_again"


def send_order(
    session: Session,
    cycle_id: int,
    *,
    now: datetime,
    new_token: Callable[[], str],
    actor: User | None = None,
    by_hand: bool = False,
) -> bool:
    """Send to each supplier what is asked of it; ``False`` where that was done already.

    By the worker (``actor`` is ``None``) or an editor of the coordinating group. The order counts as sent once every
    supplier of whom something is asked has it: who has no address gets it from the coordinator, who says so
    (``by_hand``). ``new_token`` makes at least 32 random bytes each time. Raises :class:`Conflict` ``not_fixed``
    before boxes and shares are worked out, ``nothing_ordered``, ``no_address``.
    """
    cycle = held(session, cycle_id)
    if actor is not None:
        require_role(session, actor, cycle.organisation_id)
    if cycle.sent_at is not None or cycle.cancelled_at is not None:
        session.rollback()
        return False
    if cycle.fixed_at is None:
        raise Conflict(_("Boxes and shares have to be worked out first."), code="not_fixed")
    waiting = []
    asked = False
    for source in cycle.sources:
        sheet = sheet_of(session, cycle, source)
        if not sheet.products:
            continue
        asked = True
        if source.sent_at is not None:
            continue
        by_mail = bool(source.email) and not declined(session, source)
        if not by_mail and not by_hand:
            waiting.append(source)
            continue
        if by_mail:
            token = None if has_account(session, source) else _new_link(source, new_token)
            letters.order(session, cycle, source, sheet, token, now)
        source.sent_at = now
        audit.record(
            session, now=now, actor_id=actor.id if actor else None, verb="cycle.sent_to", subject=cycle,
            source=source.id, by_mail=by_mail,
        )  # fmt: skip
    if not asked:
        raise Conflict(_("Nothing is ordered: there is nothing to send."), code="nothing_ordered")
    if not waiting:
        cycle.sent_at = now
        audit.record(session, now=now, actor_id=actor.id if actor else None, verb="cycle.sent", subject=cycle)
        letters.sent(session, cycle, now)
    session.commit()
    if waiting and actor is not None:
        raise Conflict(
            _(
                "%(names)s: without an address no mail can go there. Write one, or hand the files over yourself.",
                names=", ".join(source.name for source in waiting),
            ),
            code="no_address",
        )
    return not waiting


def _new_link(source: CycleSource, new_token: Callable[[], str]) -> str:
    token = new_token()
    source.token_hash = hash_of(token)
    return token


def change_address(
    session: Session, actor: User, cycle_id: int, source_id: int, email: str, *, now: datetime
) -> None:
    """Of this order's supplier only; until the delivery. By an editor of the coordinating group."""
    cycle, source = _held_source(session, actor, cycle_id, source_id)
    if source.email != email.strip():
        source.email = email.strip()
        audit.record(
            session, now=now, actor_id=actor.id, verb="cycle.address_changed", subject=cycle, source=source_id
        )
    session.commit()


def send_again(
    session: Session,
    actor: User,
    cycle_id: int,
    source_id: int,
    *,
    now: datetime,
    new_token: Callable[[], str],
) -> None:
    """The same mail with the files of now, to who did not get it; an older link ends. The order was sent when it was."""
    cycle, source = _held_source(session, actor, cycle_id, source_id)
    if source.sent_at is None:
        raise Conflict(_("The order was not sent yet."), code="not_sent")
    if not source.email:
        raise Invalid(_("Write an address."), code="missing", field="email")
    if declined(session, source):
        raise Conflict(_("This supplier wants no mails: hand the order over yourself."), code="declined")
    before = session.scalar(
        sa.select(sa.func.count())
        .select_from(audit.AuditEvent)
        .where(
            audit.AuditEvent.verb == SENT_AGAIN,
            audit.AuditEvent.subject == CycleSource.__tablename__,
            audit.AuditEvent.subject_id == source.id,
        )
    )
    if before >= MAX_SENT_AGAIN:
        raise Conflict(_("It was sent again often enough: call the supplier."), code="too_many")
    token = None if has_account(session, source) else _new_link(source, new_token)
    letters.order(session, cycle, source, sheet_of(session, cycle, source), token, now)
    audit.record(session, now=now, actor_id=actor.id, verb=SENT_AGAIN, subject=source)
    session.commit()


def make_link(
    session: Session,
    actor: User,
    cycle_id: int,
    source_id: int,
    *,
    now: datetime,
    new_token: Callable[[], str],
) -> str:
    """A new link to pass on by hand, shown once: only its hash is kept, and an older one ends."""
    cycle, source = _held_source(session, actor, cycle_id, source_id)
    if source.sent_at is None:
        raise Conflict(_("The order was not sent yet."), code="not_sent")
    token = _new_link(source, new_token)
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.link_made", subject=cycle, source=source_id)
    session.commit()
    return token


def _held_source(
    session: Session, actor: User, cycle_id: int, source_id: int
) -> tuple[OrderCycle, CycleSource]:
    cycle = held(session, cycle_id)
    require_role(session, actor, cycle.organisation_id)
    source = session.get(CycleSource, source_id)
    if source is None or source.cycle_id != cycle.id:
        raise NotFound
    if cycle.delivered_at is not None or cycle.cancelled_at is not None:
        raise Conflict(_("This order is over for the supplier."), code="too_late")
    return cycle, source


def declined(session: Session, source: CycleSource) -> bool:
    """Whether the supplier of a private list said that it wants no orders by mail."""
    if source.private_list_id is None:
        return False
    return bool(session.get_one(PrivateList, source.private_list_id).contacts.get(NO_MAILS))


def decline_mails(session: Session, token: str, *, now: datetime) -> None:
    """Whoever holds the link wants no more orders by mail from this group; the link itself stays."""
    source, cycle = source_of_token(session, token, now)
    if source.private_list_id is not None:
        private_list = session.get_one(PrivateList, source.private_list_id)
        private_list.contacts = private_list.contacts | {NO_MAILS: True}
    source.email = ""
    audit.record(
        session, now=now, actor_id=None, verb="cycle.mails_declined", subject=cycle, source=source.id
    )
    session.commit()
