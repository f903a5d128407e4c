"""What is done on delivery night: each thing once, under its own key, and never over what somebody else wrote unseen.

Who does it at a time holds the cycle, so that what was decided on is what is written. A key that comes again gets
the answer of the first time. Amounts, money and moves are recorded with who and when; once the order is delivered
everything is, as a correction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.delivery import letters
from marketplace.delivery.access import Hands, hands_in
from marketplace.delivery.actions import Action, Kind
from marketplace.delivery.outcomes import Held, Outcome, decide, move
from marketplace.errors import Conflict, Invalid
from marketplace.households.queries import settings_of
from marketplace.orders.booking_models import Allotment, Basket, Submission
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleGroup, CycleProduct, OrderCycle, PickupPlace
from marketplace.orders.operations import held
from marketplace.permissions import require_role

DONE, CORRECTED = "delivery.changed", "delivery.corrected"
MOVED = "delivery.moved"
REFUSED = "delivery.conflict"
#: No value is negative: whoever has not seen what stands there cannot write over it.
_NEVER = -1


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an action: what stands ``now``, who wrote it (``by``, the person's id), or what is wrong."""

    key: str
    outcome: Outcome
    basket: int | None = None
    now: int | None = None
    by: int | None = None
    problem: str = ""

    def as_json(self) -> dict:
        return {
            "outcome": self.outcome,
            "basket": self.basket,
            "now": self.now,
            "by": self.by,
            "problem": self.problem,
        }


def record_actions(
    session: Session, actor: User, cycle_id: int, actions: Sequence[Action], *, now: datetime
) -> list[Answer]:
    """Do what can be done, each on its own, in the order given; one answer for each.

    By who hands out at the household's place. :class:`NotFound` for anybody else, :class:`Conflict` ``settled`` once
    the order is settled.
    """
    held(session, cycle_id)
    hands = hands_in(session, actor, cycle_id, now)
    if hands.cycle.settled_at is not None:
        raise Conflict(_("This order is settled: nothing changes in it any more."), code="settled")
    answers = []
    for action in actions:
        if not action.key:
            raise Invalid(code="missing", field="key")
        sent = session.get(Submission, action.key)
        if sent is not None:
            answers.append(_answer_again(sent, actor, cycle_id, action))
            continue
        answer = _do(session, actor, hands, action, now)
        answers.append(answer)
        if answer.outcome in {Outcome.DONE, Outcome.ALREADY, Outcome.CONFLICT}:
            session.add(
                Submission(
                    key=action.key, cycle_id=cycle_id, person_id=actor.id, at=now, answer=answer.as_json()
                )
            )
            session.flush()
    session.commit()
    return answers


def _answer_again(sent: Submission, actor: User, cycle_id: int, action: Action) -> Answer:
    if sent.cycle_id != cycle_id or sent.person_id != actor.id or "outcome" not in sent.answer:
        return Answer(action.key, Outcome.NOT_FOUND)
    kept = dict(sent.answer)
    return Answer(action.key, Outcome(kept.pop("outcome")), **kept)


def _do(session: Session, actor: User, hands: Hands, action: Action, now: datetime) -> Answer:
    basket = basket_for(session, hands, action.basket)
    if basket is None:
        return Answer(action.key, Outcome.NOT_FOUND)
    if action.problem:
        return Answer(action.key, Outcome.INVALID, basket.id, problem=action.problem)
    if action.kind is Kind.MOVE:
        return _move(session, actor, hands, basket, action, now)
    if action.kind is Kind.PAID and _keeps_accounts(session, basket):
        return Answer(
            action.key, Outcome.INVALID, basket.id, problem=_("This group keeps accounts: payments go there.")
        )
    line = None
    if action.product is not None:
        line = _line(session, basket, action.product)
        if line is None:
            return Answer(action.key, Outcome.NOT_FOUND)
        if action.kind is Kind.WEIGHT and not session.get_one(CycleProduct, action.product).piece_weight:
            return Answer(action.key, Outcome.NOT_FOUND)
    current = _value(action.kind, basket, line)
    outcome = decide(current, _seen(session, actor, hands, action), action.wanted)
    if outcome is not Outcome.DONE:
        by = _who_wrote(session, action, basket, line)
        if outcome is Outcome.CONFLICT:
            _note(session, actor, hands, basket, action, REFUSED, current, now)
        return Answer(action.key, outcome, basket.id, current, by)
    _write(action, basket, line, actor, now)
    _note(session, actor, hands, basket, action, _verb(hands), current, now)
    session.flush()
    return Answer(action.key, Outcome.DONE, basket.id, _value(action.kind, basket, line), actor.id)


def _seen(session: Session, actor: User, hands: Hands, action: Action) -> int | None:
    """What the actor knew: what the page showed, or what became of what they had done to the same thing before."""
    before = session.get(Submission, action.after) if action.after else None
    if before is None or before.person_id != actor.id or before.cycle_id != hands.cycle.id:
        return action.seen
    if before.answer.get("outcome") == Outcome.CONFLICT:
        return _NEVER
    return before.answer.get("now")


def basket_for(session: Session, hands: Hands, basket_id: int | None) -> Basket | None:
    """The basket as it is now, where the actor hands out to it; who chose no place collects at the group's first."""
    basket = session.get(Basket, basket_id, populate_existing=True) if basket_id else None
    if basket is None or basket.cycle_id != hands.cycle.id:
        return None
    if basket.group_id in hands.standing.referente_of:
        return basket
    place_id = basket.place_id or first_place(session, basket.group_id)
    return basket if any(place.id == place_id for place in hands.places) else None


def first_place(session: Session, group_id: int) -> int | None:
    return session.scalar(
        sa.select(PickupPlace.id)
        .where(PickupPlace.group_id == group_id)
        .order_by(PickupPlace.position, PickupPlace.id)
        .limit(1)
    )


def _line(session: Session, basket: Basket, product_id: int) -> Allotment | None:
    return session.get(Allotment, (product_id, basket.id), populate_existing=True)


def _keeps_accounts(session: Session, basket: Basket) -> bool:
    group = session.get_one(CycleGroup, basket.group_id)
    return settings_of(session, group.organisation_id).keeps_accounts


def _value(kind: Kind, basket: Basket, line: Allotment | None) -> int | None:
    if kind is Kind.COLLECTED:
        return int(basket.collected_at is not None)
    if kind is Kind.PAID:
        return basket.paid
    if kind is Kind.TICK:
        return int(line.ticked_at is not None)
    return {Kind.WEIGHT: line.weight, Kind.DELIVERED: line.delivered, Kind.RETURNED: line.returned}[kind]


def _write(action: Action, basket: Basket, line: Allotment | None, actor: User, now: datetime) -> None:
    if action.kind is Kind.COLLECTED:
        basket.collected_at = now if action.wanted else None
    elif action.kind is Kind.PAID:
        paid = action.wanted is not None
        basket.paid = action.wanted
        basket.paid_at, basket.paid_to_id = (now, actor.id) if paid else (None, None)
    elif action.kind is Kind.TICK:
        line.ticked_at, line.ticked_by_id = (now, actor.id) if action.wanted else (None, None)
    elif action.kind is Kind.WEIGHT:
        line.weight = action.wanted
    elif action.kind is Kind.DELIVERED:
        line.delivered = action.wanted
    else:
        line.returned = action.wanted


def _move(
    session: Session, actor: User, hands: Hands, basket: Basket, action: Action, now: datetime
) -> Answer:
    taker = basket_for(session, hands, action.to)
    line = _line(session, basket, action.product) if action.product else None
    # no group sells to another
    if taker is None or taker.id == basket.id or taker.group_id != basket.group_id or line is None:
        return Answer(action.key, Outcome.NOT_FOUND)
    theirs = _line(session, taker, action.product)
    if theirs is None:
        theirs = Allotment(product_id=action.product, basket_id=taker.id, quantity=0, reasons=[], returned=0)
    try:
        given, taken = move(_held(line), _held(theirs), action.wanted or 0)
    except ValueError:
        return Answer(
            action.key, Outcome.INVALID, basket.id, problem=_("This household has not so much of it to give.")
        )
    session.add(theirs)
    line.delivered, line.weight = given.quantity, given.weight
    theirs.delivered, theirs.weight = taken.quantity, taken.weight
    for one, other, by in ((basket, taker, -action.wanted), (taker, basket, action.wanted)):
        audit.record(
            session, now=now, actor_id=actor.id, verb=MOVED, subject=one, cycle=hands.cycle.id,
            product=action.product, by=by, other=other.id, after_delivery=hands.cycle.delivered_at is not None,
        )  # fmt: skip
    session.flush()
    return Answer(action.key, Outcome.DONE, basket.id, given.quantity, actor.id)


def _held(line: Allotment) -> Held:
    return Held(line.quantity if line.delivered is None else line.delivered, line.weight)


def _verb(hands: Hands) -> str:
    return CORRECTED if hands.cycle.delivered_at is not None else DONE


def _note(
    session, actor, hands: Hands, basket: Basket, action: Action, verb: str, before, now: datetime
) -> None:
    if verb == DONE and action.kind is Kind.TICK:
        # the line itself says who ticked it and when
        return
    audit.record(
        session, now=now, actor_id=actor.id, verb=verb, subject=basket, cycle=hands.cycle.id, kind=str(action.kind),
        product=action.product, before=before, after=action.wanted,
    )  # fmt: skip


def _who_wrote(session: Session, action: Action, basket: Basket, line: Allotment | None) -> int | None:
    if action.kind is Kind.TICK and line.ticked_by_id is not None:
        return line.ticked_by_id
    rows = session.scalars(
        sa.select(audit.AuditEvent)
        .where(
            audit.AuditEvent.subject == Basket.__tablename__,
            audit.AuditEvent.subject_id == basket.id,
            audit.AuditEvent.verb.in_((DONE, CORRECTED, MOVED)),
        )
        .order_by(audit.AuditEvent.id.desc())
    )
    for row in rows:
        if row.details.get("product") == action.product and row.details.get("kind") in {
            str(action.kind),
            None,
        }:
            return row.actor_id
    return None


def mark_delivered(session: Session, actor: User, cycle_id: int, *, now: datetime) -> bool:
    """By an editor of the coordinating group; everybody is told. ``False`` where it already was."""
    cycle: OrderCycle = held(session, cycle_id)
    require_role(session, actor, cycle.organisation_id)
    found = state(cycle, now)
    if found is State.DELIVERED:
        session.rollback()
        return False
    if found not in {State.CLOSED, State.SENT} or cycle.fixed_at is None:
        raise Conflict(_("This order cannot be marked as delivered now."), code="not_shared_out")
    cycle.delivered_at = now
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.delivered", subject=cycle)
    letters.delivered(session, cycle, now)
    session.commit()
    return True
