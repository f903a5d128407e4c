"""Which proofs a must accepts, criterion by criterion."""

from flask_babel import gettext as _
from wtforms import Form, ValidationError

from marketplace import engines, words
from marketplace.clock import utc_now
from marketplace.demands.law_notes import EVIDENCE
from marketplace.form_choices import Checkboxes, choices
from marketplace.i18n import current_language
from search.criteria import Profile
from search.judging import rome_day


class ProofsField(Checkboxes):
    """The proofs accepted for one criterion; none chosen means all that somebody else can check."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.profile = Profile.COMMUNITY

    def pre_validate(self, form) -> None:
        allowed = {choice.value for choice in self.choices}
        if all(chosen in allowed for chosen in self.data or ()):
            return
        if self.profile is not Profile.PUBLIC:
            raise ValidationError(_("This cannot be proved in that way."))
        law, day = engines.law(), rome_day(utc_now())
        sources = [law.row_on(key, day).source for key in EVIDENCE if law.in_force(key, day)]
        raise ValidationError(
            _(
                "A public body may only require a register, a certificate or a signed declaration, or equivalent"
                " (%(sources)s).",
                sources="; ".join(sources),
            )
        )


def proofs_form(formdata=None, obj=None, prefix="", **kwargs) -> Form:
    """A set of boxes per criterion of the register."""
    language = current_language()
    fields = {
        criterion.code: ProofsField(
            criterion.label(language),
            choices=choices((proof, words.PROOFS[proof]) for proof in criterion.proofs),
        )
        for criterion in engines.criteria()
    }
    return type("ProofsForm", (Form,), fields)(formdata=formdata, obj=obj, prefix=prefix, **kwargs)


def keep_provable(form: Form, profile: Profile) -> None:
    """Only the proofs that a demand of this profile may require."""
    for criterion in engines.criteria():
        field = form[criterion.code]
        proofs = criterion.requirable_proofs(profile)
        if not proofs:
            del form[criterion.code]
            continue
        field.profile = profile
        field.choices = choices((proof, words.PROOFS[proof]) for proof in proofs)
