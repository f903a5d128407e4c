"""What an uploaded file is, told by its content and never by its name; nothing in it is executed."""

import warnings
from collections.abc import Set
from enum import StrEnum
from io import BytesIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from PIL import Image, UnidentifiedImageError

from marketplace.office_content import DOCX, ODT, OFFICE, XLSX, NotKept, office_type

MEGABYTE = 1024 * 1024
#: Of one document.
MAX_BYTES = 10 * MEGABYTE
#: Of one picture: a page scanned at 600 dpi has 35 million.
MAX_PIXELS = 50_000_000
#: A PDF ends with this, but for some bytes that programs add after it.
_PDF_END, _PDF_TAIL = b"%%EOF", 1024

PDF, JPEG, PNG, XML = "application/pdf", "image/jpeg", "image/png", "application/xml"
DOCUMENTS = frozenset({PDF, JPEG, PNG})
PICTURES = frozenset({JPEG, PNG})
#: What may lie beside a request, on a board and in a message: also what people go on writing in.
ATTACHMENTS = DOCUMENTS | OFFICE
#: A supplier's invoice: on paper, or as the electronic one (FatturaPA) is handed on.
INVOICES = DOCUMENTS | {XML}
EXTENSIONS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", XML: ".xml", ODT: ".odt", DOCX: ".docx", XLSX: ".xlsx"}


class Fault(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OTHER_KIND = "other_kind"
    DAMAGED = "damaged"
    MACROS = "macros"


class Refused(ValueError):
    """The content is not kept; ``fault`` says why."""

    def __init__(self, fault: Fault):
        super().__init__(fault.value)
        self.fault = fault


def media_type(content: bytes, *, allowed: Set[str] = DOCUMENTS, max_bytes: int = MAX_BYTES) -> str:
    """What the content is, one of ``allowed``. Raises :class:`Refused`.

    Pictures are checked by Pillow without being unpacked; a PDF by its beginning and its end only, because
    whether a viewer can show all of it is seen by whoever opens it.
    """
    if not content:
        raise Refused(Fault.EMPTY)
    if len(content) > max_bytes:
        raise Refused(Fault.TOO_LARGE)
    found = _by_first_bytes(content) or (_office(content) if allowed & OFFICE else None)
    if found is None and XML in allowed:
        found = _xml(content)
    if found is None or found not in allowed:
        raise Refused(Fault.OTHER_KIND)
    if found == PDF:
        _check_pdf(content)
    elif found in PICTURES:
        _check_picture(content, found)
    return found


def _office(content: bytes) -> str | None:
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        return office_type(content)
    except NotKept as why:
        raise Refused(Fault(str(why))) from None


def _xml(content: bytes) -> str | None:
    """XML that is whole and names no entity of its own; what is in it nobody checks, and no browser is to show it."""
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return None
    try:
        fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Refused(Fault.DAMAGED) from None
    return XML


def _by_first_bytes(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return None


def _check_pdf(content: bytes) -> None:
    version = content[5:8]
    numbered = version[:1] in (b"1", b"2") and version[1:2] == b"." and version[2:3].isdigit()
    if not numbered or _PDF_END not in content[-_PDF_TAIL:] or b"startxref" not in content:
        raise Refused(Fault.DAMAGED)


def _check_picture(content: bytes, kind: str) -> None:
    try:
        with warnings.catch_warnings():
            # Pillow only warns of what would unpack to gigabytes; here there is a limit of our own
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=["JPEG" if kind == JPEG else "PNG"]) as picture:
                width, height = picture.size
                picture.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise Refused(Fault.DAMAGED) from None
    if width * height > MAX_PIXELS:
        raise Refused(Fault.TOO_LARGE)
    if kind == JPEG and b"\xff\xd9" not in content[-_PDF_TAIL:]:
        # Pillow's own check does not read a JPEG to its end
        raise Refused(Fault.DAMAGED)
