"""A product or a service in a form."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from marketplace import engines, words
from marketplace.form_choices import Checkboxes
from marketplace.form_fields import QuantityField, UnitPriceField, WholeNumberField
from marketplace.formats import month_name
from marketplace.i18n import current_language


class OfferForm(FlaskForm):
    """``version`` is the one that was opened: saving over a newer one is a conflict."""

    title = StringField(
        _("Name"),
        [InputRequired(_("Write what it is called.")), Length(max=160)],
        description=_("As you would say it at the market: “Goat cheese, fresh”."),
    )
    category = SelectField(_("Category"), [InputRequired(_("Choose a category."))])
    description = TextAreaField(_("Description"), [Optional(), Length(max=10_000)])
    unit = SelectField(_("Sold by"), [InputRequired(_("Choose a unit."))], choices=list(words.UNITS.items()))
    price = UnitPriceField(
        _("Price per unit, VAT included"),
        [Optional()],
        description=_("Leave it empty for “price on request”."),
    )
    vat_treatment = SelectField(
        _("VAT"), choices=[(code, label) for code, (label, _rate) in words.VAT_TREATMENTS.items()]
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
    months = Checkboxes(_("Months"), [Optional()], coerce=int, description=_("None chosen: all year."))
    lead_time_days = WholeNumberField(_("Ready in how many days"), [Optional()], maximum=365)
    version = HiddenField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.months.choices = [(number, month_name(number)) for number in range(1, 13)]
        choices = engines.categories().choices(current_language())
        self.category.choices = {"": [("", _("Choose…"))], **choices}
