"""How somebody wants to hear of demands for their organisation."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import Optional

from marketplace import engines
from marketplace.form_choices import Checkboxes
from marketplace.form_fields import WholeNumberField
from marketplace.i18n import current_language
from marketplace.matches.models import Frequency


class AlertForm(FlaskForm):
    frequency = RadioField(
        _("When do you want to be told by mail?"),
        choices=[
            (Frequency.AT_ONCE, _("At once")),
            (Frequency.DAILY, _("Once a day, in the morning")),
            (Frequency.WEEKLY, _("Once a week, on Mondays")),
            (Frequency.NEVER, _("Never")),
        ],
        default=Frequency.NEVER,
    )
    categories = Checkboxes(
        _("Only for"), [Optional()], description=_("None chosen: everything that you could answer.")
    )
    within_km = WholeNumberField(_("Not farther than (km)"), [Optional()], minimum=1, maximum=1500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.categories.choices = [
            (category.code, category.label(current_language())) for category in engines.categories().roots()
        ]
