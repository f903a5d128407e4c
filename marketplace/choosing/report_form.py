"""The form of the buyer's own part of a report."""

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import Length

from marketplace.choosing.report_fields import MAX_LENGTH, REPORT_FIELDS
from marketplace.converters import written_version
from marketplace.form_text import LineField, ProseField


class NotesForm(FlaskForm):
    """One field for each of :data:`marketplace.choosing.report_fields.REPORT_FIELDS`."""

    version = HiddenField()

    def values(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in REPORT_FIELDS}

    def seen_version(self) -> int:
        return written_version(self.version.data)


for _name, _about in REPORT_FIELDS.items():
    _kind = LineField if _about.lines == 1 else ProseField
    setattr(
        NotesForm,
        _name,
        _kind(
            _about.label,
            [Length(max=MAX_LENGTH)],
            description=_about.hint,
            render_kw={} if _about.lines == 1 else {"rows": _about.lines},
        ),
    )
