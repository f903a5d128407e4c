"""A message, and to whom."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import Length, Optional

from marketplace.conversations.operations import MAX_CHARACTERS
from marketplace.form_files import DocumentField
from marketplace.form_text import ProseField


class MessageForm(FlaskForm):
    """Text, file, or both."""

    text = ProseField(_("Message"), [Length(max=MAX_CHARACTERS)], render_kw={"rows": 5})
    document = DocumentField(_("One file (PDF, ODT, DOCX, XLSX, JPEG or PNG, at most 10 MB)"), [Optional()])


class StartForm(MessageForm):
    """The first message: in whose name, and to whom. Choices are ids; 0 stands for the author of a wish."""

    own = SelectField(_("In the name of"), coerce=int)
    other = SelectField(_("To"), coerce=int)
