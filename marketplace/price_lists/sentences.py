"""Words for the codes of readers and plans, in the language of whoever reads."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace import formats, words
from marketplace.catalogue import reserved_check
from marketplace.catalogue.reserved_words import CODES, ReservedWord
from marketplace.engines import categories
from marketplace.i18n import current_language
from marketplace.price_lists.plan import Reason
from marketplace.price_lists.sheets.sheet import Note, Unreadable

FIELDS: Mapping[str, object] = {
    "key": _("Code"),
    "title": _("Name"),
    "description": _("Description"),
    "category": _("Category"),
    "unit": _("Unit of sale"),
    "price": _("Price"),
    "vat": _("VAT"),
    "box_size": _("Units in a box"),
    "minimum": _("Minimum"),
    "multiple": _("Multiples of"),
    "maximum_per_member": _("Maximum per household"),
    "available": _("Available"),
    "months": _("Months"),
    "lead_time_days": _("Ready in how many days"),
    "active": _("On sale"),
}

_UNREADABLE: Mapping[str, object] = {
    "empty": _("There is nothing in it."),
    "too_large": _("It has %(megabytes)s MB; at most %(limit)s MB can be read."),
    "no_text": _("It is neither a text nor a workbook that can be read here."),
    "broken_encoding": _("It says that it is %(encoding)s and is not: save it again as “CSV UTF-8”."),
    "unclosed_quote": _("In row %(row)s a quotation mark is opened and never closed."),
    "broken_quote": _("In row %(row)s something follows a closing quotation mark."),
    "cell_too_long": _("In row %(row)s a cell has more than %(limit)s characters."),
    "too_many_columns": _("Row %(row)s has %(count)s columns; at most %(limit)s can be read."),
    "too_many_rows": _("It has %(count)s rows; at most %(limit)s can be read. Part it into several files."),
    "too_much_text": _("From row %(row)s on it is more text than can be read at once."),
    "broken_file": _("The file is damaged: open it in your program and save it again."),
    "too_many_parts": _("It is made of %(count)s parts, more than any price list."),
    "unpacks_too_large": _("Unpacked it would take %(megabytes)s MB; at most %(limit)s MB can be read."),
    "encrypted": _("It is protected by a password: save it without one."),
    "packed_twice": _("It holds another packed file (%(name)s)."),
    "part_missing": _("It is not complete: the part %(name)s is missing."),
    "no_workbook": _("It is not a workbook of Excel or LibreOffice."),
    "cell_far_away": _("It has a cell at %(cell)s, far outside of a price list: delete it and save again."),
    "old_excel": _("It is a workbook of Excel before 2007 (.xls): save it as .xlsx."),
    "pdf": _("PDF files are not read: open it, copy the text of the list and paste it here."),
    "web_page": _("It is a web page, not a price list."),
    "no_gdxp": _("There is no GDXP price list in it."),
    "several_suppliers": _("It has the lists of %(count)s suppliers (%(names)s): import one at a time."),
    "json_broken": _("It is not valid JSON (row %(row)s, character %(column)s)."),
    "json_too_deep": _("It is nested too deeply to be a price list."),
    "json_constant": _("It holds %(name)s, which is no number."),
    "xml_broken": _("It is not valid XML (row %(row)s, character %(column)s)."),
    "xml_entities": _("It declares entities or a document type, which is refused for safety."),
    "xml_remote_dtd": _("It refers to a document at another address, which is refused for safety."),
    "address_not_allowed": _("The district has not allowed reading from this address."),
    "address_not_public": _("This address is not public."),
    "address_moved": _("This address leads to another one: write that one."),
    "address_silent": _("Nothing could be read from this address: try again later."),
}

_NOTES: Mapping[str, object] = {
    "nul_removed": _("Characters that nobody can see were left out."),
    "formula_without_value": _(
        "Cells with a formula that was never computed: %(count)s (%(cells)s). They count as empty. Open the file in"
        " your program, save it and load it again."
    ),
    "merged_cells": _(
        "Groups of merged cells: %(count)s. Only the first cell of each holds a value. %(cells)s"
    ),
    "dates": _("Cells with a date, read as day/month/year: %(count)s. %(cells)s"),
    "one_sheet_of_many": _("The file has %(count)s sheets: only “%(name)s” is read."),
    "gdxp_dialects": _("GDXP, with these habits of the program that wrote it: %(codes)s."),
    "gdxp_errors": _("Departures from GDXP: %(count)s. What could be read is shown."),
    "gdxp_extras": _("Not taken over: %(names)s."),
    "gdxp_shipping": _("Shipping costs per unit are not part of the prices here."),
}

_REASONS: Mapping[str, object] = {
    "heading": _("A heading, not a product."),
    "no_title": _("There is no name."),
    "row_twice": _("The same product as in row %(row)s."),
    "negative": _("“%(text)s” is below zero."),
    "not_a_number": _("“%(text)s” is not a number that can be read with certainty."),
    "too_precise": _("“%(text)s” has too many decimals."),
    "too_large": _("“%(text)s” is too much."),
    "too_long": _("%(count)s characters; at most %(limit)s are kept."),
    "not_yes_or_no": _("“%(text)s” is neither yes nor no."),
    "no_months": _("“%(text)s” does not name months."),
}


#: Reasons that speak of a reserved word, with the criterion that it asks.
_UNPROVEN = {code: criterion for criterion, code in CODES.items()}


def unreadable(problem: Unreadable) -> str:
    """Why a file cannot be taken."""
    return str(_UNREADABLE[problem.code]) % {"row": "?", **problem.values}


def note(noted: Note) -> str:
    return (str(_NOTES[noted.code]) % noted.values).rstrip()


def reason(why: Reason) -> str:
    if criterion := _UNPROVEN.get(why.code):
        text = reserved_check.sentence(ReservedWord(str(why.values["word"]), criterion))
    else:
        text = str(_REASONS[why.code]) % {"text": "", **why.values}
    return f"{FIELDS[why.field]}: {text}" if why.field and why.code != "no_title" else text


def value(field: str, held: object) -> str:
    """A value as a preview shows it."""
    if field == "active":
        return gettext("yes") if held else gettext("no")
    if field == "price":
        return formats.unit_price(held) if held is not None else gettext("on request")
    if held in (None, ""):
        return "–"
    if field == "vat":
        return str(words.VAT_TREATMENTS[held][0])
    if field == "unit":
        return str(words.UNITS[held])
    if field == "category":
        found = categories().get(held)
        return found.label(current_language()) if found else str(held)
    if field == "months":
        return formats.months(held)
    if isinstance(held, int) and field != "lead_time_days":
        return formats.quantity(held)
    return str(held)
