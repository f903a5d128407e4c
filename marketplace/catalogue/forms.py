"""A product or a service in a form."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace import engines, words
from marketplace.form_choices import Months, choices
from marketplace.form_fields import QuantityField, UnitPriceField, WholeNumberField
from marketplace.form_text import LineField, ProseField
from marketplace.i18n import current_language


def _categories() -> list[SelectChoice]:
    groups = engines.categories().choices(current_language())
    return [
        SelectChoice("", _("Choose…")),
        *(
            SelectChoice(code, label, optgroup=group)
            for group, nodes in groups.items()
            for code, label in nodes
        ),
    ]


class OfferForm(FlaskForm):
    """``version`` is the one that was opened: saving over a newer one is a conflict."""

    title = LineField(
        _("Name"),
        [DataRequired(_("Write what it is called.")), Length(max=160)],
        description=_("As you would say it at the market: “Goat cheese, fresh”."),
    )
    category = SelectField(_("Category"), [InputRequired(_("Choose a category."))], choices=_categories)
    description = ProseField(_("Description"), [Optional(), Length(max=10_000)])
    unit = SelectField(_("Sold by"), [InputRequired(_("Choose a unit."))], choices=choices(words.UNITS))
    price = UnitPriceField(
        _("Price per unit, VAT included"),
        [Optional()],
        description=_("Leave it empty for “price on request”."),
    )
    vat_treatment = SelectField(
        _("VAT"), choices=choices((code, label) for code, (label, _rate) in words.VAT_TREATMENTS.items())
    )
    box_size = QuantityField(
        _("Units in a box"),
        [Optional()],
        minimum=1,
        description=_("Only if it is sold in whole boxes."),
    )
    available = QuantityField(
        _("Available"),
        [Optional()],
        description=_("How much there is for one need; empty if you do not know."),
    )
    months = Months(_("Months"), [Optional()], description=_("None chosen: all year."))
    lead_time_days = WholeNumberField(_("Ready in how many days"), [Optional()], maximum=365)
    version = HiddenField()
