"""Reasons in words: one sentence per code, in the language of whoever reads.

Each is a whole sentence that a clerk can paste into a file. Codes and the
names of their values are those of :data:`search.reasons.REASONS`; a test holds
that none lacks a sentence in Italian or English.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from marketplace import formats, words
from search.criteria import CriteriaRegister
from search.reasons import Reason


@dataclass(frozen=True, slots=True)
class Naming:
    """What codes in reasons are called here: criteria by register, lots by the names that the demand shows."""

    criteria: CriteriaRegister
    lots: tuple[str, ...]
    language: str

    def criterion(self, code: str) -> str:
        known = self.criteria.get(code)
        return words.mid_sentence(known.label(self.language)) if known else code

    def lot(self, index: int) -> str:
        return self.lots[index] if 0 <= index < len(self.lots) else str(index + 1)


def sentence(reason: Reason, naming: Naming) -> str:
    """The reason as a sentence in the language of the running request. Raises KeyError on an unknown code."""
    return SENTENCES[reason.code](dict(reason.values), naming)


def _outside_area(values, naming) -> str:
    if values["km"] is None:
        return _("The place is not among those where it delivers or works.")
    return _("The place is %(km)s outside its delivery area.", km=formats.km(values["km"]))


def _expiry(values) -> str:
    if not values["expires"]:
        return ""
    return _(", valid until %(day)s", day=formats.day(date.fromisoformat(values["expires"])))


def _proof(values) -> str:
    return words.mid_sentence(words.PROOFS[values["proof"]])


def _claim_expired(values, naming) -> str:
    return _(
        "“%(criterion)s”: the proof (%(proof)s) expired on %(day)s.",
        criterion=naming.criterion(values["criterion"]),
        proof=_proof(values),
        day=formats.day(date.fromisoformat(values["expires"])),
    )


def _claim_unverified(values, naming) -> str:
    return _(
        "“%(criterion)s”: stated (%(proof)s), but nobody has checked it yet.",
        criterion=naming.criterion(values["criterion"]),
        proof=_proof(values),
    )


def _proof_not_accepted(values, naming) -> str:
    return _(
        "“%(criterion)s”: held, but with a proof that this request does not accept (%(proof)s).",
        criterion=naming.criterion(values["criterion"]),
        proof=_proof(values),
    )


def quantities(values) -> dict[str, str]:
    return {
        "available": formats.quantity(values["available"], values["unit"]),
        "asked": formats.quantity(values["asked"], values["unit"]),
        "missing": formats.quantity(values["missing"], values["unit"]),
    }


def _short_of(values, naming) -> str:
    return _(
        "“%(lot)s” cannot be split, and it has %(available)s of the %(asked)s asked: %(missing)s are missing.",
        lot=naming.lot(values["lot"]),
        **quantities(values),
    )


def _lot_partly(values, naming) -> str:
    return _(
        "“%(lot)s”: it has %(available)s of the %(asked)s asked.",
        lot=naming.lot(values["lot"]),
        available=quantities(values)["available"],
        asked=quantities(values)["asked"],
    )


def month_names(text: str) -> str:
    return formats.months(int(month) for month in text.split(",") if month)


def _covers_lots(values, naming) -> str:
    return ngettext(
        "It has what the only line asks for.",
        "It covers %(n)s of the %(num)s lines.",
        values["of"],
        n=values["n"],
    )


def _lot_covered(values, naming) -> str:
    return ngettext(
        "“%(lot)s”: one product or service answers it.",
        "“%(lot)s”: %(num)s products or services answer it.",
        values["offers"],
        lot=naming.lot(values["lot"]),
    )


def _criterion_met(values, naming) -> str:
    return _(
        "“%(criterion)s”: %(proof)s%(expiry)s.",
        criterion=naming.criterion(values["criterion"]),
        proof=_proof(values),
        expiry=_expiry(values),
    )


def price_sentence(with_vat: object, without_vat: object) -> Callable:
    """Says one of two translated texts, which compare prices with VAT or without."""

    def say(values, naming) -> str:
        return str(with_vat if values["with_vat"] else without_vat) % {
            "lot": naming.lot(values["lot"]),
            "price": formats.unit_price(values["price"]),
            "budget": formats.unit_price(values["budget"]),
        }

    return say


SENTENCES: Mapping[str, Callable[[dict, Naming], str]] = {
    "no_area": lambda v, n: _("It has not said where it delivers or works."),
    "outside_area": _outside_area,
    "too_far": lambda v, n: _(
        "It is %(km)s away: %(beyond)s more than the %(max)s asked.",
        km=formats.km(v["km"]),
        beyond=formats.km(v["beyond_km"]),
        max=formats.km(v["max_km"]),
    ),
    "claim_expired": _claim_expired,
    "claim_unverified": _claim_unverified,
    "proof_not_accepted": _proof_not_accepted,
    "claim_missing": lambda v, n: _(
        "“%(criterion)s”: it does not state it.", criterion=n.criterion(v["criterion"])
    ),
    "not_qualified": lambda v, n: _(
        "It has none of the qualifications asked: %(asked)s.", asked=qualification_names(v["asked"])
    ),
    "no_offer_in_season": lambda v, n: _(
        "Not in season: asked for %(asked)s, it has it in %(offered)s.",
        asked=month_names(v["asked"]),
        offered=month_names(v["offered"]),
    ),
    "short_of": _short_of,
    "distance": lambda v, n: _("It is %(km)s away.", km=formats.km(v["km"])),
    "remote": lambda v, n: _("The work is done at a distance, so nearness does not count."),
    "in_area": lambda v, n: _("It delivers or works where you need it."),
    "within_distance": lambda v, n: _(
        "It is within the %(max)s asked.", max=formats.km(v["max_km"]), km=formats.km(v["km"])
    ),
    "qualified": lambda v, n: _("Qualification held: %(held)s.", held=qualification_names(v["held"])),
    "in_season": lambda v, n: _("In season in %(months)s.", months=month_names(v["asked"])),
    "covers_lots": _covers_lots,
    "lot_covered": _lot_covered,
    "lot_not_covered": lambda v, n: _("“%(lot)s”: nothing that answers it.", lot=n.lot(v["lot"])),
    "lot_partly": _lot_partly,
    "availability_unknown": lambda v, n: _(
        "“%(lot)s”: ask how much is available; it is not stated.", lot=n.lot(v["lot"])
    ),
    "criterion_met": _criterion_met,
    "criterion_not_met": lambda v, n: _(
        "“%(criterion)s”: not stated.", criterion=n.criterion(v["criterion"])
    ),
    "price_within_budget": price_sentence(
        lazy_gettext("“%(lot)s”: from %(price)s with VAT, within the %(budget)s you can spend."),
        lazy_gettext("“%(lot)s”: from %(price)s without VAT, within the %(budget)s you can spend."),
    ),
    "price_over_budget": price_sentence(
        lazy_gettext("“%(lot)s”: from %(price)s with VAT, more than the %(budget)s you can spend."),
        lazy_gettext("“%(lot)s”: from %(price)s without VAT, more than the %(budget)s you can spend."),
    ),
    "price_unknown": lambda v, n: _("“%(lot)s”: price on request.", lot=n.lot(v["lot"])),
}


def qualification_names(codes: str) -> str:
    return ", ".join(str(words.QUALIFICATIONS.get(code, code)) for code in codes.split(",") if code)
