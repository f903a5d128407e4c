"""What the law says of a type of request on a day, and of its estimated value: rows of data/law.csv, never a judgement."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from marketplace.demands.models import DemandType
from marketplace.reference.law import LawRow, LawTable

#: What is shown with each type: where it comes from, and what must be thought of.
RULES: Mapping[DemandType, tuple[str, ...]] = {
    DemandType.MARKET_CONSULTATION: ("market_consultation",),
    DemandType.QUOTE_REQUEST: (
        "direct_award_services",
        "rotation_exemption",
        "minimum_environmental_criteria",
        "equivalent_labels",
        "distance_not_a_requirement",
        "reserved_sme",
    ),
    DemandType.SOCIAL_COOP_AGREEMENT: ("convention_381", "type_b_workers_share", "equivalent_labels"),
    DemandType.CO_DESIGN: ("co_design",),
}
#: From which amounts on another procedure may be due: in euros without VAT, "below this amount".
THRESHOLDS: Mapping[DemandType, tuple[str, ...]] = {
    DemandType.QUOTE_REQUEST: ("direct_award_services", "eu_threshold_subcentral"),
    DemandType.SOCIAL_COOP_AGREEMENT: ("convention_381",),
}
#: What a public body may accept as evidence (PRACTICE, Public buyers 5).
EVIDENCE = ("equivalent_labels", "signed_declaration")


def rules(law: LawTable, type_: str, day: date) -> tuple[LawRow, ...]:
    """The rows in force for a type of request."""
    return _in_force(law, RULES.get(DemandType(type_), ()), day)


def thresholds_reached(law: LawTable, type_: str, value: int | None, day: date) -> tuple[LawRow, ...]:
    """The thresholds that an estimated value, in cents without VAT, is not below of."""
    if value is None:
        return ()
    rows = _in_force(law, THRESHOLDS.get(DemandType(type_), ()), day)
    return tuple(row for row in rows if row.value is not None and Decimal(value) / 100 >= row.value)


def _in_force(law: LawTable, keys: Iterable[str], day: date) -> tuple[LawRow, ...]:
    return tuple(law.row_on(key, day) for key in keys if law.in_force(key, day))
