"""What people write about themselves."""

from flask_babel import lazy_gettext as _
from flask_security import RegisterFormV2
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp

from marketplace.i18n import DEFAULT, current_language

#: No control characters: a name is one line, in pages and in the heads of mails.
_ONE_LINE = Regexp(r"^[^\x00-\x1f\x7f]*$", message=_("Please write it on one line."))
_NAME = (DataRequired(_("Please tell us your name.")), Length(max=120), _ONE_LINE)

LANGUAGES = (SelectChoice("it", "Italiano"), SelectChoice("en", "English"))


class RegisterForm(RegisterFormV2):
    """Name, mail address and password; the language is the one that the page is read in."""

    name = StringField(_("Name and surname"), _NAME, render_kw={"autocomplete": "name"})

    def to_dict(self, only_user: bool) -> dict:
        values = super().to_dict(only_user)
        values["name"] = (self.name.data or "").strip()
        values["locale"] = current_language()
        return values


class LinkForm(FlaskForm):
    """Asks for a link to sign in with."""

    email = EmailField(
        _("Email"),
        (DataRequired(_("Please write your email address.")), Length(max=255)),
        render_kw={"autocomplete": "email"},
    )
    submit = SubmitField(_("Send me the link"))


class UseLinkForm(FlaskForm):
    """The button on the page that the link opens."""

    submit = SubmitField(_("Sign in"))


class AccountForm(FlaskForm):
    name = StringField(_("Name and surname"), _NAME, render_kw={"autocomplete": "name"})
    locale = SelectField(_("Language"), choices=LANGUAGES, default=DEFAULT)
    submit = SubmitField(_("Save"))


class ErasureForm(FlaskForm):
    """The address typed again, so that nobody erases themselves by a slip."""

    email = StringField(
        _("Your email address, to confirm"),
        (DataRequired(_("Please write your email address.")),),
        render_kw={"autocomplete": "off"},
    )
    submit = SubmitField(_("Erase my account"))
