"""The declaration under DPR 445/2000, ready to be printed and signed: what is known is filled in, the rest is blank.

It is always in Italian, as the office that reads it expects. It shows the rule with its source and gives no advice.
"""

from datetime import date

from geo.comuni import ComuneRegister
from marketplace.evidence.pdf import Sheet
from marketplace.organisations.models import Claim, Organisation
from marketplace.reference.law import LawRow
from search.criteria import Criterion
from search.proof_fields import PROOF_FIELDS

#: Fields that the page of the declaration itself stands for.
_NOT_DECLARED = frozenset({"date"})


def declaration_pdf(
    organisation: Organisation,
    claim: Claim,
    criterion: Criterion,
    comuni: ComuneRegister,
    law: LawRow,
    *,
    offer: str | None,
    printed_on: date,
) -> bytes:
    """The sheet to be signed for a claim with the proof ``signed``."""
    sheet = Sheet(f"Dichiarazione sostitutiva: {criterion.label('it')}")
    sheet.heading("Dichiarazione sostitutiva di certificazione e di atto di notorietà")
    sheet.paragraph("(artt. 46 e 47 del DPR 28 dicembre 2000, n. 445)")
    sheet.blank("Il/La sottoscritto/a (nome e cognome)")
    sheet.blank("nato/a a")
    sheet.blank("il")
    sheet.blank("codice fiscale")
    sheet.blank("residente a")
    sheet.blank("in qualità di (legale rappresentante o altro)")
    sheet.paragraph(f"di {organisation.name}")
    comune = comuni.get(organisation.comune) if organisation.comune else None
    _given(
        sheet,
        "con sede in",
        ", ".join(part for part in (organisation.address, comune.label if comune else "") if part),
    )
    _given(sheet, "partita IVA", organisation.vat_number or "")
    _given(sheet, "codice fiscale", organisation.tax_code or "")
    sheet.paragraph(
        "consapevole delle sanzioni penali previste dall'art. 76 del DPR 445/2000 per chi rilascia dichiarazioni"
        " mendaci, forma o usa atti falsi, e della decadenza dai benefici prevista dall'art. 75,"
    )
    sheet.heading("dichiara")
    about = f", per «{offer}»" if offer else ""
    sheet.subheading(f"{criterion.label('it')}{about}")
    sheet.paragraph(criterion.meaning("it"))
    for code, value in claim.details.items():
        field = PROOF_FIELDS.get(code)
        if field is not None and code not in _NOT_DECLARED and value:
            suffix = " %" if field.kind == "percent" else ""
            sheet.paragraph(f"{field.label('it')}: {value}{suffix}")
    sheet.paragraph(f"Riferimenti: {criterion.source}", 8.5)
    sheet.ln(3)
    sheet.blank("Luogo e data")
    sheet.blank("Firma")
    sheet.paragraph(
        "La firma può essere digitale; se è autografa, di norma si allega copia di un documento d'identità valido"
        " (art. 38 del DPR 445/2000). Chi riceve la dichiarazione può controllarla (art. 71).",
        8.5,
    )
    checked = f", controllata il {law.verified:%d/%m/%Y}" if law.verified else ""
    sheet.paragraph(
        f"Regola: {law.label('it')} ({law.source}{checked}). Testo preparato il {printed_on:%d/%m/%Y} con i dati"
        " scritti dall'organizzazione; non è un parere legale. Leggere e correggere prima di firmare.",
        8.5,
    )
    return sheet.content()


def _given(sheet: Sheet, label: str, value: str) -> None:
    if value:
        sheet.paragraph(f"{label} {value}")
    else:
        sheet.blank(label)
