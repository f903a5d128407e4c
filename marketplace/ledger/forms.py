"""What is asked about a movement, a statement of the bank and a supplier's invoice."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.form_choices import choices
from marketplace.form_fields import MoneyField
from marketplace.form_files import DocumentField
from marketplace.form_text import LineField
from marketplace.ledger import sentences
from marketplace.ledger.invoices import RATES
from marketplace.ledger.models import AccountKind
from marketplace.upload_content import INVOICES


class MovementForm(FlaskForm):
    """Fields that a kind does not ask for are deleted from its form."""

    key = HiddenField()
    household = SelectField(
        _("Household"), [DataRequired(_("Choose a household."))], coerce=int, validate_choice=True
    )
    supplier = LineField(_("Supplier"), [DataRequired(_("Write who the supplier is.")), Length(max=160)])
    amount = MoneyField(_("Amount"), [InputRequired(_("Write an amount."))], minimum=1)
    through = RadioField(
        _("Through"),
        choices=choices({kind: sentences.ACCOUNTS[kind] for kind in (AccountKind.CASH, AccountKind.BANK)}),
        default=AccountKind.CASH,
    )
    day = DateField(_("Day"), [InputRequired(_("Write a day."))])
    text = LineField(_("Note"), [Optional(), Length(max=200)])


class AmountForm(FlaskForm):
    """How much to pay, in the address of a page."""

    class Meta:
        csrf = False

    amount = MoneyField(_("Amount"), [Optional()], minimum=1)


class PaidForm(FlaskForm):
    amount = MoneyField(_("Paid"), [InputRequired(_("Write an amount."))], minimum=1)


class StatementForm(FlaskForm):
    file = FileField(
        _("File of the bank"),
        [FileRequired(_("Choose a file."))],
        description=_("CSV, XLSX or CAMT.053 (XML). Loaded twice it adds nothing."),
        render_kw={"accept": ".csv,.txt,.xlsx,.xml"},
    )


class InvoiceForm(FlaskForm):
    """Net and VAT of each rate, in fields called ``net_1000`` and ``vat_1000``; what bears no VAT has only ``net_0``."""

    number = LineField(_("Number"), [DataRequired(_("Write the number of the invoice.")), Length(max=40)])
    issued = DateField(_("Of the day"), [InputRequired(_("Write a day."))])
    document = DocumentField(
        _("File of the invoice"),
        [Optional()],
        allowed=INVOICES,
        description=_(
            "PDF, JPEG, PNG or the electronic invoice (XML), at most 10 MB. Only your group's editors read it."
        ),
    )

    def amounts(self) -> dict[int, tuple[int, int]]:
        """Net and VAT in cents by rate; empty boxes are 0."""
        return {
            rate: (self[f"net_{rate}"].data or 0, self[f"vat_{rate}"].data or 0 if rate else 0)
            for rate in RATES
        }


for _rate in RATES:
    setattr(InvoiceForm, f"net_{_rate}", MoneyField(_("Net amount"), [Optional()]))
    if _rate:
        setattr(InvoiceForm, f"vat_{_rate}", MoneyField(_("VAT"), [Optional()]))
