"""Recording how a demand ended, and putting it right; whoever answered is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.choosing.access import require_buyer
from marketplace.choosing.letters import tell_of_outcome
from marketplace.choosing.models import Award, Outcome, OutcomeKind
from marketplace.choosing.outcome_values import (
    TAKES_OUTCOME,
    TOLD_IN_WORDS,
    AwardValues,
    OutcomeValues,
    faults,
)
from marketplace.demands.access import outcome_of, state_of
from marketplace.demands.lifecycle import State, state
from marketplace.demands.models import Demand
from marketplace.demands.telling import tell_followers_of_end
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.proposals.models import Proposal
from marketplace.proposals.rules import may_open
from search.judging import rome_day

_FIELDS = ("reason", "act_number", "act_date", "cig", "link")


def record_outcome(
    session: Session,
    actor: User,
    demand: Demand,
    values: OutcomeValues,
    because: Mapping[int, str],
    *,
    now: datetime,
) -> Outcome:
    """Keep the outcome, or put right the one that was kept. ``because``: what who was not chosen is told, by proposal.

    The same outcome sent again is one, and leaves no trace. Whoever answered is told once, and again only where what concerns them has changed; who follows it, once. Raises
    :class:`marketplace.errors.NotFound` for all but the buyer, :class:`Conflict` while answers are sealed or after a
    withdrawal, :class:`Invalid` with the first fault's field (:func:`marketplace.choosing.outcome_values.faults`).
    """
    require_buyer(session, actor, demand, now, ranked=False)
    if demand.type not in TAKES_OUTCOME:
        raise NotFound
    # of two who record at once the second puts right what the first recorded
    session.execute(sa.select(Demand.id).where(Demand.id == demand.id).with_for_update())
    _require_ended(session, demand, now)
    proposals = handed_in(session, demand)
    chosen = {award.organisation_id for award in values.awards if award.organisation_id is not None}
    _require_answered(proposals, chosen)
    not_chosen = {
        proposal.id: because.get(proposal.id, "") for proposal in proposals if not _won(proposal, chosen)
    }
    for fault in faults(
        values,
        demand.type,
        lot_ids={lot.id for lot in demand.lots},
        not_chosen=not_chosen,
        today=rome_day(now),
    ):
        raise Invalid(code=fault.code, field=fault.field)
    outcome = outcome_of(session, demand)
    if outcome is not None and _says(outcome, proposals, values, not_chosen, demand):
        return outcome
    told_before = {} if outcome is None else _told(outcome, proposals)
    before = None if outcome is None else _summary(outcome)
    if outcome is None:
        outcome = Outcome(demand_id=demand.id, recorded_by_id=actor.id, recorded_at=now)
        session.add(outcome)
    _write(outcome, values)
    for proposal in proposals:
        proposal.not_chosen_because = _said(proposal, values, not_chosen, demand)
    session.flush()
    verb, details = ("outcome.recorded", {}) if before is None else ("outcome.corrected", {"before": before})
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb=verb,
        subject=demand,
        outcome_id=outcome.id,
        after=_summary(outcome),
        **details,
    )
    told = _told(outcome, proposals)
    people: set[int] = set()
    for proposal in proposals:
        if told_before.get(proposal.id) != told[proposal.id]:
            people |= tell_of_outcome(
                session, demand, outcome, proposal, chosen=_won(proposal, chosen), now=now
            )
    if before is None:
        tell_followers_of_end(session, demand, now, but=people)
    session.commit()
    return outcome


def handed_in(session: Session, demand: Demand) -> Sequence[Proposal]:
    """The answers that whoever gave them is told about."""
    return session.scalars(
        sa.select(Proposal)
        .where(
            Proposal.demand_id == demand.id,
            Proposal.submitted_at.is_not(None),
            Proposal.withdrawn_at.is_(None),
        )
        .order_by(Proposal.id)
    ).all()


def _require_ended(session: Session, demand: Demand, now: datetime) -> None:
    where = state_of(session, demand, now)
    if where is State.WITHDRAWN:
        raise Conflict(_("This request was withdrawn."), code="withdrawn")
    # an outcome that is put right does not unseal what the deadline still seals
    if not may_open(demand, state(demand, now)):
        raise Conflict(
            _("Answers are still taken: the outcome is recorded after the deadline."), code="answers_sealed"
        )


def _require_answered(proposals: Sequence[Proposal], chosen: set[int]) -> None:
    """Chosen by id is who answered; anybody else is written by name."""
    answered = {id_ for proposal in proposals for id_ in _suppliers(proposal)}
    if not chosen <= answered:
        raise Invalid(code="not_here", field="awards")


def _suppliers(proposal: Proposal) -> set[int]:
    agreed = {
        partner.organisation_id
        for partner in proposal.partners
        if partner.agreed_at and not partner.declined_at
    }
    return {proposal.organisation_id} | agreed


def _won(proposal: Proposal, chosen: set[int]) -> bool:
    return bool(_suppliers(proposal) & chosen)


def _said(proposal: Proposal, values: OutcomeValues, not_chosen: Mapping[int, str], demand: Demand) -> str:
    """Why a proposal was not chosen, as its supplier is told; nothing where nobody was."""
    if demand.type in TOLD_IN_WORDS:
        return proposal.not_chosen_because
    return not_chosen.get(proposal.id, "") if values.kind is OutcomeKind.AWARDED else ""


def _says(
    outcome: Outcome,
    proposals: Sequence[Proposal],
    values: OutcomeValues,
    not_chosen: Mapping[int, str],
    demand: Demand,
) -> bool:
    """Whether what is kept already says this."""
    kept = OutcomeValues(
        OutcomeKind(outcome.kind),
        **{field: getattr(outcome, field) for field in _FIELDS},
        awards=tuple(
            AwardValues(award.organisation_id, award.name, award.tax_code, award.lot_id, award.amount)
            for award in outcome.awards
        ),
    )
    return kept == values and all(
        proposal.not_chosen_because == _said(proposal, values, not_chosen, demand) for proposal in proposals
    )


def _write(outcome: Outcome, values: OutcomeValues) -> None:
    outcome.kind = values.kind
    for field in _FIELDS:
        setattr(outcome, field, getattr(values, field))
    outcome.awards = [
        Award(
            organisation_id=award.organisation_id,
            name=award.name,
            tax_code=award.tax_code,
            lot_id=award.lot_id,
            amount=award.amount,
        )
        for award in values.awards
    ]


def _told(outcome: Outcome, proposals: Sequence[Proposal]) -> dict[int, tuple]:
    """What each proposal was told: whether it was chosen, and why not."""
    chosen = {award.organisation_id for award in outcome.awards}
    return {
        proposal.id: (
            outcome.kind,
            _won(proposal, chosen),
            proposal.not_chosen_because if outcome.kind == OutcomeKind.AWARDED else outcome.reason,
        )
        for proposal in proposals
    }


def _summary(outcome: Outcome) -> dict:
    """For the trace: no names, which may be people's."""
    return {
        "kind": outcome.kind,
        "act_number": outcome.act_number,
        "act_date": outcome.act_date.isoformat() if outcome.act_date else None,
        "cig": outcome.cig,
        "awards": [
            {"organisation_id": award.organisation_id, "lot_id": award.lot_id, "amount": award.amount}
            for award in outcome.awards
        ],
    }
