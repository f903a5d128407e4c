"""Texts and tables of office programs among attachments: told by their content, bounded, and without macros."""

import io
import zipfile

import pytest
from docx import Document
from odfdo import Document as OpenDocument
from openpyxl import Workbook

from marketplace.office_content import DOCX, MAX_PARTS, ODT, XLSX, NotKept, office_type
from marketplace.upload_content import ATTACHMENTS, DOCUMENTS, Fault, Refused, media_type

WORD_TYPES = f'<Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/>'


def saved(made) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def packed(**parts: str | bytes) -> bytes:
    """A zip file; ``__`` in a name is a slash, ``types`` the list of types."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            name = "[Content_Types].xml" if name == "types" else name.replace("__", "/")
            archive.writestr(name.replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return file.getvalue()


@pytest.mark.parametrize(("made", "kind"), [(OpenDocument, ODT), (Document, DOCX), (Workbook, XLSX)])
def test_what_the_libraries_of_each_format_write_is_known(made, kind):
    content = saved(made())
    assert office_type(content) == kind
    assert media_type(content, allowed=ATTACHMENTS) == kind
    with pytest.raises(Refused) as refused:
        media_type(content, allowed=DOCUMENTS)
    assert refused.value.fault is Fault.OTHER_KIND


@pytest.mark.parametrize(
    "content",
    [
        packed(notes="hello"),
        packed(mimetype="application/epub+zip", content_xml="<x/>"),
        packed(mimetype=ODT + "x", content_xml="<x/>"),
        packed(mimetype=ODT),
        packed(types=WORD_TYPES),
        packed(types="<Types/>", word__document_xml="<x/>"),
    ],
)
def test_another_zip_file_is_of_another_kind(content):
    assert office_type(content) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04" + b"\0" * 30, "damaged"),
        (saved(Document())[:-30], "damaged"),
        (packed(types=WORD_TYPES, word__document_xml="<x/>", word__vbaProject_bin="x"), "macros"),
        (packed(types=WORD_TYPES + "document.macroEnabled.main+xml", word__document_xml="<x/>"), "macros"),
        (packed(mimetype=ODT, content_xml="<x/>", Basic__Standard__Module1_xml="<x/>"), "macros"),
        (packed(types=WORD_TYPES, word__document_xml=b"0" * 3_000_000), "too_large"),
        (
            packed(types=WORD_TYPES, word__document_xml="<x/>", **{f"p{n}": "" for n in range(MAX_PARTS)}),
            "too_large",
        ),
    ],
)
def test_what_is_damaged_too_large_or_holds_macros_is_not_kept(content, why):
    with pytest.raises(NotKept, match=why):
        office_type(content)
    with pytest.raises(Refused) as refused:
        media_type(content, allowed=ATTACHMENTS)
    assert refused.value.fault == why
