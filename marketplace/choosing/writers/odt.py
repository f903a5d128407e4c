"""A report as an editable OpenDocument text."""

from io import BytesIO

from odfdo import Cell, Document, Header, List, Paragraph, Row, Style, Table

from marketplace.choosing import report_blocks as blocks

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"


def write(report: blocks.Report) -> bytes:
    document = Document("text")
    body = document.body
    body.clear()
    document.meta.title = report.title
    document.language = "it-IT"
    # headings carry their numbers themselves, as in the other files
    for outline in document.styles.get_elements("//text:outline-style"):
        outline.delete()
    for style in _styles():
        document.insert_style(style, automatic=True)
    for number, block in enumerate(report.blocks):
        match block:
            case blocks.Heading(level, text):
                body.append(Header(level, text))
            case blocks.Paragraph(text):
                body.append(Paragraph(text, style="report_paragraph"))
            case blocks.Items(items):
                body.append(List(list(items)))
            case blocks.Table(header, rows):
                body.append(_table(f"Tabella{number}", header, rows))
                body.append(Paragraph(""))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _styles() -> list[Style]:
    cell = Style("table-cell", name="report_cell", area="table-cell")
    cell.set_properties({"fo:border": "0.5pt solid #999999", "fo:padding": "0.1cm"}, area="table-cell")
    bold = Style("paragraph", name="report_head", area="text", bold=True)
    paragraph = Style("paragraph", name="report_paragraph", area="paragraph")
    paragraph.set_properties({"fo:margin-bottom": "0.2cm"}, area="paragraph")
    return [cell, bold, paragraph]


def _table(name: str, header, rows) -> Table:
    table = Table(name)
    for line, style in ((header, "report_head"), *((row, None) for row in rows)):
        row = Row()
        for text in line:
            cell = Cell(style="report_cell")
            cell.append(Paragraph(text, style=style) if style else Paragraph(text))
            row.append_cell(cell)
        table.append_row(row)
    return table
