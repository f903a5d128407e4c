"""Inviting the supplier of a private list by mail: a link that expires and serves once, of which a hash is kept.

The supplier never asked for the mail, so it carries the way to have no more of them, and who says so is written to
by no group any more. Nobody's address is told to anybody.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.catalogue.import_models import PrivateList
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations.invitations import hash_of
from marketplace.organisations.models import Organisation
from marketplace.permissions import require_role
from marketplace.price_lists import letters

INVITATION_LIFE = timedelta(days=30)
#: The supplier of one list is written to once in this time.
PAUSE = timedelta(days=7)
#: Suppliers that one group invites in a day: mail is not for sending to strangers.
MAX_A_DAY = 10
#: In ``PrivateList.contacts``: hashes of addresses that want no such mail, whoever the list is sent to afterwards.
DECLINED = "declined"
INVITED = "private_list.invited"


def invite_supplier(
    session: Session, actor: User, private_list: PrivateList, email: str, *, token: str, now: datetime
) -> None:
    """Write to ``email``, kept as the supplier's; an older link ends. ``token`` is at least 32 random bytes.

    Raises :class:`Conflict` where it was taken over, the supplier wants no mail, or enough was written.
    """
    require_role(session, actor, private_list.organisation_id)
    email = email.strip()
    if not email:
        raise Invalid(_("Write the supplier's address."), field="supplier_email")
    if private_list.taken_over_at is not None:
        raise Conflict(_("The supplier is here already."), code="taken_over")
    if private_list.invited_at is not None and private_list.invited_at > now - PAUSE:
        raise Conflict(_("The supplier was invited a few days ago: give them time."), code="invited_already")
    if _declined(session, email):
        raise Conflict(_("This address wants no such invitations."), code="declined")
    if _invited_lately(session, private_list.organisation_id, now) >= MAX_A_DAY:
        raise Conflict(_("At most %(n)s suppliers are invited in a day.", n=MAX_A_DAY), code="too_many")
    private_list.supplier_email = email
    private_list.invitation_hash, private_list.invited_at = hash_of(token), now
    audit.record(session, now=now, actor_id=actor.id, verb=INVITED, subject=private_list)
    letters.invite_supplier(session, private_list, token, last_moment(private_list), now)
    session.commit()


def list_of_token(session: Session, token: str, now: datetime, *, lock: bool = False) -> PrivateList:
    """The list that a link opens. Raises :class:`NotFound` where it was used, is too old, or is none."""
    query = sa.select(PrivateList).where(
        PrivateList.invitation_hash == hash_of(token),
        PrivateList.taken_over_at.is_(None),
        PrivateList.invited_at > now - INVITATION_LIFE,
    )
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def last_moment(private_list: PrivateList) -> datetime:
    return private_list.invited_at + INVITATION_LIFE


def decline(session: Session, token: str, *, now: datetime) -> None:
    """Whoever holds the link wants no such mail: the link ends, and the address is written to no more."""
    private_list = list_of_token(session, token, now, lock=True)
    refused = {*private_list.contacts.get(DECLINED, ()), _hash_of_address(private_list.supplier_email)}
    private_list.contacts = private_list.contacts | {DECLINED: sorted(refused)}
    private_list.invitation_hash = None
    audit.record(session, now=now, actor_id=None, verb="private_list.declined", subject=private_list)
    session.commit()


def _declined(session: Session, email: str) -> bool:
    held = session.scalars(
        sa.select(PrivateList.contacts).where(sa.cast(PrivateList.contacts, sa.Text).contains(DECLINED))
    )
    wanted = _hash_of_address(email)
    return any(wanted in contacts.get(DECLINED, ()) for contacts in held)


def _hash_of_address(email: str) -> str:
    """Enough to know an address again, without keeping that of somebody who wants to hear nothing."""
    return hash_of(email.strip().lower())


def _invited_lately(session: Session, organisation_id: int, now: datetime) -> int:
    lists = sa.select(PrivateList.id).where(PrivateList.organisation_id == organisation_id)
    # held, so that two invitations at once are counted one after the other
    session.execute(sa.select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    return session.scalar(
        sa.select(sa.func.count())
        .select_from(AuditEvent)
        .where(
            AuditEvent.verb == INVITED,
            AuditEvent.subject == PrivateList.__tablename__,
            AuditEvent.subject_id.in_(lists),
            AuditEvent.at > now - timedelta(days=1),
        )
    )
