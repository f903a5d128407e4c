"""What people choose about mails."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import Optional

from marketplace.form_choices import Checkboxes
from marketplace.notices.mail_kinds import MAIL_KINDS


class PreferencesForm(FlaskForm):
    kinds = Checkboxes(_("Mails that I want"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds.choices = [
            (str(kind), f"{about.name}: {about.tells}")
            for kind, about in MAIL_KINDS.items()
            if about.optional
        ]
