"""The same reasons, said to the supplier that they are about: where the others say "it", these say "you".

What is said of the request alone is the same in both, and stands in :mod:`marketplace.matches.sentences`.
"""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from marketplace import formats
from marketplace.matches.sentences import (
    SENTENCES,
    Naming,
    month_names,
    price_sentence,
    qualification_names,
    quantities,
)
from search.reasons import Reason


def sentence_to_supplier(reason: Reason, naming: Naming) -> str:
    """The reason as a sentence to the supplier, in the language of the running request."""
    say = TO_SUPPLIER.get(reason.code) or SENTENCES[reason.code]
    return say(dict(reason.values), naming)


def _outside_area(values, naming) -> str:
    if values["km"] is None:
        return _("The place is not among those where you deliver or work.")
    return _("The place is %(km)s outside your delivery area.", km=formats.km(values["km"]))


def _short_of(values, naming) -> str:
    return _(
        "“%(lot)s” cannot be split, and you have %(available)s of the %(asked)s asked: %(missing)s are missing.",
        lot=naming.lot(values["lot"]),
        **quantities(values),
    )


def _lot_partly(values, naming) -> str:
    had = quantities(values)
    return _(
        "“%(lot)s”: you have %(available)s of the %(asked)s asked.",
        lot=naming.lot(values["lot"]),
        available=had["available"],
        asked=had["asked"],
    )


def _covers_lots(values, naming) -> str:
    return ngettext(
        "You have what the only line asks for.",
        "You cover %(n)s of the %(num)s lines.",
        values["of"],
        n=values["n"],
    )


def _lot_covered(values, naming) -> str:
    return ngettext(
        "“%(lot)s”: one of your products or services answers it.",
        "“%(lot)s”: %(num)s of your products or services answer it.",
        values["offers"],
        lot=naming.lot(values["lot"]),
    )


TO_SUPPLIER: Mapping[str, Callable[[dict, Naming], str]] = {
    "no_area": lambda v, n: _("You have not said where you deliver or work."),
    "outside_area": _outside_area,
    "too_far": lambda v, n: _(
        "You are %(km)s away: %(beyond)s more than the %(max)s asked.",
        km=formats.km(v["km"]),
        beyond=formats.km(v["beyond_km"]),
        max=formats.km(v["max_km"]),
    ),
    "claim_missing": lambda v, n: _(
        "“%(criterion)s”: you do not state it.", criterion=n.criterion(v["criterion"])
    ),
    "not_qualified": lambda v, n: _(
        "You have none of the qualifications asked: %(asked)s.", asked=qualification_names(v["asked"])
    ),
    "no_offer_in_season": lambda v, n: _(
        "Not in season: asked for %(asked)s, you have it in %(offered)s.",
        asked=month_names(v["asked"]),
        offered=month_names(v["offered"]),
    ),
    "short_of": _short_of,
    "distance": lambda v, n: _("You are %(km)s away.", km=formats.km(v["km"])),
    "in_area": lambda v, n: _("You deliver or work there."),
    "within_distance": lambda v, n: _("You are within the %(max)s asked.", max=formats.km(v["max_km"])),
    "covers_lots": _covers_lots,
    "lot_covered": _lot_covered,
    "lot_partly": _lot_partly,
    "lot_not_covered": lambda v, n: _("“%(lot)s”: nothing of yours that answers it.", lot=n.lot(v["lot"])),
    "availability_unknown": lambda v, n: _(
        "“%(lot)s”: you do not say how much is available.", lot=n.lot(v["lot"])
    ),
    "price_within_budget": price_sentence(
        lazy_gettext(
            "“%(lot)s”: yours from %(price)s with VAT, within the %(budget)s that the buyer can spend."
        ),
        lazy_gettext(
            "“%(lot)s”: yours from %(price)s without VAT, within the %(budget)s that the buyer can spend."
        ),
    ),
    "price_over_budget": price_sentence(
        lazy_gettext(
            "“%(lot)s”: yours from %(price)s with VAT, more than the %(budget)s that the buyer can spend."
        ),
        lazy_gettext(
            "“%(lot)s”: yours from %(price)s without VAT, more than the %(budget)s that the buyer can spend."
        ),
    ),
    "price_unknown": lambda v, n: _("“%(lot)s”: you give the price on request.", lot=n.lot(v["lot"])),
}
