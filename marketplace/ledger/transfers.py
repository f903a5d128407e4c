"""Bank transfers: the reference by which a payment is known again, and the QR code that fills in the whole transfer.

The reference is a creditor reference of ISO 11649 ("RF" with two check digits), so that one mistyped character is seen.
The QR code is the European Payments Council's (EPC069-12, "Quick Response Code: Guidelines to Enable Data Capture for
the Initiation of a SEPA Credit Transfer"); the reference stands in its free text, which every bank shows.
"""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

from marketplace.households.models import GroupSettings
from marketplace.money import CENTS_PER_EURO

if TYPE_CHECKING:
    from segno import QRCode

_PREFIX = "FAM"
_REFERENCE = re.compile(rf"RF\s*([0-9]{{2}})\s*{_PREFIX}\s*([0-9]{{1,18}})", re.IGNORECASE)
#: Amounts that a SEPA transfer takes, in cents.
LEAST, MOST = 1, 99_999_999_999


def reference(household_id: int) -> str:
    """ "RF53FAM12" for the household 12."""
    body = f"{_PREFIX}{household_id}"
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def household_in(text: str) -> int | None:
    """The household whose reference stands in a payment's text; ``None`` without one, or where a character is wrong."""
    for check, number in _REFERENCE.findall(text):
        if iso11649.is_valid(f"RF{check}{_PREFIX}{number}"):
            return int(number)
    return None


def qr_code(settings: GroupSettings, household_id: int, name: str, cents: int) -> "QRCode | None":
    """The transfer of so much to the group; ``None`` where it has no IBAN or no holder, or the amount is none."""
    if not (settings.iban and settings.account_holder and LEAST <= cents <= MOST):
        return None
    # here: slow to import, and few pages show one
    from segno.helpers import make_epc_qr

    return make_epc_qr(
        name=settings.account_holder,
        iban=settings.iban,
        amount=(Decimal(cents) / CENTS_PER_EURO).quantize(Decimal("0.01")),
        text=f"{reference(household_id)} {name}"[:140].rstrip(),
    )
