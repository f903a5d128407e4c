"""The particulars of a type as fields of a form."""

from flask_babel import gettext as _
from wtforms import BooleanField, Form, SelectField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from marketplace.demands.models import DemandType
from marketplace.demands.particulars import MAX_PROMPT, MAX_PROMPTS, Particular, Shape, fields_of, prompts_in
from marketplace.form_choices import choices
from marketplace.form_fields import WholeNumberField
from marketplace.form_text import LineField, LinkField, ProseField


class CodeField(LineField):
    """A code as offices write it: capitals without spaces, of one pattern."""

    def __init__(self, *args, particular: Particular, **kwargs):
        super().__init__(*args, **kwargs)
        self._particular = particular

    def process_formdata(self, valuelist) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").replace(" ", "").upper()

    def pre_validate(self, form) -> None:
        if self.data and not self._particular.pattern.fullmatch(self.data):
            raise ValidationError(self._particular.wrong)


class PromptsField(ProseField):
    """Questions, one a line; ``prompts`` are they."""

    @property
    def prompts(self) -> tuple[str, ...]:
        return prompts_in(self.data or "")

    def pre_validate(self, form) -> None:
        if len(self.prompts) > MAX_PROMPTS:
            raise ValidationError(_("At most %(n)s questions.", n=MAX_PROMPTS))
        if any(len(prompt) > MAX_PROMPT for prompt in self.prompts):
            raise ValidationError(_("At most %(n)s characters for each question.", n=MAX_PROMPT))


def particulars_form(type_: DemandType) -> type[Form]:
    """A form with the fields of a type."""
    return type("ParticularsForm", (Form,), {one.name: _field(one) for one in fields_of(type_)})


def values(form: Form, type_: DemandType) -> dict:
    """What was filled in, as it is kept in ``Demand.particulars``; prompts are rows of their own."""
    return {
        one.name: form[one.name].data
        for one in fields_of(type_)
        if one.shape is not Shape.PROMPTS and form[one.name].data not in (None, "")
    }


def _field(one: Particular):
    validators = [DataRequired(_("This is missing."))] if one.required else [Optional()]
    said = {"label": one.label, "description": one.help}
    match one.shape:
        case Shape.PROSE:
            return ProseField(validators=[*validators, Length(max=5000)], **said)
        case Shape.PROMPTS:
            return PromptsField(validators=[*validators, Length(max=MAX_PROMPTS * MAX_PROMPT)], **said)
        case Shape.LINK:
            return LinkField(validators=[*validators, Length(max=255)], **said)
        case Shape.CODE:
            return CodeField(validators=validators, particular=one, **said)
        case Shape.NUMBER:
            return WholeNumberField(validators=validators, minimum=1, maximum=100_000, **said)
        case Shape.YES_NO:
            return BooleanField(default=one.default, **said)
        case Shape.CHOICE:
            return SelectField(
                validators=validators, choices=choices([("", "…"), *one.choices.items()]), default="", **said
            )
        case _:
            return LineField(validators=[*validators, Length(max=300)], **said)
