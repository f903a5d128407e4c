"""A decision, and a delegation."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from marketplace import engines
from marketplace.form_choices import choices
from marketplace.form_text import LineField, ProseField
from marketplace.i18n import current_language
from marketplace.organisations.joining_models import Verdict

VERDICTS = {
    Verdict.APPROVED: _("Approve"),
    Verdict.CHANGES_ASKED: _("Ask for changes"),
    Verdict.REFUSED: _("Refuse"),
    Verdict.SUSPENDED: _("Suspend"),
    Verdict.REINSTATED: _("Make public again"),
}
#: As they stand in the history.
DECIDED = {
    Verdict.APPROVED: _("approved"),
    Verdict.CHANGES_ASKED: _("changes asked"),
    Verdict.REFUSED: _("refused"),
    Verdict.SUSPENDED: _("suspended"),
    Verdict.REINSTATED: _("made public again"),
}


class DecisionForm(FlaskForm):
    """The button chosen is the verdict."""

    reason = ProseField(
        _("What the applicant is told"),
        [Length(max=2000)],
        description=_("Goes out by mail. Needed for everything but an approval."),
    )
    verdict = SelectField(_("Decision"), choices=choices(VERDICTS), validate_choice=True)
    #: Which handing-in the page showed: :func:`marketplace.organisations.standing.handed_in`.
    seen = HiddenField()


class DelegationForm(FlaskForm):
    network = SelectField(_("Network"), [DataRequired(_("Choose one."))], coerce=int)
    criterion = SelectField(
        _("Criterion"),
        [DataRequired(_("Choose one."))],
        choices=lambda: choices(
            [(criterion.code, criterion.label(current_language())) for criterion in engines.criteria()]
        ),
    )
    provinces = LineField(
        _("Provinces"),
        [Optional(), Length(max=500)],
        description=_("By their letters, such as BG, BS. None: everywhere."),
    )
    until = DateField(_("Until, included"), [Optional()])

    def sigle(self) -> list[str]:
        return [part.upper() for part in (self.provinces.data or "").replace(",", " ").split()]

    def validate_provinces(self, field) -> None:
        for sigla in self.sigle():
            if sigla not in engines.comuni().provinces:
                raise ValidationError(gettext("%(letters)s is no province.", letters=sigla[:20]))
