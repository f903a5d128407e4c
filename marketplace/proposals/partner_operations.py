"""Answering together: one leads and asks others, each agrees or not and writes its own part."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, NotFound
from marketplace.organisations.models import Organisation, Status
from marketplace.proposals import letters, queries
from marketplace.proposals.models import Proposal, ProposalPartner
from marketplace.proposals.operations import begin_proposal, demand_to_answer, held_proposal
from marketplace.proposals.rules import PRICED_TYPES, may_supply

#: Partners of one joint answer, its leader not counted.
MOST_PARTNERS = 8
#: Invitations to one answer within a day: taking somebody off and asking again writes to them each time.
MOST_INVITATIONS_A_DAY = 2 * MOST_PARTNERS


def invite_partners(
    session: Session, actor: User, demand_id: int, slug: str, partner_ids: list[int], *, now: datetime
) -> Proposal:
    """Ask other suppliers to answer together; whoever was asked already hears nothing again.

    Raises as ``demand_to_answer``; :class:`NotFound` for whoever cannot be asked; :class:`Conflict` where the answer
    is handed in already (``handed_in``), where the organisation itself follows somebody (``not_leading``), or for
    too many.
    """
    demand, lead = demand_to_answer(session, actor, demand_id, slug, now)
    if demand.type not in PRICED_TYPES:
        raise NotFound
    proposal = held_proposal(session, demand, lead)
    if proposal is not None and proposal.organisation_id != lead.id:
        raise Conflict(_("You already answer together with others."), code="not_leading")
    if proposal is None:
        proposal = begin_proposal(session, actor, demand, lead, now)
    if proposal.submitted_at is not None and proposal.withdrawn_at is None:
        raise Conflict(
            _("Your answer is handed in: take it back first, then answer together."), code="handed_in"
        )
    known = {one.organisation_id: one for one in proposal.partners}
    _check_pace(session, proposal, len(partner_ids), now)
    for partner_id in dict.fromkeys(partner_ids):
        partner = session.get(Organisation, partner_id)
        if (
            partner is None
            or partner.status != Status.ACTIVE
            or not may_supply(partner.kind_codes)
            or partner.id in (lead.id, demand.organisation_id)
        ):
            raise NotFound
        row = known.get(partner.id)
        if row is not None and row.declined_at is None:
            continue
        if row is None:
            if len(known) >= MOST_PARTNERS:
                raise Conflict(_("So many cannot answer together."), code="too_many_partners")
            known[partner.id] = row = ProposalPartner(organisation_id=partner.id, invited_at=now)
            proposal.partners.append(row)
        row.invited_at, row.agreed_at, row.declined_at = now, None, None
        letters.invite_partner(session, demand, lead, partner, now)
        audit.record(
            session,
            now=now,
            actor_id=actor.id,
            verb="proposal.partner_invited",
            subject=proposal,
            partner=partner.id,
        )
    proposal.updated_at = now
    session.commit()
    return proposal


def reply_to_invitation(
    session: Session, actor: User, demand_id: int, slug: str, proposal_id: int, *, agree: bool, now: datetime
) -> None:
    """Agree to answer together, or not; whoever agreed may leave until the deadline, and its part goes with it.

    Raises as ``demand_to_answer``; :class:`NotFound` where it was not invited; :class:`Conflict` where the
    organisation has handed in an answer of its own (``own_answer``) or answers with others already.
    """
    demand, organisation = demand_to_answer(session, actor, demand_id, slug, now)
    proposal = session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    row = (
        _row_of(proposal, organisation.id)
        if proposal is not None and proposal.demand_id == demand.id
        else None
    )
    if row is None or row.declined_at is not None:
        raise NotFound
    if agree:
        if row.agreed_at is not None:
            return
        _refuse_second_answer(session, proposal, organisation)
        row.agreed_at = now
    else:
        row.declined_at = now
        if row.agreed_at is not None:
            drop_part(proposal, organisation.id)
    proposal.updated_at = now
    verb = "proposal.partner_agreed" if agree else "proposal.partner_declined"
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=proposal, partner=organisation.id)
    letters.tell_lead_of_partner(session, demand, proposal.organisation_id, organisation, agree, now)
    session.commit()


def remove_partner(
    session: Session, actor: User, demand_id: int, slug: str, partner_id: int, *, now: datetime
) -> None:
    """Take a partner off, by who leads; what it wrote goes with it. Raises :class:`NotFound` where it is none."""
    demand, lead = demand_to_answer(session, actor, demand_id, slug, now)
    proposal = held_proposal(session, demand, lead)
    row = (
        _row_of(proposal, partner_id)
        if proposal is not None and proposal.organisation_id == lead.id
        else None
    )
    if row is None:
        raise NotFound
    proposal.partners.remove(row)
    if row.agreed_at is not None and row.declined_at is None:
        drop_part(proposal, partner_id)
    proposal.updated_at = now
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="proposal.partner_removed",
        subject=proposal,
        partner=partner_id,
    )
    session.commit()


def show_prices(
    session: Session, actor: User, demand_id: int, slug: str, *, shown: bool, now: datetime
) -> None:
    """Let the partners who agree read the leader's prices, or no longer; by who leads, else :class:`NotFound`."""
    demand, lead = demand_to_answer(session, actor, demand_id, slug, now)
    proposal = held_proposal(session, demand, lead)
    if proposal is None or proposal.organisation_id != lead.id:
        raise NotFound
    if proposal.shows_prices == shown:
        return
    proposal.shows_prices, proposal.updated_at = shown, now
    verb = "proposal.prices_shown" if shown else "proposal.prices_hidden"
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=proposal)
    session.commit()


def _check_pace(session: Session, proposal: Proposal, asked: int, now: datetime) -> None:
    event = audit.AuditEvent
    lately = session.scalar(
        sa.select(sa.func.count(event.id)).where(
            event.subject == Proposal.__tablename__,
            event.subject_id == proposal.id,
            event.verb == "proposal.partner_invited",
            event.at > now - timedelta(days=1),
        )
    )
    if lately + asked > MOST_INVITATIONS_A_DAY:
        raise Conflict(_("So many invitations were sent today: go on tomorrow."), code="too_many_today")


def drop_part(proposal: Proposal, organisation_id: int) -> None:
    """Without a partner's lines and proofs; an answer that had been handed in with them is a draft again."""
    proposal.lines[:] = [one for one in proposal.lines if one.organisation_id != organisation_id]
    proposal.proofs = [one for one in proposal.proofs if one.get("organisation_id") != organisation_id]
    proposal.submitted_at = None


def _row_of(proposal: Proposal, organisation_id: int) -> ProposalPartner | None:
    return next((one for one in proposal.partners if one.organisation_id == organisation_id), None)


def _refuse_second_answer(session: Session, proposal: Proposal, organisation: Organisation) -> None:
    """One answer of each supplier, alone or together."""
    other = queries.proposal_with(session, proposal.demand_id, organisation.id)
    if other is None or other.id == proposal.id:
        return
    follows = other.organisation_id != organisation.id
    own = other.submitted_at is not None and other.withdrawn_at is None
    if follows or own:
        raise Conflict(
            _("You answer this request already: take that answer back first."),
            code="own_answer",
        )
