"""Checking, writing down a visit, the card for public bodies, and who may read a document."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from marketplace.evidence.card_kinds import CARD_KINDS, ateco
from marketplace.evidence.card_operations import RecordValues
from marketplace.form_text import LineField, LinkField, ProseField
from marketplace.organisations.evidence_models import CheckVerdict

MAX_NOTES = 4000


class CheckForm(FlaskForm):
    verdict = RadioField(
        _("What you found"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice(CheckVerdict.VERIFIED.value, _("It is as they say")),
            SelectChoice(CheckVerdict.REJECTED.value, _("It cannot be confirmed")),
        ],
    )
    note = ProseField(
        _("Note"),
        [Optional(), Length(max=MAX_NOTES)],
        description=_("Where you looked; where it cannot be confirmed, what they have to change."),
    )
    seen = HiddenField()


class VisitForm(FlaskForm):
    """``signer`` is "group:proof"; its choices and those of ``criterion`` are given by the view."""

    signer = SelectField(_("In the name of"), [InputRequired(_("Choose one."))])
    criterion = SelectField(_("What you visited for"), [InputRequired(_("Choose one."))])
    day = DateField(_("Day of the visit, or of the decision"), [InputRequired(_("Write the day."))])
    notes = ProseField(
        _("What you saw and asked"),
        [DataRequired(_("Write what you saw and asked.")), Length(max=MAX_NOTES)],
        description=_("Kept with the visit; read by the organisation and by whoever checks."),
    )
    expires = DateField(
        _("The decision holds until"),
        [Optional()],
        description=_("For a participatory guarantee."),
    )


class RecordForm(FlaskForm):
    kind = SelectField(
        _("What it is"), choices=lambda: [SelectChoice(kind.code, kind.label) for kind in CARD_KINDS.values()]
    )
    value = LineField(_("What it says"), [InputRequired(_("Write what it says.")), Length(max=300)])
    issued = DateField(_("Date"), [Optional()])
    expires = DateField(_("Last day of validity"), [Optional()])
    link = LinkField(_("Page of the register, or of the award"), [Optional(), Length(max=255)])

    def validate_value(self, field) -> None:
        if self.kind.data == "pec":
            Email(_("This does not look like an e-mail address."))(self, field)
        if self.kind.data == "ateco":
            code = field.data.split()[0].rstrip(".") if field.data.split() else ""
            if code not in ateco():
                raise ValidationError(_("This code is not in ATECO 2025."))
            field.data = f"{code} {ateco()[code]}"[:300]

    def validate_expires(self, field) -> None:
        if field.data and self.issued.data and field.data < self.issued.data:
            raise ValidationError(_("It ends before it begins."))

    def validate(self, extra_validators=None) -> bool:
        """What is needed depends on the kind, and a field's own checks end where it is empty."""
        valid = super().validate(extra_validators)
        kind = CARD_KINDS.get(self.kind.data)
        if kind and kind.dated and self.issued.data is None and not self.issued.errors:
            self.issued.errors, valid = [_("Write its date.")], False
        if kind and kind.expires and self.expires.data is None and not self.expires.errors:
            self.expires.errors, valid = [_("Write until when it is valid.")], False
        return valid

    def values(self) -> RecordValues:
        return RecordValues(
            kind=self.kind.data,
            value=self.value.data,
            issued=self.issued.data,
            expires=self.expires.data,
            link=self.link.data or "",
        )


class ReaderForm(FlaskForm):
    organisation = LineField(_("Organisation"), [InputRequired(_("Write its name.")), Length(max=160)])
