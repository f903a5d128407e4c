"""The forms of questions and answers; what an answer asks for depends on the demand."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _g
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Form, FormField, HiddenField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.converters import written_version
from marketplace.demands.models import Demand
from marketplace.form_choices import choices
from marketplace.form_fields import QuantityField, UnitPriceField
from marketplace.form_text import LineField, ProseField
from marketplace.proposals.answer_values import AnswerValues, Lacking, LineValues
from marketplace.proposals.question_operations import MAX_TEXT
from marketplace.proposals.rules import ASKS_EXPERIENCE, PRICED_TYPES, WITH_VAT

MAX_MESSAGE = 5000
NONE = ""
#: In hundredths of a percent.
VAT_RATES: Mapping[str, object] = {
    NONE: _("choose"),
    "400": "4 %",
    "500": "5 %",
    "1000": "10 %",
    "2200": "22 %",
    "0": _("no VAT due (exempt, flat-rate scheme, farm exemption)"),
}


class QuestionForm(FlaskForm):
    text = ProseField(_("Your question"), [DataRequired(_("Write something.")), Length(max=MAX_TEXT)])


class ReplyForm(FlaskForm):
    text = ProseField(_("Your answer"), [DataRequired(_("Write something.")), Length(max=MAX_TEXT)])


class LineForm(Form):
    """What is offered for one lot."""

    price = UnitPriceField(_("Price per unit"), [Optional()], minimum=1)
    vat_rate = SelectField(_("VAT"), choices=choices(VAT_RATES), default=NONE)
    quantity = QuantityField(_("How much"), [Optional()], minimum=1)
    available_from = DateField(_("From when"), [Optional()])
    offer = SelectField(_("Which of your products or services"), default=NONE)
    note = LineField(_("Note"), [Optional(), Length(max=300)])

    def values(self, lot_id: int) -> LineValues:
        return LineValues(
            lot_id,
            self.price.data,
            int(self.vat_rate.data) if self.vat_rate.data else None,
            self.quantity.data,
            self.available_from.data,
            int(self.offer.data) if self.offer.data else None,
            self.note.data or "",
        )


def question_words(code: str) -> str:
    """What is wrong with an answer, in words."""
    sentences = {
        "says_nothing": _g("Answer at least one question, or write a message."),
        "offers_nothing": _g("Write a price for at least one line."),
        "price_missing": _g("Write the price."),
        "vat_missing": _g("Choose the VAT: the body compares without it, and must commit it too."),
        "only_whole": _g("This must come from one supplier: offer all of it, or nothing."),
        "only_one": _g("This must come from one supplier, and a partner already brings it."),
    }
    return sentences.get(code) or _g("This cannot be used.")


_FIELD_OF = {"vat_missing": "vat_rate", "only_whole": "quantity"}


class AnswerForm(FlaskForm):
    """Base of the forms that :func:`answer_form` makes."""

    version = HiddenField(default="0")
    message = ProseField(_("Message"), [Optional(), Length(max=MAX_MESSAGE)])

    @property
    def seen_version(self) -> int:
        return written_version(self.version.data)

    def lot(self, lot_id: int) -> LineForm | None:
        name = f"lot_{lot_id}"
        return self[name].form if name in self else None

    def prompt(self, prompt_id: int):
        return self[f"prompt_{prompt_id}"]

    @property
    def claim_fields(self) -> list:
        return [field for field in self if field.short_name.startswith("claim_")]

    def values(self) -> AnswerValues:
        """Of a valid form."""
        by_prefix = {
            prefix: {
                int(field.short_name.removeprefix(prefix)): field
                for field in self
                if field.short_name.startswith(prefix)
            }
            for prefix in ("lot_", "prompt_")
        }
        return AnswerValues(
            message=self.message.data or "",
            experience=(self.experience.data or "") if "experience" in self else "",
            lines=tuple(field.form.values(id_) for id_, field in by_prefix["lot_"].items()),
            claim_ids=frozenset(int(field.data) for field in self.claim_fields if field.data),
            replies={id_: field.data or "" for id_, field in by_prefix["prompt_"].items()},
        )

    def refuse(self, wrong: Sequence[Lacking]) -> None:
        """Put what is lacking beside its field."""
        for one in wrong:
            line = self.lot(one.lot_id) if one.lot_id is not None else None
            field = self.message if line is None else line[_FIELD_OF.get(one.code, "price")]
            field.errors = [*field.errors, question_words(one.code)]


def answer_form(
    demand: Demand,
    *,
    offers: Sequence[tuple[int, str]],
    claims: Mapping[str, tuple[str, Sequence[tuple[int, str]]]],
    prompts: Sequence,
    leads: bool = True,
) -> type[AnswerForm]:
    """The form of one demand. ``claims`` by criterion: its label, and the claims (id, words) that can be shown for it.

    Prices and quantities only where the type takes them; a partner of a joint answer fills only its own part.
    """
    fields: dict[str, object] = {}
    if demand.type in PRICED_TYPES:
        offer_choices = [(NONE, _("none of them")), *offers]
        for lot in demand.lots:
            line = type("LineForm", (LineForm,), {"offer": _offer_field(offer_choices)})
            fields[f"lot_{lot.id}"] = FormField(line)
    for prompt in prompts if leads else ():
        fields[f"prompt_{prompt.id}"] = ProseField(prompt.text, [Optional(), Length(max=MAX_MESSAGE)])
    for code, (label, found) in claims.items():
        fields[f"claim_{code}"] = SelectField(
            label, choices=choices([(NONE, _("nothing to show")), *found]), default=NONE
        )
    if demand.type in ASKS_EXPERIENCE and leads:
        fields["experience"] = ProseField(_("Past experience"), [Optional(), Length(max=MAX_MESSAGE)])
    return type("DemandAnswerForm", (AnswerForm,), fields)


def _offer_field(offers: Sequence[tuple[object, object]]) -> SelectField:
    return SelectField(_("Which of your products or services"), choices=choices(offers), default=NONE)


def fill(form: AnswerForm, values: AnswerValues) -> None:
    """Show what was answered before."""
    form.message.data = values.message
    if "experience" in form:
        form.experience.data = values.experience
    for line in values.lines:
        row = form.lot(line.lot_id)
        if row is None:
            continue
        row.price.data, row.quantity.data, row.note.data = line.price, line.quantity, line.note
        row.vat_rate.data = NONE if line.vat_rate is None else str(line.vat_rate)
        row.available_from.data = line.available_from
        known = {choice.value for choice in row.offer.choices}
        row.offer.data = str(line.offer_id) if str(line.offer_id) in known else NONE
    for field in form.claim_fields:
        chosen = {str(id_) for id_ in values.claim_ids}
        field.data = next((choice.value for choice in field.choices if choice.value in chosen), NONE)
    for prompt_id, text in values.replies.items():
        if f"prompt_{prompt_id}" in form:
            form.prompt(prompt_id).data = text


def is_with_vat(demand: Demand) -> bool:
    return demand.type in WITH_VAT
