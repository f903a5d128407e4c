"""The card "Pronto per la PA" as a sheet for the clerk's file."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from marketplace import formats
from marketplace.evidence.card import CardLine
from marketplace.evidence.pdf import Sheet
from marketplace.organisations.models import Organisation


def card_pdf(
    organisation: Organisation, place: str, lines: Iterable[CardLine], now: datetime, url: str, lang: str
) -> bytes:
    """One page or two, in the reader's language: every line with its date, its validity and its link."""
    title = _("%(name)s: data for public bodies", name=organisation.name)
    sheet = Sheet(title, lang)
    sheet.heading(title)
    for label, value in (
        (_("Seat"), ", ".join(part for part in (organisation.address, place) if part)),
        (_("VAT number"), organisation.vat_number),
        (_("Tax code"), organisation.tax_code),
        (_("E-mail"), organisation.email),
        (_("Telephone"), organisation.phone),
    ):
        if value:
            sheet.paragraph(f"{label}: {value}")
    for line in lines:
        sheet.subheading(str(line.label))
        sheet.paragraph(line.value)
        told = "; ".join(part for part in (line.issued_in_words, line.validity_in_words) if part)
        if told:
            sheet.paragraph(told, 9)
        if line.link:
            sheet.paragraph(line.link, 8.5)
    sheet.ln(4)
    sheet.paragraph(
        _(
            "Written by the organisation itself; the links lead to where each line can be checked. Printed on"
            " %(day)s from %(url)s. It replaces no check that the body has to make.",
            day=formats.day(now),
            url=url,
        ),
        8.5,
    )
    return sheet.content()
