"""The form of a shift."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.form_text import LineField
from marketplace.rome_time import RomeMomentField


class ShiftForm(FlaskForm):
    place = SelectField(_("Where"), coerce=int)
    starts_at = RomeMomentField(_("From"), [InputRequired()])
    ends_at = RomeMomentField(_("Until"), [InputRequired()])
    household = SelectField(_("Who"), coerce=int)
    note = LineField(_("Note for whoever comes"), [Optional(), Length(max=200)])
