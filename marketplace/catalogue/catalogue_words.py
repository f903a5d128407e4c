"""The words that people use for the codes of the catalogue alone."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from marketplace.catalogue.models import OfferStatus
from marketplace.catalogue.quantity_rules import Clash

STATUSES: Mapping[str, object] = {
    OfferStatus.DRAFT: _("draft"),
    OfferStatus.PUBLISHED: _("published"),
    OfferStatus.WITHDRAWN: _("withdrawn"),
}

PRICE_PARTS: Mapping[str, object] = {
    "raw_material": _("Raw material"),
    "labour": _("Labour"),
    "transport": _("Transport"),
    "margin": _("Margin"),
}

PERIODS: Mapping[str, object] = {"week": _("a week"), "month": _("a month")}

#: Reg. EU 1169/2011, annex II.
ALLERGENS: Mapping[str, object] = {
    "gluten": _("Cereals containing gluten"),
    "crustaceans": _("Crustaceans"),
    "eggs": _("Eggs"),
    "fish": _("Fish"),
    "peanuts": _("Peanuts"),
    "soybeans": _("Soybeans"),
    "milk": _("Milk"),
    "nuts": _("Nuts"),
    "celery": _("Celery"),
    "mustard": _("Mustard"),
    "sesame": _("Sesame seeds"),
    "sulphites": _("Sulphur dioxide and sulphites"),
    "lupin": _("Lupin"),
    "molluscs": _("Molluscs"),
    "none": _("None of these"),
}

CLASHES: Mapping[str, object] = {
    Clash.MINIMUM_NOT_IN_STEPS: _("The minimum must be reached in whole steps of “so much at a time”."),
    Clash.BOX_NOT_IN_STEPS: _("Whole steps of “so much at a time” never fill this box."),
    Clash.MAXIMUM_BELOW_MINIMUM: _("This is less than the minimum."),
    Clash.MAXIMUM_BELOW_STEP: _("This is less than one step of “so much at a time”."),
    Clash.LESS_THAN_THE_MINIMUM: _("This is less than the minimum: nobody could order it."),
    Clash.CAPACITY_WITHOUT_PERIOD: _("A week or a month?"),
}

#: The fields of an offer, as a comparison of versions names them.
FIELDS: Mapping[str, object] = {
    "title": _("Name"),
    "category": _("Category"),
    "unit": _("Sold by"),
    "vat_treatment": _("VAT"),
    "description": _("Description"),
    "price": _("Price per unit, VAT included"),
    "box_size": _("Units in a box"),
    "minimum": _("At least"),
    "multiple": _("So much at a time"),
    "maximum_per_member": _("At most for each household"),
    "available": _("Available"),
    "capacity": _("Can be made"),
    "capacity_period": _("In how long"),
    "months": _("Months"),
    "lead_time_days": _("Ready in how many days"),
    "open_price": _("Open price"),
    "food": _("Food sheet"),
    "area_ids": _("Where it goes"),
    "variants": _("Variants"),
}
