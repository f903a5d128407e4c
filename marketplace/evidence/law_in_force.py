"""The figures of the law that evidence is judged by, on a day, from ``data/law.csv``."""

from datetime import date
from functools import cache

from marketplace.config import DATA
from marketplace.evidence.short_chain import ChainRule
from marketplace.reference.law import LawRow, LawTable


@cache
def law() -> LawTable:
    return LawTable.load(DATA / "law.csv")


def chain_rule(day: date) -> ChainRule:
    """L. 61/2022 on the day. Raises :class:`marketplace.reference.law.NotInForce` before it was."""
    return ChainRule(
        radius_km=law().value_on("zero_km_radius", day),
        intermediaries=int(law().value_on("short_chain_intermediaries", day)),
    )


def signed_declaration(day: date) -> LawRow:
    """The rule on signed declarations (DPR 445/2000), with its source."""
    return law().row_on("signed_declaration", day)
