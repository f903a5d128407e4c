"""Sheets of LibreOffice (ODS): the few elements of OpenDocument 1.3 that a list needs, each cell a text or a number."""

import io
import zipfile
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from marketplace.price_lists.columns import NAMES
from marketplace.price_lists.exports.harmless_cells import harmless
from marketplace.price_lists.exports.tables import number_of, rows_of
from marketplace.price_lists.listed import FIELDS, LabelOf, Listed

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = {
    f"xmlns:{short}": f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for short, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
    )
}
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def ods_file(lines: Sequence[Listed], label_of: LabelOf) -> bytes:
    """The list as a sheet with its names in the first row, bold."""
    document = Element("office:document-content", _NAMESPACES | {"office:version": "1.3"})
    styles = SubElement(document, "office:automatic-styles")
    bold = SubElement(styles, "style:style", {"style:name": "names", "style:family": "table-cell"})
    SubElement(bold, "style:text-properties", {"fo:font-weight": "bold"})
    body = SubElement(SubElement(document, "office:body"), "office:spreadsheet")
    table = SubElement(body, "table:table", {"table:name": "Listino"})
    SubElement(table, "table:table-column", {"table:number-columns-repeated": str(len(FIELDS))})
    names = SubElement(SubElement(table, "table:table-header-rows"), "table:table-row")
    for field in FIELDS:
        _text_cell(names, NAMES[field][0], {"table:style-name": "names"})
    for row in rows_of(lines, label_of):
        cells = SubElement(table, "table:table-row")
        for field in FIELDS:
            _cell(cells, field, row[field])
    return _packed(tostring(document, encoding="utf-8", xml_declaration=True))


def _cell(row: Element, field: str, text: str) -> None:
    if not text:
        SubElement(row, "table:table-cell")
    elif (number := number_of(field, text)) is not None:
        cell = SubElement(
            row, "table:table-cell", {"office:value-type": "float", "office:value": repr(number)}
        )
        SubElement(cell, "text:p").text = text
    else:
        _text_cell(row, harmless(text), {})


def _text_cell(row: Element, text: str, attributes: dict[str, str]) -> None:
    cell = SubElement(row, "table:table-cell", attributes | {"office:value-type": "string"})
    for line in text.split("\n"):
        _paragraph(SubElement(cell, "text:p"), line)


def _paragraph(paragraph: Element, line: str) -> None:
    """One line; blanks that OpenDocument would draw together or drop (part 3, 6.1.2) stand as elements."""
    last = None

    def say(character: str) -> None:
        if last is None:
            paragraph.text = (paragraph.text or "") + character
        else:
            last.tail = (last.tail or "") + character

    before = " "
    for place, character in enumerate(line):
        if character == "\t":
            last = SubElement(paragraph, "text:tab")
        elif character == " " and (before == " " or place == len(line) - 1):
            last = SubElement(paragraph, "text:s")
        else:
            say(character)
        before = " " if character in " \t" else character


def _packed(content: bytes) -> bytes:
    """The zip: the type of the file comes first and as it is (part 2, 3.3)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, compress_type=zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return file.getvalue()
