"""Joining: who the organisation is, in one page."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp, ValidationError

from marketplace import words
from marketplace.form_choices import Checkboxes, choices
from marketplace.form_places import PlaceField
from marketplace.form_text import LineField, LinkField, PhoneField, ProseField


class ApplicationForm(FlaskForm):
    name = LineField(_("Name of the organisation"), [DataRequired(_("Write its name.")), Length(max=160)])
    kinds = Checkboxes(_("What it is"), choices=choices(words.KINDS))
    summary = ProseField(
        _("In one sentence"),
        [Optional(), Length(max=300)],
        description=_("What it makes or does, for who sees it in a list."),
    )
    near = PlaceField(
        _("Municipality"), [DataRequired(_("Write its municipality or postal code.")), Length(max=120)]
    )
    near_confirmed = BooleanField(_("Yes, this is the municipality"))
    address = LineField(_("Address"), [Optional(), Length(max=160)])
    email = EmailField(
        _("E-mail for the public"),
        [Optional(), Length(max=255), Email(_("This does not look like an e-mail address."))],
    )
    phone = PhoneField(
        _("Telephone for the public"),
        [
            Optional(),
            Length(max=40),
            Regexp(r"[0-9+][0-9 ()/.+-]{3,}$", message=_("Write digits and spaces, such as 035 123456.")),
        ],
    )
    website = LinkField(_("Site"), [Optional(), Length(max=255)])

    def validate_kinds(self, field) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one."))

    def validate_near(self, field) -> None:
        if field.is_nowhere:
            raise ValidationError(
                _("This point is in no Italian municipality: write the municipality of the seat.")
            )
        if field.is_guessed and not self.near_confirmed.data:
            raise ValidationError(
                _(
                    "The nearest centre is %(comune)s: confirm it, or write another.",
                    comune=field.comune_label,
                )
            )
