"""Telling those who take part in a board of its meetings and documents."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.boards.models import BoardMeeting, BoardPartner
from marketplace.demands.models import Demand
from marketplace.demands.posting_models import DemandAttachment
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from marketplace.page_address import whole_address


def tell_partners(
    session: Session,
    demand: Demand,
    now: datetime,
    *,
    meeting: BoardMeeting | None = None,
    document: DemandAttachment | None = None,
) -> None:
    """One mail to each editor of each partner, however many partners they write for."""
    people = session.scalars(
        sa.select(User)
        .join(Membership, Membership.person_id == User.id)
        .join(BoardPartner, BoardPartner.organisation_id == Membership.organisation_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            BoardPartner.demand_id == demand.id,
            BoardPartner.left_at.is_(None),
            Membership.role.in_([MemberRole.OWNER, MemberRole.EDITOR]),
            Organisation.status == Status.ACTIVE,
        )
        .order_by(User.id)
    ).unique()
    for person in people:
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.BOARDS,
                subject=_("News of the board “%(title)s”", title=demand.title),
                template="emails/board.txt",
                now=now,
                demand=demand,
                meeting=meeting,
                document=document,
                link=whole_address("boards.show", demand_id=demand.id),
            )
