"""The lines of the card "Pronto per la PA": what each is, in the order in which a clerk reads them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flask_babel import lazy_gettext as _

from marketplace.config import DATA


@dataclass(frozen=True, slots=True)
class CardKind:
    """``expires``: the line needs a last day of validity; ``linked``: there is a page of a register to link."""

    code: str
    label: object
    hint: object
    expires: bool = False
    linked: bool = True
    dated: bool = True


_KINDS = (
    CardKind("ateco", _("ATECO code"), _("Code of the main activity, such as 81.21."), dated=False),
    CardKind("mepa", _("MePA"), _("Call or category of goods and services of the enrolment.")),
    CardKind("sintel", _("Sintel"), _("Category of the enrolment.")),
    CardKind("albo", _("Register of co-operatives"), _("Section and number.")),
    CardKind("runts", _("RUNTS"), _("Section and number.")),
    CardKind(
        "white_list", _("Prefecture's white list"), _("Prefecture and section of the list."), expires=True
    ),
    CardKind("durc", _("DURC"), _("Protocol number."), expires=True, linked=False),
    CardKind(
        "ccnl", _("Collective agreement (CCNL)"), _("CNEL code and name, such as T151 Cooperative sociali.")
    ),
    CardKind("pec", _("Certified mail (PEC)"), _("The address."), dated=False, linked=False),
    CardKind("contract", _("Past contract"), _("With whom, what, amount, years, CIG.")),
)

CARD_KINDS: Mapping[str, CardKind] = {kind.code: kind for kind in _KINDS}
KIND_ORDER: Mapping[str, int] = {kind.code: number for number, kind in enumerate(_KINDS)}


@cache
def ateco() -> Mapping[str, str]:
    """Titles of the codes of ATECO 2025."""
    with open(DATA / "ateco_2025.csv", encoding="utf-8", newline="") as lines:
        return {row["code"]: row["title"] for row in csv.DictReader(lines)}
