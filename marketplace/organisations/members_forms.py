"""Inviting a colleague, and changing what one may do."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField
from wtforms.validators import DataRequired, Email, Length

from marketplace import words
from marketplace.form_choices import choices
from marketplace.organisations.models import MemberRole


class InvitationForm(FlaskForm):
    email = EmailField(
        _("E-mail address"),
        [
            DataRequired(_("Write the address of your colleague.")),
            Length(max=255),
            Email(_("This does not look like an e-mail address.")),
        ],
    )
    role = SelectField(_("Role"), choices=choices(words.MEMBER_ROLES), default=MemberRole.EDITOR.value)


class RoleForm(FlaskForm):
    role = SelectField(_("Role"), choices=choices(words.MEMBER_ROLES))
