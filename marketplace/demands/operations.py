"""Changes to demands: each authorises, changes, records and commits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.demands.access import require_buyer, state_of
from marketplace.demands.draft_operations import take_draft
from marketplace.demands.lifecycle import State
from marketplace.demands.models import Demand, DemandType, Lot
from marketplace.demands.posting_models import DemandDraft, Prompt
from marketplace.demands.sending import sent_before
from marketplace.demands.telling import tell_of_withdrawal
from marketplace.demands.types import ALWAYS_SEALED, PUBLIC_TYPES, RANKED_TYPES
from marketplace.errors import Conflict, Invalid
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import require_role
from search import demand as matching
from search.answer import COMPONENTS

#: Requests of one organisation within 24 hours: more than a large office writes, fewer than a program.
MAX_POSTED_A_DAY = 40


def may_post(organisation: Organisation, type_: DemandType) -> bool:
    """Whether an organisation may post a demand of this type: public types are for public bodies only."""
    if type_ in PUBLIC_TYPES:
        return organisation.is_public_body
    return type_ is DemandType.NEED and not organisation.is_public_body


def postable_types(organisation: Organisation) -> list[DemandType]:
    """The types that an organisation may post, in the order in which they are proposed."""
    return [type_ for type_ in DemandType if may_post(organisation, type_)]


def post_demand(
    session: Session,
    actor: User,
    organisation: Organisation,
    *,
    type_: DemandType,
    title: str,
    description: str,
    place_label: str,
    need: matching.Demand,
    closes_at: datetime | None,
    questions_until: datetime | None = None,
    period: tuple[date | None, date | None] = (None, None),
    estimated_value: int | None = None,
    particulars: Mapping[str, object] | None = None,
    prompts: Sequence[str] = (),
    notice_link: str = "",
    draft: DemandDraft | None = None,
    sending: str | None = None,
    now: datetime,
) -> Demand:
    """Publish a need in the organisation's name, by one of its editors. ``need`` must be valid.

    The same ``sending`` of the same person is one demand (:mod:`marketplace.demands.sending`).
    ``draft`` is the form that it was left as, if it was: its files become the demand's, and it goes. An agreement
    with social co-ops is reserved to those of type B whatever ``need`` says. Raises the errors of
    :func:`marketplace.permissions.require_role`, and :class:`Invalid` for a type that this kind of organisation
    may not use, for what its type may not ask, or for deadlines that cannot be.
    """
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    if (before := sent_before(session, actor, sending)) is not None:
        return before
    if not may_post(organisation, type_):
        raise Invalid(code="type_not_allowed", field="type")
    check_deadlines(questions_until, closes_at, now)
    if type_ in ALWAYS_SEALED and closes_at is None:
        # what is sealed until a deadline could otherwise never be opened
        raise Invalid(code="missing", field="closes_at")
    if type_ not in RANKED_TYPES and (
        estimated_value is not None or any(lot.budget is not None for lot in need.lots)
    ):
        raise Invalid(code="no_prices_here", field="lots")
    if prompts and type_ is not DemandType.MARKET_CONSULTATION:
        raise Invalid(code="no_prompts_here", field="prompts")
    if type_ is DemandType.NOTICE_ELSEWHERE and not notice_link:
        raise Invalid(code="missing", field="notice_link")
    posted_today = _since(now, Demand.organisation_id == organisation.id)
    if session.scalar(posted_today) >= MAX_POSTED_A_DAY:
        raise Invalid(
            _(
                "%(n)s requests were published today in this name: save this one as a draft, and publish it tomorrow.",
                n=MAX_POSTED_A_DAY,
            ),
            code="too_many_today",
        )
    demand = Demand(
        organisation_id=organisation.id,
        author_id=actor.id,
        type=type_,
        title=title,
        description=description,
        period_from=period[0],
        period_until=period[1],
        estimated_value=estimated_value,
        particulars=dict(particulars or {}),
        notice_link=notice_link,
        sent_as=sending,
        demo=organisation.demo,
        created_at=now,
        published_at=now,
        questions_until=questions_until,
        closes_at=closes_at,
        **needed(need, place_label),
    )
    if type_ is DemandType.SOCIAL_COOP_AGREEMENT:
        demand.qualifications = ["albo_b"]
    session.add(demand)
    if (before := flushed_unless_sent(session, actor, sending)) is not None:
        return before
    session.add_all(
        Prompt(demand_id=demand.id, position=position, text=text) for position, text in enumerate(prompts)
    )
    if draft is not None:
        take_draft(session, draft, demand)
    audit.record(session, now=now, actor_id=actor.id, verb="demand.posted", subject=demand, type=str(type_))
    outbox.announce_demand(session, demand.id, now)
    session.commit()
    return demand


def flushed_unless_sent(session: Session, actor: User, sending: str | None) -> Demand | None:
    """Write what was added; the demand of the same sending that came in this very moment, if one did."""
    actor_id = actor.id
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        before = sent_before(session, session.get_one(User, actor_id), sending)
        if before is None:
            raise
        return before
    return None


def check_deadlines(questions_until: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Raises :class:`Invalid` for a deadline that has passed, and for questions that would outlast answers."""
    for field, moment in (("closes_at", closes_at), ("questions_until", questions_until)):
        if moment is not None and moment <= now:
            raise Invalid(code="deadline_passed", field=field)
    if questions_until is not None and closes_at is not None and questions_until >= closes_at:
        raise Invalid(code="questions_after_answers", field="questions_until")


def _since(now: datetime, whose):
    """How many demands of somebody began within a day."""
    return sa.select(sa.func.count(Demand.id)).where(
        whose, Demand.created_at > now - timedelta(days=1), Demand.created_at <= now
    )


def needed(need: matching.Demand, place_label: str) -> dict:
    """The columns of a demand that the matcher reads."""
    return {
        "place_label": place_label,
        "comune": need.place.comune,
        "province": need.place.province,
        "lat": need.place.point.lat,
        "lon": need.place.point.lon,
        "mode": need.mode,
        "max_distance_m": None if need.max_distance_km is None else round(need.max_distance_km * 1000),
        "half_life_m": round(need.half_life_km * 1000),
        "proximity_reason": need.proximity_reason,
        "required": [{"criterion": must.criterion, "proofs": sorted(must.proofs)} for must in need.required],
        "preferred": [
            {"criterion": wish.criterion, "importance": wish.importance} for wish in need.preferred
        ],
        "qualifications": sorted(need.qualifications),
        "months": need.months,
        "weights": {
            component: weight
            for component in COMPONENTS
            if (weight := getattr(need.weights, component)) is not None
        },
        "budget_with_vat": need.budget_with_vat,
        "lots": [
            Lot(
                position=position,
                category=lot.category,
                cpv=lot.cpv,
                text=lot.text,
                quantity=lot.quantity,
                unit=lot.unit,
                budget=lot.budget,
                splittable=lot.splittable,
            )
            for position, lot in enumerate(need.lots)
        ],
    }


def withdraw_demand(session: Session, actor: User, demand: Demand, *, now: datetime) -> None:
    """Take a demand back; doing it again changes nothing. Who has asked or answered is told.

    Raises the errors of :func:`require_buyer`, and :class:`Conflict` once its outcome is recorded.
    """
    require_buyer(session, actor, demand)
    if demand.withdrawn_at is not None:
        return
    if state_of(session, demand, now) in (State.OUTCOME_RECORDED, State.WITHOUT_OUTCOME):
        raise Conflict(_("Its outcome is recorded: it cannot be withdrawn any more."), code="ended")
    if demand.published_at is not None:
        tell_of_withdrawal(session, demand, now)
    demand.withdrawn_at = now
    audit.record(session, now=now, actor_id=actor.id, verb="demand.withdrawn", subject=demand)
    session.commit()
