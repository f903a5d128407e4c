"""What people choose about mails."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.form_choices import Checkboxes, choices
from marketplace.form_fields import WholeNumberField
from marketplace.form_text import LineField
from marketplace.matches.models import Frequency
from marketplace.notices.mail_kinds import MAIL_KINDS

FREQUENCIES = {
    Frequency.AT_ONCE: _("At once"),
    Frequency.DAILY: _("Once a day, in the morning"),
    Frequency.WEEKLY: _("Once a week, on Mondays"),
    Frequency.NEVER: _("Never"),
}


class PreferencesForm(FlaskForm):
    kinds = Checkboxes(_("Mails that I want"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds.choices = choices(
            (kind, f"{about.name}: {about.tells}") for kind, about in MAIL_KINDS.items() if about.optional
        )


class SearchForm(FlaskForm):
    """A saved search: how it is called, and how often its news come."""

    name = LineField(_("Name of the search"), [DataRequired(), Length(max=120)])
    frequency = RadioField(
        _("When do you want to be told by mail?"),
        choices=choices(FREQUENCIES),
        default=Frequency.DAILY,
    )


class PlacedSearchForm(SearchForm):
    """One near a place."""

    radius_km = WholeNumberField(_("Not farther than (km)"), [DataRequired()], minimum=1, maximum=1500)
    delivered = BooleanField(_("Also what is delivered there from farther away"))
