"""Whether a zip file is a text or a table of an office program, by what it says of itself; nothing of it is unpacked but that.

ODT as of OpenDocument 1.3, part 2 (the first part is ``mimetype``, stored as it is), DOCX and XLSX as of ECMA-376,
part 2 (``[Content_Types].xml``). Files with macros are refused: whoever opens an attachment did not ask to run it.
"""

import io
import zipfile

ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICE = frozenset({ODT, DOCX, XLSX})

#: What all parts together may unpack to, as they say; a text with pictures has them packed already.
MAX_UNPACKED = 60 * 1024 * 1024
#: Times that a large part may grow when it is unpacked.
MAX_RATIO = 150
MAX_PARTS = 2_000
_LARGE_PART = 1024 * 1024
_MOST_OF_TYPES = 1024 * 1024
_MAIN_PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_MACRO_FOLDERS = ("basic/", "scripts/")


class NotKept(ValueError):
    """The file is one of an office program, or says so, and is not taken: ``damaged``, ``too_large`` or ``macros``."""


def office_type(content: bytes) -> str | None:
    """ODT, DOCX or XLSX; ``None`` for any other zip file. Raises :class:`NotKept`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            found = _named_type(archive, {part.filename for part in parts})
            if found is not None:
                _judge(parts)
            return found
    except NotKept:
        raise
    # zlib.error, and whatever else a made-up archive provokes, is no subclass of these
    except Exception as reason:
        raise NotKept("damaged") from reason


def _named_type(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            said = part.read(len(ODT) + 1)
        return ODT if said == ODT.encode() and "content.xml" in names else None
    if "[Content_Types].xml" not in names:
        return None
    with archive.open("[Content_Types].xml") as part:
        types = part.read(_MOST_OF_TYPES)
    for kind, main in _MAIN_PARTS.items():
        if main in names:
            if b"macroEnabled" in types:
                raise NotKept("macros")
            # the type of the main part is the file's own with ".main+xml" after it
            return kind if f"{kind}.main+xml".encode() in types else None
    return None


def _judge(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise NotKept("damaged")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise NotKept("too_large")
    for part in parts:
        if part.file_size > _LARGE_PART and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise NotKept("too_large")
        name = part.filename.lower()
        if name.startswith(_MACRO_FOLDERS) or name.endswith("vbaproject.bin"):
            raise NotKept("macros")
