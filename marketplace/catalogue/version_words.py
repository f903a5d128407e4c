"""The content of an offer's version in words, for who compares two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from marketplace import engines, words
from marketplace.catalogue.catalogue_words import ALLERGENS, FIELDS, PERIODS, PRICE_PARTS
from marketplace.catalogue.versions import differences
from marketplace.formats import money, months, quantity, unit_price
from marketplace.i18n import current_language

_QUANTITIES = frozenset({"box_size", "minimum", "multiple", "maximum_per_member", "available", "capacity"})


@dataclass(frozen=True, slots=True)
class Line:
    """One field of two versions, in words."""

    label: str
    before: str
    after: str


def compared(
    before: Mapping[str, Any], after: Mapping[str, Any], areas: Mapping[int, str] | None = None
) -> list[Line]:
    """The fields that differ; empty where nothing does. ``areas``: the delivery areas that there are, in words."""
    return [
        Line(
            str(FIELDS[difference.field]),
            in_words(difference.field, difference.before, before.get("unit"), areas),
            in_words(difference.field, difference.after, after.get("unit"), areas),
        )
        for difference in differences(before, after)
    ]


def in_words(field: str, value: Any, unit: str | None, areas: Mapping[int, str] | None = None) -> str:
    """One value as people read it; nothing written is a dash, but for what has a meaning when it is missing."""
    if field == "area_ids":
        if value is None:
            return _("Wherever the organisation delivers")
        return "; ".join((areas or {}).get(id_) or _("an area that is gone") for id_ in value) or "–"
    if field == "price":
        return unit_price(value) if value is not None else _("Price on request")
    if field == "months":
        return months(value or ())
    if value is None or value == "" or value == []:
        return "–"
    if field in _QUANTITIES:
        return quantity(value, unit)
    if field == "category":
        return (
            " › ".join(engines.categories().path(value, current_language()))
            if value in engines.categories()
            else value
        )
    if field == "unit":
        return str(words.UNITS.get(value, value))
    if field == "vat_treatment":
        return str(words.VAT_TREATMENTS[value][0]) if value in words.VAT_TREATMENTS else value
    if field == "capacity_period":
        return str(PERIODS.get(value, value))
    if field == "open_price":
        return ", ".join(f"{label} {share}" for label, share, _hundredths in price_part_facts(value))
    if field == "food":
        return "; ".join(food_lines(value))
    if field == "variants":
        return "; ".join(_variant(variant, unit) for variant in value)
    return str(value)


def percent(share: int) -> str:
    """Hundredths of a percent: 1250 to "12,5 %"."""
    return f"{quantity(share * 10)}\u00a0%"


def price_part_facts(parts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """The parts of an open price that are more than nothing: name, share in words, share in hundredths of a percent."""
    return [
        (str(PRICE_PARTS[part]), percent(parts[part]), parts[part]) for part in PRICE_PARTS if parts.get(part)
    ]


def food_lines(sheet: Mapping[str, Any]) -> list[str]:
    """The food sheet, one fact a line."""
    return [f"{label}: {text}" if text else label for label, text in food_facts(sheet)]


def food_facts(sheet: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The food sheet as names and values; a value is empty where the name says all."""
    found = []
    if text := sheet.get("ingredients"):
        found.append((_("Ingredients"), text))
    if codes := sheet.get("allergens"):
        found.append((_("Allergens"), ", ".join(str(ALLERGENS.get(code, code)) for code in codes)))
    if text := sheet.get("origin"):
        found.append((_("Origin"), text))
    if text := sheet.get("establishment"):
        found.append((_("SCIA or CE number"), text))
    if amount := sheet.get("net_amount"):
        found.append(
            (_("Net weight or volume of a piece"), f"{quantity(amount)}\u00a0{sheet.get('net_unit', 'g')}")
        )
    if sheet.get("weighed"):
        found.append((_("Sold by the piece, paid by its weight"), ""))
    if cents := sheet.get("deposit_cents"):
        found.append((_("Deposit on each container"), money(cents)))
    return found


def _variant(variant: Mapping[str, Any], unit: str | None) -> str:
    price = unit_price(variant["price"]) if variant.get("price") is not None else _("same price")
    left = variant.get("available")
    return f"{variant['name']}, {price}" + (f", {quantity(left, unit)}" if left is not None else "")
