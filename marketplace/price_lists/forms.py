"""The wizard's questions as forms. What depends on the file's columns is read here from plain fields, by an allow-list."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from marketplace.form_text import LineField
from marketplace.organisations.identifiers import vat_number
from marketplace.price_lists.free_text import Categories, plain
from marketplace.price_lists.listed import FIELDS, UNIT_WORDS, VAT_WORDS
from marketplace.price_lists.plan import Questions
from marketplace.price_lists.reading import DECIMALS, REJECT, REMOVE, THOUSANDS, Reading
from marketplace.price_lists.sheets.sheet import Sheet

ENCODINGS = ("utf-8", "cp1252", "utf-16")
SEPARATOR_NAMES = {";": _("semicolon ;"), ",": _("comma ,"), "\t": _("tab"), "|": _("bar |")}
#: Rows among which the names of the columns are looked for.
HEADER_ROWS = 30
#: Unknown texts asked at once: each category is a long list of choices.
ASKED_AT_ONCE = 40


class UploadForm(FlaskForm):
    """One of the three: a file, a text, or an address."""

    target = SelectField(_("Where to"))
    file = FileField(
        _("File"),
        description=_("CSV, Excel (.xlsx), LibreOffice (.ods), GDXP (.json, .xml, .zip); at most 12 MB."),
    )
    text = TextAreaField(
        _("Or paste the list here"),
        [Optional(), Length(max=900_000)],
        description=_("From a mail, a PDF or a chat: one product per line, with its price."),
    )
    url = LineField(_("Or its address on the web"), [Optional(), Length(max=500)])


class PrivateListForm(FlaskForm):
    supplier_name = LineField(
        _("Name of the supplier"), [Length(min=1, max=160, message=_("Write the name of the supplier."))]
    )
    supplier_email = LineField(
        _("E-mail of the supplier"),
        [Optional(), Email(message=_("This is not an e-mail address.")), Length(max=255)],
        description=_("To be able to invite them later. Nobody is written to now."),
    )
    vat_number = LineField(_("VAT number"), [Optional(), Length(max=20)])

    def validate_vat_number(self, field) -> None:
        if field.data:
            try:
                field.data = vat_number(field.data)
            except ValueError:
                raise ValidationError(_("This is not a valid Italian VAT number.")) from None


class SupplierInvitationForm(FlaskForm):
    supplier_email = LineField(
        _("E-mail of the supplier"),
        [InputRequired(), Email(message=_("This is not an e-mail address.")), Length(max=255)],
    )


def posted_header(form: Mapping[str, str], sheet: Sheet) -> int:
    """The place of the row of names, -1 for none."""
    text = form.get("header", "")
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < min(HEADER_ROWS, len(sheet.rows)):
        return int(text)
    return -1


def posted_columns(form: Mapping[str, str], width: int) -> tuple[dict[int, str], tuple[str, ...]]:
    """Fields by column, and those that were given to several columns."""
    found: dict[int, str] = {}
    for column in range(width):
        field = form.get(f"column-{column}", "")
        if field in FIELDS:
            found[column] = field
    fields = list(found.values())
    return found, tuple(sorted({field for field in fields if fields.count(field) > 1}))


def posted_answers(
    form: Mapping[str, str], reading: Reading, questions: Questions, categories: Categories
) -> Reading:
    """The reading with what was answered; what was left empty stays a question."""
    numbers = dict(reading.numbers)
    for field in questions.numbers:
        if form.get(f"numbers-{field}") in (THOUSANDS, DECIMALS):
            numbers[field] = form[f"numbers-{field}"]
    defaults = {}
    for name, allowed in (("unit", UNIT_WORDS), ("category", categories), ("vat", VAT_WORDS)):
        chosen = form.get(f"default-{name}", "")
        if name in questions.defaults and chosen in allowed:
            defaults[f"default_{name}"] = chosen
    return replace(
        reading,
        numbers=numbers,
        units=reading.units | _answered(form, "unit", questions.units, UNIT_WORDS),
        categories=reading.categories | _answered(form, "category", questions.categories, categories),
        vats=reading.vats | _answered(form, "vat", questions.vats, VAT_WORDS),
        organic=REMOVE if form.get("organic", reading.organic) == REMOVE else REJECT,
        **defaults,
    )


def _answered(form: Mapping[str, str], kind: str, asked: Iterable, allowed) -> dict[str, str]:
    found = {}
    for number, unknown in enumerate(list(asked)[:ASKED_AT_ONCE]):
        # the text comes along, so that an answer never goes to another text
        chosen = form.get(f"{kind}-{number}", "")
        if chosen in allowed and form.get(f"{kind}-{number}-text") == unknown.text:
            found[plain(unknown.text)] = chosen
    return found
