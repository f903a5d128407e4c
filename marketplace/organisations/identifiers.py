"""Partita IVA and codice fiscale: how they are kept, and who must have which."""

from stdnum.exceptions import ValidationError as BadNumber
from stdnum.it import codicefiscale, iva

from marketplace.organisations.member_types import INFORMAL_GROUP, NATURAL_PERSON
from marketplace.reference.legal_forms import LegalForm

#: Broad legal forms (ESSGLOBAL) that trade, and so have a partita IVA: co-operatives, companies, social enterprises.
_TRADING = frozenset({"L2", "L3", "L5"})


def vat_number(text: str) -> str:
    """The eleven digits of a partita IVA, however it was written. Raises ValueError where a digit is wrong."""
    try:
        return iva.validate(text)
    except BadNumber:
        raise ValueError(text) from None


def tax_code(text: str) -> str:
    """The codice fiscale in capitals, of a person or of a body (eleven digits). Raises ValueError."""
    try:
        return codicefiscale.validate(text)
    except BadNumber:
        raise ValueError(text) from None


def missing_number(form: LegalForm | None, vat: str | None, code: str | None) -> str | None:
    """Which number the legal form still owes, ``vat_number`` or ``tax_code``; ``None`` where none."""
    if form is None or form.code == INFORMAL_GROUP:
        return None
    if form.code == NATURAL_PERSON:
        return None if code else "tax_code"
    if _TRADING & set(form.essglobal):
        return None if vat else "vat_number"
    return None if vat or code else "tax_code"
