"""A product or a service in a form."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, FormField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace import engines, words
from marketplace.catalogue import catalogue_words
from marketplace.catalogue.food_sheet import FOOD_FIELDS, NET_UNITS, allergens_clash, food_sheet, is_food
from marketplace.catalogue.offer_areas import chosen_areas
from marketplace.catalogue.offer_values import OfferValues, VariantValues
from marketplace.catalogue.open_price import PARTS, WHOLE, DoesNotAddUp, price_parts
from marketplace.catalogue.quantity_rules import quantity_problems
from marketplace.form_choices import Checkboxes, Lines, Months, choices
from marketplace.form_fields import (
    MoneyField,
    PlainDecimalField,
    QuantityField,
    UnitPriceField,
    WholeNumberField,
)
from marketplace.form_text import LineField, ProseField
from marketplace.i18n import current_language
from marketplace.plain_decimals import write_decimal

MAX_VARIANTS = 20
_QUANTITIES = (
    "box_size",
    "minimum",
    "multiple",
    "maximum_per_member",
    "available",
    "capacity",
    "capacity_period",
)
_PLAIN = (
    "title",
    "category",
    "unit",
    "vat_treatment",
    "price",
    "box_size",
    "minimum",
    "multiple",
    "maximum_per_member",
    "available",
    "capacity",
    "lead_time_days",
)


def category_choices() -> list[SelectChoice]:
    groups = engines.categories().choices(current_language())
    return [
        SelectChoice("", _("Choose…")),
        *(
            SelectChoice(code, label, optgroup=group)
            for group, nodes in groups.items()
            for code, label in nodes
        ),
    ]


class PercentField(PlainDecimalField):
    """A share; ``data`` in hundredths of a percent."""

    decimals = 2
    default_maximum = WHOLE


class VariantForm(Form):
    """One line of the variants; a line without a name is none."""

    name = LineField(_("Variant"), [Optional(), Length(max=80)])
    price = UnitPriceField(_("Price"), [Optional()])
    available = QuantityField(_("Available"), [Optional()])

    def validate(self, extra_validators=None) -> bool:
        good = super().validate(extra_validators)
        if not self.name.data and (self.price.data is not None or self.available.data is not None):
            self.name.errors = [*self.name.errors, gettext("Write what this variant is called.")]
            good = False
        return good


class OfferForm(FlaskForm):
    """``version`` is the one that was opened: saving over a newer one is a conflict.

    ``areas``: the delivery areas among which may be chosen, in words by id.
    """

    title = LineField(
        _("Name"),
        [DataRequired(_("Write what it is called.")), Length(max=160)],
        description=_("As you would say it at the market: “Goat cheese, fresh”."),
    )
    category = SelectField(_("Category"), [InputRequired(_("Choose a category."))], choices=category_choices)
    description = ProseField(
        _("Description"),
        [Optional(), Length(max=10_000)],
        description=_(
            "An empty line begins a paragraph, “- ” a point of a list, **two stars** make it bold."
        ),
    )
    unit = SelectField(_("Sold by"), [InputRequired(_("Choose a unit."))], choices=choices(words.UNITS))
    price = UnitPriceField(
        _("Price per unit, VAT included"),
        [Optional()],
        description=_("Leave it empty for “price on request”."),
    )
    vat_treatment = SelectField(
        _("VAT"), choices=choices((code, label) for code, (label, _rate) in words.VAT_TREATMENTS.items())
    )
    available = QuantityField(
        _("Available"),
        [Optional()],
        description=_("How much there is for one need; empty if you do not know."),
    )
    months = Months(_("Months"), [Optional()], description=_("None chosen: all year."))
    lead_time_days = WholeNumberField(_("Ready in how many days"), [Optional()], maximum=365)

    area_ids = Checkboxes(
        _("Where it goes"),
        [Optional()],
        coerce=int,
        description=_("None chosen: wherever you deliver or work."),
    )

    box_size = QuantityField(
        _("Units in a box"),
        [Optional()],
        minimum=1,
        description=_("Only if it is sold in whole boxes."),
    )
    minimum = QuantityField(_("At least"), [Optional()], minimum=1, description=_("The least one can order."))
    multiple = QuantityField(
        _("So much at a time"), [Optional()], minimum=1, description=_("0,5: half kilo by half kilo.")
    )
    maximum_per_member = QuantityField(_("At most for each household"), [Optional()], minimum=1)
    capacity = QuantityField(
        _("Can be made"),
        [Optional()],
        description=_("How much you can make or do; canteens and groups plan with it."),
    )
    capacity_period = SelectField(
        _("In how long"),
        [Optional()],
        default="",
        choices=choices([("", "–"), *catalogue_words.PERIODS.items()]),
    )
    variants = Lines(FormField(VariantForm), max_entries=MAX_VARIANTS)

    raw_material = PercentField(catalogue_words.PRICE_PARTS["raw_material"], [Optional()])
    labour = PercentField(catalogue_words.PRICE_PARTS["labour"], [Optional()])
    transport = PercentField(catalogue_words.PRICE_PARTS["transport"], [Optional()])
    margin = PercentField(catalogue_words.PRICE_PARTS["margin"], [Optional()])

    ingredients = ProseField(
        _("Ingredients"),
        [Optional(), Length(max=2_000)],
        description=_("From the one that weighs most to the one that weighs least."),
    )
    allergens = Checkboxes(_("Allergens"), [Optional()], choices=choices(catalogue_words.ALLERGENS))
    origin = LineField(_("Origin"), [Optional(), Length(max=160)])
    establishment = LineField(_("SCIA or CE number"), [Optional(), Length(max=60)])
    net_amount = QuantityField(_("Net weight or volume of a piece"), [Optional()], minimum=1)
    net_unit = SelectField(
        _("In"), [Optional()], default="g", choices=choices((unit, unit) for unit in NET_UNITS)
    )
    weighed = BooleanField(_("Sold by the piece, paid by its weight"))
    deposit_cents = MoneyField(_("Deposit on each container"), [Optional()], maximum=10**7)
    version = HiddenField()

    def __init__(self, *args, areas: Mapping[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.area_ids.choices = list(areas.items())

    def validate(self, extra_validators=None) -> bool:
        good = super().validate(extra_validators)
        # each rule looks at several fields, so only once each of them can be read
        return good and self._fits_together()

    def _fits_together(self) -> bool:
        for problem in quantity_problems(**{name: self[name].data or None for name in _QUANTITIES}):
            self.add_error(problem.field, str(catalogue_words.CLASHES[problem.clash]))
        try:
            self._price_parts()
        except DoesNotAddUp as wrong:
            total = write_decimal(wrong.total, 2, mark="," if current_language() == "it" else ".")
            self.add_error(
                "margin", gettext("The parts must add up to 100 %%: now it is %(total)s.", total=total)
            )
        if is_food(self.category.data) and allergens_clash(self.allergens.data):
            self.add_error("allergens", gettext("“None of these” cannot stand beside one of them."))
        names = [line.form.name.data for line in self.variants if line.form.name.data]
        if len({name.casefold() for name in names}) < len(names):
            self.add_error("variants", gettext("Two variants have the same name."))
        return not self.errors

    def add_error(self, name: str, message: str) -> None:
        """Say beside a field what is wrong with it."""
        self[name].errors = [*self[name].errors, message]

    def values(self) -> OfferValues:
        """What was written, once it is valid."""
        return OfferValues(
            **{name: self[name].data for name in _PLAIN},
            description=self.description.data or "",
            capacity_period=(self.capacity_period.data or None) if self.capacity.data is not None else None,
            months=frozenset(self.months.data or ()),
            open_price=self._price_parts(),
            area_ids=chosen_areas(self.area_ids.data or (), [code for code, _label in self.area_ids.choices]),
            food=food_sheet({name: self[name].data for name in FOOD_FIELDS}, self.category.data),
            variants=tuple(
                VariantValues(line.form.name.data, line.form.price.data, line.form.available.data)
                for line in self.variants
                if line.form.name.data
            ),
        )

    def _price_parts(self) -> dict[str, int] | None:
        return price_parts({part: self[part].data for part in PARTS})


def as_form_data(values: OfferValues) -> dict[str, Any]:
    """The values under the names of the form's fields."""
    data = {name: getattr(values, name) for name in (*_PLAIN, "description")}
    data["capacity_period"] = values.capacity_period or ""
    data["area_ids"] = list(values.area_ids or ())
    data["months"] = sorted(values.months)
    data["variants"] = [
        {"name": variant.name, "price": variant.price, "available": variant.available}
        for variant in values.variants
    ]
    return data | (values.open_price or {}) | (values.food or {})
