"""The food sheet: what must be known before food is bought at a distance (Reg. EU 1169/2011, art. 14).

It is kept as plain values by field, those that are empty left out:

=============== ==============================================================================
ingredients     text, in descending order of weight
allergens       codes of :data:`ALLERGENS`, in their order; ``["none"]`` where none is contained
origin          text: country or place of provenance
establishment   text: the number of the SCIA, or the CE mark of the establishment
net_amount      thousandths of ``net_unit``
net_unit        "g", "kg", "ml" or "l"
weighed         true where it is sold by the piece and paid by its weight
deposit_cents   cents of deposit on each container
=============== ==============================================================================
"""

from collections.abc import Mapping
from typing import Any

#: Reg. EU 1169/2011, annex II, in its order.
ALLERGENS = (
    "gluten",
    "crustaceans",
    "eggs",
    "fish",
    "peanuts",
    "soybeans",
    "milk",
    "nuts",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
)
#: Whoever wrote it looked, and there is none: not the same as nothing written.
NO_ALLERGENS = "none"
NET_UNITS = ("g", "kg", "ml", "l")
FOOD_FIELDS = (
    "ingredients",
    "allergens",
    "origin",
    "establishment",
    "net_amount",
    "net_unit",
    "weighed",
    "deposit_cents",
)
#: The branch of the tree whose offers are food.
FOOD = "food"


def is_food(category: str | None) -> bool:
    """Whether offers of this category carry a food sheet."""
    return category is not None and (category == FOOD or category.startswith(f"{FOOD}."))


def food_sheet(written: Mapping[str, Any], category: str) -> dict[str, Any] | None:
    """The sheet as it is kept; ``None`` where nothing is written or the category is no food."""
    if not is_food(category):
        return None
    sheet = {name: written[name] for name in FOOD_FIELDS if written.get(name)}
    if chosen := set(sheet.get("allergens", ())):
        sheet["allergens"] = [code for code in (*ALLERGENS, NO_ALLERGENS) if code in chosen]
    if "net_amount" not in sheet:
        sheet.pop("net_unit", None)
    return sheet or None


def allergens_clash(chosen: list[str] | None) -> bool:
    """Whether "none" stands beside an allergen."""
    return bool(chosen) and NO_ALLERGENS in chosen and len(set(chosen)) > 1
