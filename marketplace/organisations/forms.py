"""Joining: who the organisation is, in one page."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TelField, TextAreaField, URLField
from wtforms.validators import URL, Email, InputRequired, Length, Optional, ValidationError

from marketplace import words
from marketplace.form_choices import Checkboxes
from marketplace.form_places import PlaceField


class ApplicationForm(FlaskForm):
    name = StringField(_("Name of the organisation"), [InputRequired(_("Write its name.")), Length(max=160)])
    kinds = Checkboxes(_("What it is"), choices=list(words.KINDS.items()))
    summary = TextAreaField(
        _("In one sentence"),
        [Optional(), Length(max=300)],
        description=_("What it makes or does, for who sees it in a list."),
    )
    near = PlaceField(
        _("Municipality"), [InputRequired(_("Write its municipality or postal code.")), Length(max=120)]
    )
    address = StringField(_("Address"), [Optional(), Length(max=160)])
    email = EmailField(
        _("E-mail for the public"),
        [Optional(), Length(max=255), Email(_("This does not look like an e-mail address."))],
    )
    phone = TelField(_("Telephone for the public"), [Optional(), Length(max=40)])
    website = URLField(
        _("Site"),
        [
            Optional(),
            Length(max=255),
            URL(message=_("Write the whole address, beginning with https://")),
        ],
    )

    def validate_kinds(self, field) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one."))

    def validate_website(self, field) -> None:
        if field.data and not field.data.startswith(("http://", "https://")):
            raise ValidationError(_("Write the whole address, beginning with https://"))
