"""A report as an editable Word document."""

from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from marketplace.choosing import report_blocks as blocks

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(report: blocks.Report) -> bytes:
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = report.title, "", ""
    properties.language = "it-IT"
    for block in report.blocks:
        match block:
            case blocks.Heading(level, text):
                document.add_heading(text, level)
            case blocks.Paragraph(text):
                document.add_paragraph(text)
            case blocks.Items(items):
                for item in items:
                    document.add_paragraph(item, style="List Bullet")
            case blocks.Table(header, rows):
                _table(document, header, rows)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _table(document, header, rows) -> None:
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    # the first row is told to readers as the head, and repeated on every page
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {}))
    for row in rows:
        added = table.add_row()
        # no row is parted between two pages
        whole = added._tr.get_or_add_trPr()
        whole.append(whole.makeelement(qn("w:cantSplit"), {}))
        for cell, text in zip(added.cells, row, strict=True):
            cell.text = text
    document.add_paragraph()
