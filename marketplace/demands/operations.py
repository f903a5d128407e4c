"""Changes to demands: each authorises, changes, records and commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.demands.models import Demand, DemandType, Lot
from marketplace.demands.types import PUBLIC_TYPES, RANKED_TYPES
from marketplace.errors import Invalid
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import require_role
from search import demand as matching


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
    notice_link: str = "",
    now: datetime,
) -> Demand:
    """Publish a need in the organisation's name, by one of its editors. ``need`` must be valid.

    An agreement with social co-ops is reserved to those of type B whatever ``need`` says. Raises the errors of
    :func:`marketplace.permissions.require_role`, and :class:`Invalid` for a type that this kind of organisation
    may not use, for what its type may not ask, or for a deadline that has passed.
    """
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    if not may_post(organisation, type_):
        raise Invalid(code="type_not_allowed", field="type")
    if closes_at is not None and closes_at <= now:
        raise Invalid(code="deadline_passed", field="closes_at")
    if type_ not in RANKED_TYPES and any(lot.budget is not None for lot in need.lots):
        raise Invalid(code="no_prices_here", field="lots")
    if type_ is DemandType.NOTICE_ELSEWHERE and not notice_link:
        raise Invalid(code="missing", field="notice_link")
    demand = Demand(
        organisation_id=organisation.id,
        author_id=actor.id,
        type=type_,
        title=title,
        description=description,
        place_label=place_label,
        comune=need.place.comune,
        province=need.place.province,
        lat=need.place.point.lat,
        lon=need.place.point.lon,
        mode=need.mode,
        max_distance_m=None if need.max_distance_km is None else round(need.max_distance_km * 1000),
        half_life_m=round(need.half_life_km * 1000),
        proximity_reason=need.proximity_reason,
        required=[{"criterion": must.criterion, "proofs": sorted(must.proofs)} for must in need.required],
        preferred=[{"criterion": wish.criterion, "importance": wish.importance} for wish in need.preferred],
        qualifications=["albo_b"]
        if type_ is DemandType.SOCIAL_COOP_AGREEMENT
        else sorted(need.qualifications),
        months=need.months,
        weights={
            component: weight
            for component in ("fit", "proximity", "values", "price")
            if (weight := getattr(need.weights, component)) is not None
        },
        budget_with_vat=need.budget_with_vat,
        notice_link=notice_link,
        demo=organisation.demo,
        created_at=now,
        published_at=now,
        closes_at=closes_at,
        lots=[
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
    )
    session.add(demand)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="demand.posted", subject=demand, type=str(type_))
    outbox.announce_demand(session, demand.id, now)
    session.commit()
    return demand


def withdraw_demand(session: Session, actor: User, demand: Demand, *, now: datetime) -> None:
    """Take a demand back; doing it again changes nothing."""
    require_role(session, actor, demand.organisation_id, at_least=MemberRole.EDITOR)
    if demand.withdrawn_at is not None:
        return
    demand.withdrawn_at = now
    audit.record(session, now=now, actor_id=actor.id, verb="demand.withdrawn", subject=demand)
    session.commit()
