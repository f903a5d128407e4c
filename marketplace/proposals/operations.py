"""Writing, handing in and taking back an answer: each authorises, changes, records and commits."""

from collections import Counter
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.demands.access import readable_demand, state_of
from marketplace.demands.models import Demand
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations.models import Organisation
from marketplace.proposals import letters, queries
from marketplace.proposals.answer_values import AnswerValues, Lacking, LineValues, lacking
from marketplace.proposals.models import PromptReply, Proposal, ProposalLine
from marketplace.proposals.rules import ASKS_EXPERIENCE, PRICED_TYPES, WITH_VAT, takes_proposals
from marketplace.proposals.standing import answering_organisations, claims_to_show, frozen_proof


def demand_to_answer(
    session: Session, actor: User, demand_id: int, slug: str, now: datetime
) -> tuple[Demand, Organisation]:
    """The demand and the organisation in whose name the actor answers it now.

    ``now`` is a moment at which the demand is held (:func:`marketplace.proposals.deadline.moment_to_answer`).

    Raises :class:`NotFound` where there is no such demand for the actor, or no such organisation of theirs that
    supplies and is not the buyer; :class:`Conflict` where the demand takes no answers, or takes none any more.
    """
    demand = readable_demand(session, actor, demand_id, now)
    organisation = next(
        (one for one in answering_organisations(session, actor, demand) if one.slug == slug), None
    )
    if organisation is None:
        raise NotFound
    if not takes_proposals(demand, state_of(session, demand, now)):
        raise Conflict(_("Answers are not taken any more: what was handed in stays as it is."), code="closed")
    return demand, organisation


def held_proposal(session: Session, demand: Demand, organisation: Organisation) -> Proposal | None:
    """The proposal that the organisation takes part in, read again and held until the end of the transaction."""
    found = queries.proposal_with(session, demand.id, organisation.id)
    if found is not None:
        session.refresh(found, with_for_update=True)
    return found


def save_proposal(
    session: Session,
    actor: User,
    demand_id: int,
    slug: str,
    values: AnswerValues,
    *,
    version: int,
    hand_in: bool,
    now: datetime,
) -> Proposal:
    """Keep what an organisation answers, and with ``hand_in`` hand it in. ``version`` is the one that was looked at, 0 for none.

    The same answer sent twice is one. A proposal that was handed in stays so, and must stay complete. In a joint
    one a partner keeps its own lines and proofs, and its leader hands in once everybody has agreed.

    Raises as :func:`demand_to_answer`; :class:`Conflict` (``changed_meanwhile``) where somebody else has changed it
    since, (``partners_undecided``) where a partner has not agreed yet; :class:`Invalid` for what is lacking.
    """
    demand, organisation = demand_to_answer(session, actor, demand_id, slug, now)
    values = _fitting(session, demand, organisation, values, now)
    proposal = held_proposal(session, demand, organisation)
    if (proposal.version if proposal is not None else 0) != version:
        if (
            proposal is not None
            and _says(proposal, demand, organisation, values)
            and (not hand_in or proposal.submitted_at is not None)
        ):
            return proposal
        raise Conflict(_("Somebody else has changed this answer in the meantime."), code="changed_meanwhile")
    leads = proposal is None or proposal.organisation_id == organisation.id
    was_handed_in = (
        proposal is not None and proposal.submitted_at is not None and proposal.withdrawn_at is None
    )
    hand_in = was_handed_in or (hand_in and leads)
    if hand_in:
        _refuse_what_lacks(proposal, demand, organisation, values)
    if proposal is None:
        proposal = begin_proposal(session, actor, demand, organisation, now)
    _write(session, proposal, demand, organisation, values, now)
    proposal.updated_at, proposal.withdrawn_at = now, None
    if leads:
        proposal.author_id = actor.id
    proposal.submitted_at = now if hand_in else None
    verb = "proposal.changed" if was_handed_in else "proposal.handed_in" if hand_in else "proposal.saved"
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=proposal)
    if hand_in and not was_handed_in:
        letters.tell_buyer_of_answer(session, demand, now)
    session.commit()
    return proposal


def withdraw_proposal(session: Session, actor: User, demand_id: int, slug: str, *, now: datetime) -> None:
    """Take an answer back, by who leads it, until the deadline; doing it again changes nothing."""
    demand, organisation = demand_to_answer(session, actor, demand_id, slug, now)
    proposal = held_proposal(session, demand, organisation)
    if proposal is None or proposal.organisation_id != organisation.id:
        raise NotFound
    if proposal.withdrawn_at is not None:
        return
    proposal.withdrawn_at = proposal.updated_at = now
    audit.record(session, now=now, actor_id=actor.id, verb="proposal.withdrawn", subject=proposal)
    session.commit()


def begin_proposal(
    session: Session, actor: User, demand: Demand, organisation: Organisation, now: datetime
) -> Proposal:
    proposal = Proposal(
        demand_id=demand.id,
        organisation_id=organisation.id,
        author_id=actor.id,
        with_vat=demand.type in WITH_VAT,
        proofs=[],
        created_at=now,
        updated_at=now,
    )
    session.add(proposal)
    try:
        session.flush()
    except IntegrityError:
        # on PostgreSQL another one of the same organisation was begun in this very moment
        session.rollback()
        raise Conflict(
            _("Somebody else has changed this answer in the meantime."), code="changed_meanwhile"
        ) from None
    return proposal


def _fitting(
    session: Session, demand: Demand, organisation: Organisation, values: AnswerValues, now: datetime
) -> AnswerValues:
    """What this type takes of what came. Raises :class:`NotFound` for lots, offers, claims or prompts of others."""
    lots = {lot.id for lot in demand.lots}
    asked = {prompt.id for prompt in queries.prompts(session, demand.id)}
    shown = {claim.id for claim in claims_to_show(session, demand, organisation.id, now)}
    lines = tuple(line for line in values.lines if not line.is_empty) if demand.type in PRICED_TYPES else ()
    if not {line.lot_id for line in lines} <= lots or not values.replies.keys() <= asked:
        raise NotFound
    if not values.claim_ids <= shown:
        raise NotFound
    for line in lines:
        if line.offer_id is not None:
            offer = session.get(Offer, line.offer_id)
            if (
                offer is None
                or offer.organisation_id != organisation.id
                or offer.status != OfferStatus.PUBLISHED
            ):
                raise NotFound
    return AnswerValues(
        message=values.message,
        experience=values.experience if demand.type in ASKS_EXPERIENCE else "",
        lines=lines,
        claim_ids=values.claim_ids,
        replies={id_: text for id_, text in values.replies.items() if text},
    )


def _refuse_what_lacks(
    proposal: Proposal | None, demand: Demand, organisation: Organisation, values: AnswerValues
) -> None:
    wrong = lacking_of(proposal, demand, organisation, values)
    if wrong:
        raise Invalid(code=wrong[0].code, field=str(wrong[0].lot_id or ""))
    partners = proposal.partners if proposal is not None else ()
    if any(one.agreed_at is None and one.declined_at is None for one in partners):
        raise Conflict(
            _("Not everybody whom you asked has agreed yet: wait, or take them off."),
            code="partners_undecided",
        )


def lacking_of(
    proposal: Proposal | None, demand: Demand, organisation: Organisation, values: AnswerValues
) -> list[Lacking]:
    """What the answer lacks to be handed in, with what its partners bring."""
    others = Counter(
        line.lot_id
        for line in (proposal.lines if proposal is not None else ())
        if line.organisation_id != organisation.id
    )
    return lacking(demand.type, demand.lots, values, brought_by_others=others)


def _write(
    session: Session,
    proposal: Proposal,
    demand: Demand,
    organisation: Organisation,
    values: AnswerValues,
    now: datetime,
) -> None:
    """Put the organisation's own part; what its partners wrote stays."""
    new = {line.lot_id: line for line in values.lines}
    for line in [one for one in proposal.lines if one.organisation_id == organisation.id]:
        if line.lot_id in new:
            _set_line(line, new.pop(line.lot_id))
        else:
            proposal.lines.remove(line)
    for line in new.values():
        row = ProposalLine(lot_id=line.lot_id, organisation_id=organisation.id)
        _set_line(row, line)
        proposal.lines.append(row)
    others = [one for one in proposal.proofs if one.get("organisation_id") != organisation.id]
    shown = [
        frozen_proof(claim)
        for claim in claims_to_show(session, demand, organisation.id, now)
        if claim.id in values.claim_ids
    ]
    proposal.proofs = others + shown
    if proposal.organisation_id != organisation.id:
        return
    proposal.message, proposal.experience = values.message, values.experience
    replies = {reply.prompt_id: reply for reply in proposal.replies}
    for prompt_id, text in values.replies.items():
        if prompt_id in replies:
            replies.pop(prompt_id).text = text
        else:
            proposal.replies.append(PromptReply(prompt_id=prompt_id, text=text))
    for gone in replies.values():
        proposal.replies.remove(gone)


def _set_line(row: ProposalLine, line: LineValues) -> None:
    row.price, row.vat_rate, row.quantity = line.price, line.vat_rate, line.quantity
    row.available_from, row.offer_id, row.note = line.available_from, line.offer_id, line.note


def values_of(proposal: Proposal, organisation_id: int) -> AnswerValues:
    """One organisation's own part of a proposal, as it was written."""
    leads = proposal.organisation_id == organisation_id
    return AnswerValues(
        message=proposal.message if leads else "",
        experience=proposal.experience if leads else "",
        lines=tuple(
            LineValues(
                line.lot_id,
                line.price,
                line.vat_rate,
                line.quantity,
                line.available_from,
                line.offer_id,
                line.note,
            )
            for line in proposal.lines
            if line.organisation_id == organisation_id
        ),
        claim_ids=frozenset(
            one["claim_id"] for one in proposal.proofs if one.get("organisation_id") == organisation_id
        ),
        replies={reply.prompt_id: reply.text for reply in proposal.replies} if leads else {},
    )


def _says(proposal: Proposal, demand: Demand, organisation: Organisation, values: AnswerValues) -> bool:
    """Whether the proposal already says this."""
    own = values_of(proposal, organisation.id)
    if proposal.organisation_id != organisation.id:
        values = AnswerValues(lines=values.lines, claim_ids=values.claim_ids)
    return (own.message, own.experience, sorted(own.lines, key=_lot), own.claim_ids, dict(own.replies)) == (
        values.message,
        values.experience,
        sorted(values.lines, key=_lot),
        values.claim_ids,
        dict(values.replies),
    )


def _lot(line: LineValues) -> int:
    return line.lot_id
