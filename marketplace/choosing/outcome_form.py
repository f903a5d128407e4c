"""The form of an outcome: what happened elsewhere, who was chosen, what the others are told."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, Form, FormField, RadioField, SelectField
from wtforms.validators import Length, Optional

from marketplace.choosing.models import Outcome, OutcomeKind
from marketplace.choosing.outcome_values import MAX_AMOUNT, AwardValues, OutcomeValues
from marketplace.form_choices import Lines, choices
from marketplace.form_fields import MoneyField
from marketplace.form_text import LineField, LinkField, ProseField, several_lines

MAX_AWARDS = 30
MAX_BECAUSE = 2000
KINDS = {
    OutcomeKind.AWARDED: lazy_gettext("It was awarded"),
    OutcomeKind.NONE: lazy_gettext("It ended without an outcome"),
}


class AwardForm(Form):
    """One chosen supplier. The choices of supplier and lot are those of the demand (:func:`outcome_form`)."""

    supplier = SelectField(lazy_gettext("Supplier"), validate_choice=True)
    name = LineField(lazy_gettext("Name, if it is not in the list"), [Length(max=160)])
    tax_code = LineField(lazy_gettext("Tax code or VAT number"), [Length(max=20)])
    lot = SelectField(lazy_gettext("For what"), validate_choice=True)
    amount = MoneyField(lazy_gettext("Amount without VAT"), maximum=MAX_AMOUNT)

    @property
    def is_empty(self) -> bool:
        return not (self.supplier.data or self.name.data or self.amount.data)


class OutcomeForm(FlaskForm):
    kind = RadioField(
        lazy_gettext("How did it end?"), choices=lambda: choices(KINDS), default=OutcomeKind.AWARDED
    )
    act_number = LineField(lazy_gettext("Number of the act"), [Length(max=60)])
    act_date = DateField(lazy_gettext("Date of the act"), [Optional()])
    cig = LineField("CIG", [Length(max=12)])
    link = LinkField(lazy_gettext("Where it is published"), [Length(max=255)])
    awards = Lines(
        FormField(AwardForm), label=lazy_gettext("Who was chosen"), min_entries=1, max_entries=MAX_AWARDS
    )
    reason = ProseField(lazy_gettext("What came of it, or why nothing did"), [Length(max=5000)])

    def offer(self, suppliers: Sequence[tuple[int, str]], lots: Sequence[tuple[int, str]]) -> "OutcomeForm":
        """With the suppliers who answered and the lots of the demand to choose from."""
        for entry in self.awards:
            entry.form.supplier.choices = choices(
                [("", _("another one, by name")), *((str(id_), name) for id_, name in suppliers)]
            )
            entry.form.lot.choices = choices(
                [("", _("everything")), *((str(id_), name) for id_, name in lots)]
            )
        return self

    def add_line(self) -> None:
        if len(self.awards) < MAX_AWARDS:
            self.awards.append_entry()

    def show(self, outcome: Outcome | None) -> "OutcomeForm":
        """With what was recorded, to put it right."""
        if outcome is None:
            return self
        for field in ("kind", "act_number", "act_date", "cig", "link", "reason"):
            self[field].data = getattr(outcome, field)
        for _award_more in outcome.awards[1:]:
            self.awards.append_entry()
        for entry, award in zip(self.awards, outcome.awards, strict=False):
            form = entry.form
            form.supplier.data = str(award.organisation_id or "")
            form.name.data = "" if award.organisation_id else award.name
            form.tax_code.data, form.amount.data = award.tax_code, award.amount
            form.lot.data = str(award.lot_id or "")
        return self

    def values(self, names: dict[int, str]) -> OutcomeValues:
        """As the operation takes it; ``names`` of the suppliers by id. Where nothing was awarded the rest is left out."""
        kind = OutcomeKind(self.kind.data)
        if kind is OutcomeKind.NONE:
            return OutcomeValues(kind, self.reason.data or "")
        return OutcomeValues(
            kind,
            self.reason.data or "",
            self.act_number.data or "",
            self.act_date.data,
            (self.cig.data or "").replace(" ", "").upper(),
            self.link.data or "",
            tuple(_award(entry.form, names) for entry in self.awards if not entry.form.is_empty),
        )


def because_of(formdata, proposal_ids: Sequence[int]) -> dict[int, str]:
    """What each proposal is told, from the fields ``because-ID``."""
    return {id_: several_lines(formdata.get(f"because-{id_}", ""))[:MAX_BECAUSE] for id_ in proposal_ids}


def _award(form: AwardForm, names: dict[int, str]) -> AwardValues:
    supplier = int(form.supplier.data) if form.supplier.data else None
    return AwardValues(
        supplier,
        names.get(supplier, "") if supplier else form.name.data or "",
        form.tax_code.data or "",
        int(form.lot.data) if form.lot.data else None,
        form.amount.data,
    )
