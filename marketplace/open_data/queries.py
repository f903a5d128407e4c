"""Public requests of public bodies with their outcomes, as values for the open data. Seven queries for a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import engines, words
from marketplace.audit import AuditEvent
from marketplace.choosing.models import Outcome, OutcomeKind
from marketplace.config import DATA
from marketplace.demands.lifecycle import state
from marketplace.demands.models import Demand
from marketplace.demands.naming import lot_names
from marketplace.demands.types import PUBLIC_TYPES
from marketplace.demands.values import matchable
from marketplace.i18n import speaking
from marketplace.open_data.values import (
    Body,
    PublicAward,
    PublicLot,
    PublicOutcome,
    PublicRequest,
)
from marketplace.organisations.models import PUBLIC_KINDS, Organisation, OrganisationKind, Status
from marketplace.page_address import whole_address
from marketplace.reference.eforms import load_eforms_codes

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Page:
    requests: tuple[PublicRequest, ...]
    is_last: bool


@cache
def eforms_codes() -> Mapping[str, object]:
    return load_eforms_codes(DATA / "eforms_codelists.csv")


def public_requests(
    session: Session,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    page: int = 1,
) -> Page:
    """Those published from ``since`` on and before ``until``, the oldest first; of active public bodies only.

    Of what was withdrawn only that it was is told, as it has no public page any more: who has read of it before
    must be able to know.
    """
    public_body = sa.exists().where(
        OrganisationKind.organisation_id == Organisation.id, OrganisationKind.kind.in_(PUBLIC_KINDS)
    )
    query = (
        sa.select(Demand)
        .join(Demand.organisation)
        .where(
            Demand.type.in_(PUBLIC_TYPES),
            Demand.published_at <= now,
            Organisation.status == Status.ACTIVE,
            public_body,
        )
        .options(joinedload(Demand.organisation))
        .order_by(Demand.published_at, Demand.id)
        .limit(PER_PAGE + 1)
        .offset((page - 1) * PER_PAGE)
    )
    if since is not None:
        query = query.where(Demand.published_at >= since)
    if until is not None:
        query = query.where(Demand.published_at < until)
    demands = session.scalars(query).all()
    outcomes = {
        outcome.demand_id: outcome
        for outcome in session.scalars(
            sa.select(Outcome).where(Outcome.demand_id.in_([demand.id for demand in demands]))
        )
    }
    suppliers = _suppliers(session, outcomes.values())
    changes = _changes(session, [demand.id for demand in demands], now)
    # the feed is in Italian, whatever its reader's browser prefers: it is one file for everybody
    with speaking("it"):
        found = [
            _request(demand, outcomes.get(demand.id), suppliers, changes.get(demand.id), now)
            for demand in demands[:PER_PAGE]
        ]
    return Page(tuple(found), len(demands) <= PER_PAGE)


def _changes(session: Session, demand_ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    """When each was last made clear, given more time, put right or withdrawn: a release that changes is another one."""
    event = AuditEvent
    rows = session.execute(
        sa.select(event.subject_id, sa.func.max(event.at))
        .where(
            event.subject == Demand.__tablename__,
            event.subject_id.in_(demand_ids),
            event.verb.in_(("demand.clarified", "demand.withdrawn", "outcome.corrected")),
            event.at <= now,
        )
        .group_by(event.subject_id)
    )
    return dict(tuple(row) for row in rows)


def _request(
    demand: Demand,
    outcome: Outcome | None,
    suppliers: Mapping[int, Organisation],
    changed_at: datetime | None,
    now: datetime,
) -> PublicRequest:
    criteria = engines.criteria()
    asked = matchable(demand)
    wanted = [
        criteria[one["criterion"]]
        for one in (*demand.required, *demand.preferred)
        if one["criterion"] in criteria
    ]
    return PublicRequest(
        id=demand.id,
        type=demand.type,
        type_label=str(words.DEMAND_TYPES[demand.type]),
        title=demand.title,
        description=demand.description,
        state=state(demand, now, outcome),
        buyer=_body(demand.organisation),
        url=whole_address("demands.show", demand_id=demand.id),
        notice_link=demand.notice_link,
        place=demand.place_label,
        lots=_lots(demand, asked),
        requirements=tuple(
            f"{criteria[must['criterion']].label('it')}"
            f" ({', '.join(words.mid_sentence(words.PROOFS[proof]) for proof in must['proofs'])}) o equivalente"
            for must in demand.required
            if must["criterion"] in criteria
        ),
        codes=_codes(demand, wanted),
        value=demand.estimated_value,
        budget_with_vat=asked.prices_with_vat,
        published_at=demand.published_at,
        questions_until=demand.questions_until,
        closes_at=demand.closes_at,
        period_from=demand.period_from,
        period_until=demand.period_until,
        demo=demand.demo,
        outcome=_outcome(outcome, suppliers) if outcome is not None else None,
        changed_at=changed_at,
    )


def _lots(demand: Demand, asked) -> tuple[PublicLot, ...]:
    tree, labels = engines.categories(), engines.cpv_labels("it")
    names = lot_names(asked.lots, tree, labels, "it")
    found = []
    for lot, name in zip(demand.lots, names, strict=True):
        cpv = lot.cpv or (tree.cpv_for(lot.category) if lot.category in tree else None)
        found.append(
            PublicLot(
                lot.id,
                name,
                cpv,
                labels.get(cpv or "", ""),
                lot.quantity,
                lot.unit,
                str(words.UNITS.get(lot.unit, lot.unit or "")),
                lot.budget,
            )
        )
    return tuple(found)


def _codes(demand: Demand, wanted: Sequence) -> tuple[tuple[str, str], ...]:
    """The eForms codes of the criteria asked, the strategic ones that follow from them, and the reserve.

    A criterion's own code for a reserve is not one of the request: a request is reserved by its qualifications.
    """
    found = [
        code
        for criterion in wanted
        for code in criterion.eforms
        if not code.startswith("reserved-procurement:")
    ]
    if any(code.startswith("social-objective:") for code in found):
        found.append("strategic-procurement:soc-obj")
    if any(code.startswith(("environmental-impact:", "gpp-criteria:")) for code in found):
        found.append("strategic-procurement:env-imp")
    if {"albo_b", "art61"} & set(demand.qualifications):
        found.append("reserved-procurement:res-ws")
    known = eforms_codes()
    return tuple((code, known[code].label("it")) for code in dict.fromkeys(found) if code in known)


def _outcome(outcome: Outcome, suppliers: Mapping[int, Organisation]) -> PublicOutcome:
    return PublicOutcome(
        awarded=outcome.kind == OutcomeKind.AWARDED,
        recorded_at=outcome.recorded_at,
        act_number=outcome.act_number,
        act_date=outcome.act_date,
        cig=outcome.cig,
        link=outcome.link,
        reason=outcome.reason,
        awards=tuple(
            PublicAward(
                award.id,
                _body(suppliers[award.organisation_id])
                if award.organisation_id in suppliers
                else Body(f"award-{award.id}", award.name, _not_a_person_s(award.tax_code)),
                award.lot_id,
                award.amount,
            )
            for award in outcome.awards
        ),
    )


def _suppliers(session: Session, outcomes) -> dict[int, Organisation]:
    """Chosen suppliers that are still here; of the others only the name that was recorded is told."""
    ids = {award.organisation_id for outcome in outcomes for award in outcome.awards if award.organisation_id}
    if not ids:
        return {}
    rows = session.scalars(
        sa.select(Organisation).where(Organisation.id.in_(ids), Organisation.status == Status.ACTIVE)
    )
    return {row.id: row for row in rows}


def _body(organisation: Organisation) -> Body:
    return Body(
        organisation.slug,
        organisation.name,
        _not_a_person_s(organisation.tax_code or organisation.vat_number or ""),
        whole_address("explore.organisation", slug=organisation.slug),
    )


def _not_a_person_s(tax_code: str) -> str:
    """A tax code of eleven digits; one of sixteen characters is a natural person's and says when she was born."""
    return tax_code if len(tax_code) == 11 and tax_code.isascii() and tax_code.isdigit() else ""
