"""The pages of an application, and of the settings of an organisation that is here already."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp, ValidationError

from geo.areas import Place
from marketplace import engines, words
from marketplace.form_choices import Checkboxes, choices
from marketplace.form_places import ComuneField
from marketplace.form_points import DegreesField, check_point, chosen_place, has_point
from marketplace.form_text import LineField, LinkField, PhoneField, ProseField
from marketplace.i18n import current_language
from marketplace.organisations.identifiers import missing_number, tax_code, vat_number
from marketplace.organisations.joining_models import Activity
from marketplace.organisations.member_types import NATURAL_PERSON

_ADDRESS = (Optional(), Length(max=255), Email(_("This does not look like an e-mail address.")))


def _legal_forms() -> list:
    language = current_language()
    return choices(
        [
            ("", gettext("choose")),
            *((form.code, form.label(language)) for form in engines.legal_forms().values()),
        ]
    )


class IdentityForm(FlaskForm):
    """Who it is."""

    name = LineField(_("Name of the organisation"), [DataRequired(_("Write its name.")), Length(max=160)])
    kinds = Checkboxes(_("What it does here"), choices=choices(words.KINDS))
    legal_form = SelectField(_("Legal form"), [DataRequired(_("Choose one."))], choices=_legal_forms)
    vat_number = LineField(_("VAT number (partita IVA)"), [Length(max=20)])
    tax_code = LineField(_("Tax code (codice fiscale)"), [Length(max=20)])
    not_a_duplicate_because = ProseField(
        _("It is another one, because"),
        [Length(max=500)],
        description=_("Read by the district only."),
    )

    def validate_kinds(self, field) -> None:
        if not field.data and self.legal_form.data != NATURAL_PERSON:
            raise ValidationError(gettext("Choose at least one."))

    def validate_vat_number(self, field) -> None:
        self._read(field, vat_number, gettext("A digit of this VAT number is wrong: it has eleven."))

    def validate_tax_code(self, field) -> None:
        self._read(field, tax_code, gettext("A character of this tax code is wrong: look at it again."))

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        form = engines.legal_forms().get(self.legal_form.data)
        missing = missing_number(form, self.vat_number.data or None, self.tax_code.data or None)
        if missing is None:
            return True
        self[missing].errors = [
            gettext("With this legal form the VAT number is needed.")
            if missing == "vat_number"
            else gettext("With this legal form the tax code is needed.")
        ]
        return False

    @staticmethod
    def _read(field, read, wrong: str) -> None:
        if not field.data:
            return
        try:
            field.data = read(field.data)
        except ValueError:
            raise ValidationError(wrong) from None


class PointForm(FlaskForm):
    """A comune in words and a point on the map; without a point the geocoder's is taken."""

    near = ComuneField(
        _("Municipality"), [DataRequired(_("Write its municipality or postal code.")), Length(max=120)]
    )
    near_confirmed = BooleanField(_("Yes, this is the municipality"))
    # not Optional: that would end the chain before the two are compared
    lat = DegreesField(_("Latitude"), limit=90)
    lon = DegreesField(_("Longitude"), limit=180)

    #: The comune in which the chosen point lies, where a person must confirm another one than written.
    doubtful: str = ""

    @property
    def has_point(self) -> bool:
        return has_point(self)

    @property
    def asks_to_confirm(self) -> bool:
        return bool(self.doubtful) or self.near.is_guessed

    def validate_near(self, field) -> None:
        if field.is_nowhere:
            raise ValidationError(
                gettext("This point is in no Italian municipality: write the municipality of the seat.")
            )
        if field.is_guessed and not self.near_confirmed.data:
            raise ValidationError(
                gettext(
                    "The nearest centre is %(comune)s: confirm it, or write another.",
                    comune=field.comune_label,
                )
            )

    def validate_lat(self, field) -> None:
        check_point(self)

    def place(self) -> Place:
        """The comune that was written, at the point that was chosen."""
        return chosen_place(self)


class SeatForm(PointForm):
    address = LineField(_("Address"), [Optional(), Length(max=160)], description=_("Street and number."))

    @property
    def unlocated(self) -> bool:
        """Whether the geocoder did not answer and nobody put a point: it is to be looked up later."""
        return self.near.unlocated and not self.has_point


class ProductionPlaceForm(PointForm):
    name = LineField(_("Name of the place"), [DataRequired(_("Write a name.")), Length(max=120)])
    activity = SelectField(
        _("What is done there"),
        choices=choices(
            {
                Activity.GROWN: _("raw materials are grown or raised"),
                Activity.PROCESSED: _("they are processed"),
                Activity.BOTH: _("both"),
            }
        ),
    )


class ContactsForm(FlaskForm):
    """What it says of itself, and how it is reached."""

    summary = ProseField(
        _("In one sentence"),
        [Optional(), Length(max=300)],
        description=_("What it makes or does, for who sees it in a list."),
    )
    description = ProseField(_("Description"), [Optional(), Length(max=10_000)])
    email = EmailField(_("E-mail for the public"), _ADDRESS)
    phone = PhoneField(
        _("Telephone for the public"),
        [
            Optional(),
            Length(max=40),
            Regexp(r"[0-9+][0-9 ()/.+-]{3,}$", message=_("Write digits and spaces, such as 035 123456.")),
        ],
    )
    website = LinkField(_("Site"), [Optional(), Length(max=255)])
    pec = EmailField(_("Certified mail (PEC)"), _ADDRESS)

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.email.data or self.phone.data:
            return True
        self.email.errors = [gettext("Write an e-mail address or a telephone number.")]
        return False


class CharterForm(FlaskForm):
    """Adherence to the text in force; ``version`` is the one that was read."""

    accepted = BooleanField(_("We have read the charter and adhere to it"))


class BelongForm(FlaskForm):
    """Somebody says to belong to an organisation that is here already."""

    words = ProseField(
        _("Who you are, for those who decide"),
        [DataRequired(_("Write a line: it goes to the owners by mail.")), Length(max=500)],
    )
