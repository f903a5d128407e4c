"""Mails that tell whoever answered what became of it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.choosing.models import Outcome
from marketplace.demands.models import Demand
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.organisations.letters import owners_of
from marketplace.page_address import whole_address
from marketplace.proposals.models import Proposal


def tell_of_outcome(
    session: Session, demand: Demand, outcome: Outcome, proposal: Proposal, *, chosen: bool, now: datetime
) -> set[int]:
    """To the owners of the supplier, and of its partners who had agreed: whether it was chosen, and why not.

    Their ids.
    """
    suppliers = [proposal.organisation_id] + [
        partner.organisation_id
        for partner in proposal.partners
        if partner.agreed_at and not partner.declined_at
    ]
    people = {owner.id: owner for supplier in suppliers for owner in owners_of(session, supplier)}
    for person in people.values():
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.OUTCOMES,
                subject=_("What became of “%(title)s”", title=demand.title),
                template="emails/outcome.txt",
                now=now,
                demand=demand,
                outcome=outcome,
                proposal=proposal,
                chosen=chosen,
                link=whole_address("demands.show", demand_id=demand.id),
            )
    return set(people)
