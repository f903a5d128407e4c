"""What is written on a board."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.form_files import DocumentField
from marketplace.form_text import LineField, ProseField
from marketplace.rome_time import RomeMomentField


class PartnerForm(FlaskForm):
    organisation = SelectField(_("In the name of"), coerce=int)
    contribution = ProseField(
        _("What we would bring"),
        [DataRequired(_("Say in a few words what you would bring.")), Length(max=2000)],
        description=_("People, places, experience, own means. No prices: a board is no purchase."),
        render_kw={"rows": 4},
    )


class MeetingForm(FlaskForm):
    starts_at = RomeMomentField(_("It begins"), [InputRequired()])
    ends_at = RomeMomentField(_("It ends"), [Optional()])
    place = LineField(_("Where"), [Optional(), Length(max=200)])
    agenda = ProseField(_("Agenda"), [Optional(), Length(max=5000)], render_kw={"rows": 5})
    minutes = ProseField(
        _("What came of it"),
        [Optional(), Length(max=20_000)],
        description=_("Afterwards: read by everybody, so without what concerns single persons."),
        render_kw={"rows": 8},
    )


class DocumentForm(FlaskForm):
    title = LineField(_("Title of the document"), [DataRequired(), Length(max=160)])
    document = DocumentField(
        _("One file (PDF, ODT, DOCX, XLSX, JPEG or PNG, at most 10 MB)"), [InputRequired()]
    )
