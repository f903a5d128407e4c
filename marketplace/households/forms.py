"""What is asked about a household, and what a group decides for all its orders."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from stdnum import iban
from stdnum.exceptions import ValidationError as InvalidNumber
from wtforms import BooleanField, DateField, EmailField, HiddenField, ValidationError
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from marketplace.form_choices import Checkboxes
from marketplace.form_fields import MoneyField, WholeNumberField
from marketplace.form_text import LineField, PhoneField, ProseField


class OwnHouseholdForm(FlaskForm):
    name = LineField(
        _("Name of your household"),
        [DataRequired(_("Write a name, such as your family name.")), Length(max=120)],
    )


class HouseholdForm(OwnHouseholdForm):
    name = LineField(_("Name"), [DataRequired(_("Write a name, such as the family name.")), Length(max=120)])
    people = Checkboxes(
        _("Who books for it"),
        coerce=int,
        description=_("Members of the group. Without anybody a coordinator of an order books for it."),
    )
    email = EmailField(
        _("E-mail address"),
        [Optional(), Length(max=255), Email(_("This does not look like an e-mail address."))],
    )
    phone = PhoneField(_("Phone"), [Optional(), Length(max=40)])
    note = ProseField(
        _("Note"),
        [Optional(), Length(max=2000)],
        description=_("Read by the group's coordinators only."),
    )
    joined_on = DateField(_("In the group since"), [Optional()])
    left_on = DateField(
        _("Left on"), [Optional()], description=_("Once it has left it books no more; its orders stay.")
    )


class SettingsForm(FlaskForm):
    version = HiddenField()
    keeps_accounts = BooleanField(
        _("We keep accounts: households pay in advance and orders are charged to their credit"),
        description=_("Without it everybody pays at delivery."),
    )
    below_zero = MoneyField(
        _("How far below zero may a household go?"),
        [Optional()],
        description=_("0 means never below zero; empty means without limit."),
    )
    yearly_fee = MoneyField(_("Yearly membership fee"), [Optional()])
    iban = LineField("IBAN", [Optional(), Length(max=42)])
    account_holder = LineField(_("Holder of the account"), [Optional(), Length(max=70)])
    retention_days = WholeNumberField(
        _("Days after which notes of settled orders are deleted"),
        [InputRequired(_("Write a number of days."))],
        minimum=1,
        maximum=3650,
    )

    def validate_iban(self, field) -> None:
        if not field.data:
            return
        try:
            field.data = iban.validate(field.data)
        except InvalidNumber:
            raise ValidationError(gettext("This is no valid IBAN.")) from None
