"""What may be added to a published request."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import Length, Optional

from marketplace.form_files import DocumentField
from marketplace.form_text import LineField, ProseField
from marketplace.rome_time import RomeMomentField


class ClarifyForm(FlaskForm):
    text = ProseField(_("What is to be made clear"), [Optional(), Length(max=5000)])
    closes_at = RomeMomentField(_("Answers until (day and hour, in Italy)"), [Optional()])
    questions_until = RomeMomentField(_("Questions until (day and hour, in Italy)"), [Optional()])
    document = DocumentField(_("A file to attach"))
    document_title = LineField(_("What the file is"), [Optional(), Length(max=160)])
