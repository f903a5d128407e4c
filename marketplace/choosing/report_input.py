"""What a report says, gathered from the database. To be called while Italian is spoken: its texts become the report's."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines, formats, words
from marketplace.accounts.models import User
from marketplace.choosing.compare_page import ComparePage, compare_page
from marketplace.choosing.list_page import list_page
from marketplace.choosing.list_queries import latest_list
from marketplace.choosing.models import FrozenList, Outcome, ReportNotes
from marketplace.choosing.report import (
    CHECKS,
    CheckLine,
    FrozenFacts,
    ListedSupplier,
    OutcomeFacts,
    ReportInput,
    SupplierFile,
    law_of,
    rome_day_of,
)
from marketplace.demands.access import DemandPage
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.naming import lot_names
from marketplace.demands.values import matchable
from marketplace.evidence.card_kinds import CARD_KINDS
from marketplace.evidence.law_in_force import law
from marketplace.organisations.evidence_models import PublicRecord
from marketplace.organisations.facts import Fact
from marketplace.proposals.queries import count_handed_in
from marketplace.proposals.rules import may_open
from search.answer import COMPONENTS

#: The rules that a report shows, in this order; by type the one that it rests on comes first.
_RULES = {
    DemandType.QUOTE_REQUEST: ("direct_award_services",),
    DemandType.SOCIAL_COOP_AGREEMENT: ("convention_381", "type_b_workers_share"),
}
_RULES_OF_ALL = (
    "rotation_exemption",
    "minimum_environmental_criteria",
    "equivalent_labels",
    "distance_not_a_requirement",
    "signed_declaration",
    "white_list",
)
_RULES_OF_RESERVE = ("reserved_workers_share", "reserved_sme")


def report_input(session: Session, person: User, page: DemandPage, now: datetime) -> ReportInput:
    """For the buyer of a public demand that ranks; two dozen queries, however many answers there are."""
    demand = page.demand
    asked = matchable(demand)
    opened = may_open(demand, page.state)
    compared = compare_page(session, person, demand, now) if opened else None
    kept = latest_list(session, demand.id)
    notes = session.get(ReportNotes, demand.id)
    day = rome_day_of(now)
    keys = (
        *_RULES.get(demand.type, ()),
        *_RULES_OF_ALL,
        *(_RULES_OF_RESERVE if demand.qualifications else ()),
    )
    names = lot_names(asked.lots, engines.categories(), engines.cpv_labels("it"), "it")
    return ReportInput(
        title=demand.title,
        buyer=demand.organisation.name,
        type_label=str(words.DEMAND_TYPES[demand.type]),
        day=day,
        description=demand.description,
        asked=_asked(demand),
        lots=_lots(demand, names),
        criteria=_criteria(demand),
        weights=_weights(demand),
        reserve=tuple(str(words.QUALIFICATIONS.get(code, code)) for code in demand.qualifications),
        proximity_reason=demand.proximity_reason,
        value=demand.estimated_value,
        frozen=_frozen(kept) if kept is not None else None,
        comparison=compared.comparison if compared else None,
        sealed=count_handed_in(session, demand.id),
        files=_files(session, compared) if compared else (),
        outcome=_outcome(page.outcome, dict(zip((lot.id for lot in demand.lots), names, strict=True))),
        notes=dict(notes.fields) if notes is not None else {},
        law=law_of(law().rows_on(day), keys),
    )


def _asked(demand: Demand) -> tuple[tuple[str, str], ...]:
    found = [("Luogo", demand.place_label), ("Come", str(words.MODES[demand.mode]))]
    if demand.max_distance_m is not None:
        found.append(("Distanza massima", formats.km(demand.max_distance_m / 1000)))
    if demand.months:
        found.append(("Mesi", formats.months(demand.months)))
    if demand.period_from or demand.period_until:
        days = [formats.day(one) for one in (demand.period_from, demand.period_until) if one]
        found.append(("Periodo", " – ".join(days)))
    if demand.published_at:
        found.append(("Pubblicata il", formats.moment(demand.published_at)))
    if demand.questions_until:
        found.append(("Domande fino al", formats.moment(demand.questions_until)))
    if demand.closes_at:
        found.append(("Risposte fino al", formats.moment(demand.closes_at)))
    return tuple(found)


def _lots(demand: Demand, names) -> tuple[tuple[str, str, str, str], ...]:
    tree = engines.categories()
    return tuple(
        (
            name,
            lot.cpv or (tree.cpv_for(lot.category) if lot.category in tree else None) or "",
            formats.quantity(lot.quantity, lot.unit),
            formats.unit_price(lot.budget),
        )
        for lot, name in zip(demand.lots, names, strict=True)
    )


def _criteria(demand: Demand) -> tuple[str, ...]:
    criteria = engines.criteria()
    required = [
        f"Indispensabile: {criteria[must['criterion']].label('it')}"
        f" ({', '.join(words.mid_sentence(words.PROOFS[proof]) for proof in words.PROOFS if proof in must['proofs'])})"
        " o equivalente"
        for must in demand.required
        if must["criterion"] in criteria
    ]
    preferred = [
        f"Preferito, importanza {wish['importance']} su 3: {criteria[wish['criterion']].label('it')}"
        for wish in demand.preferred
        if wish["criterion"] in criteria
    ]
    return (*required, *preferred)


def _weights(demand: Demand) -> str:
    return ", ".join(
        f"{words.COMPONENTS[component]} {demand.weights[component]:g}"
        for component in COMPONENTS
        if component in demand.weights
    )


def _frozen(kept: FrozenList) -> FrozenFacts:
    page = list_page(kept.content)
    answer = page.answer
    return FrozenFacts(
        at=kept.at,
        sha256=kept.sha256,
        considered=answer["considered"],
        in_category=answer["in_category"],
        suitable=tuple(
            ListedSupplier(
                match["rank"],
                match["name"],
                match["score"],
                match["distance_km"],
                tuple(page.told[match["supplier_id"]]),
            )
            for match in answer["matches"]
        ),
        near_misses=tuple(
            ListedSupplier(
                None, miss["name"], None, miss["distance_km"], tuple(page.missing[miss["supplier_id"]])
            )
            for miss in answer["near_misses"]
        ),
    )


def _files(session: Session, compared: ComparePage) -> tuple[SupplierFile, ...]:
    """Of each who answers, of a joint answer each partner."""
    parts = {part.organisation_id: part for column in compared.comparison.columns for part in column.parts}
    cards = _cards(session, list(parts))
    return tuple(
        SupplierFile(part.name, tuple(_proof(fact) for fact in compared.facts.get(id_, ())), cards[id_])
        for id_, part in parts.items()
    )


def _proof(fact: Fact) -> str:
    label = f"{fact.label} ({fact.offer})" if fact.offer else fact.label
    parts = [f"{label}: {words.mid_sentence(words.PROOFS[fact.proof])}", fact.text]
    if fact.expires:
        parts.append(f"{'scaduto il' if fact.expired else 'valido fino al'} {formats.day(fact.expires)}")
    parts.append(
        f"controllato dal distretto il {formats.day(fact.verified_on)}"
        if fact.verified_on
        else "non ancora controllato da altri"
    )
    return ", ".join(filter(None, [*parts, fact.link]))


def _cards(session: Session, supplier_ids: list[int]) -> Mapping[int, dict[str, tuple[CheckLine, ...]]]:
    """The lines of the cards that a clerk looks for, for all suppliers in one query."""
    found: dict[int, dict[str, tuple[CheckLine, ...]]] = defaultdict(dict)
    rows = session.scalars(
        sa.select(PublicRecord)
        .where(PublicRecord.organisation_id.in_(supplier_ids), PublicRecord.kind.in_(CHECKS))
        .order_by(PublicRecord.organisation_id, PublicRecord.id)
    )
    for row in rows:
        line = CheckLine(str(CARD_KINDS[row.kind].label), row.value, row.issued, row.expires, row.link)
        found[row.organisation_id][row.kind] = (*found[row.organisation_id].get(row.kind, ()), line)
    return found


def _outcome(outcome: Outcome | None, lots: Mapping[int, str]) -> OutcomeFacts | None:
    if outcome is None:
        return None
    act = f"atto n. {outcome.act_number}" if outcome.act_number else ""
    if outcome.act_number and outcome.act_date:
        act += f" del {formats.day(outcome.act_date)}"
    return OutcomeFacts(
        outcome.kind,
        act,
        outcome.cig,
        tuple((award.name, lots.get(award.lot_id, "tutto"), award.amount) for award in outcome.awards),
        outcome.reason,
    )
